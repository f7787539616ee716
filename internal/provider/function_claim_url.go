package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

var _ function.Function = claimURLFunction{}

type claimURLFunction struct{}

func newClaimURLFunction() function.Function { return claimURLFunction{} }

func (claimURLFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "claim_url"
}

func (claimURLFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Builds the URL on which somebody claims a project.",
		MarkdownDescription: "Builds the URL of the Neon Console on which somebody claims a project: " +
			"`https://console.neon.tech/app/claim?p=<project id>&tr=<transfer request id>`, and `&ru=<redirect URL>`, encoded, where one is given. " +
			"The function asks nobody: it doesn't know whether the transfer request exists or has expired.\n\n" +
			"Whoever has the URL can take the project, so treat it as a secret. A sensitive transfer request id makes a sensitive URL. " +
			"The resource `neon_project_transfer_request` has the URL as its `claim_url` already; " +
			"the function is for transfer requests that were made elsewhere, and for another redirect URL.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "project_id",
				MarkdownDescription: "The id of the project to claim, such as `cool-breeze-12345678`.",
			},
			function.StringParameter{
				Name:                "request_id",
				MarkdownDescription: "The id of the transfer request, a UUID.",
			},
		},
		VariadicParameter: function.StringParameter{
			Name:           "redirect_url",
			AllowNullValue: true,
			MarkdownDescription: "Where the browser goes after the claim: an absolute URL with `https`. " +
				"It may be left out or `null` for none; more than one is an error.",
		},
		Return: function.StringReturn{},
	}
}

func (claimURLFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var projectID, requestID string
	var redirects []*string
	if resp.Error = req.Arguments.Get(ctx, &projectID, &requestID, &redirects); resp.Error != nil {
		return
	}
	link := claim{projectID: projectID, requestID: requestID}
	if resp.Error = argumentError(0, checkProjectID(projectID)); resp.Error != nil {
		return
	}
	if resp.Error = argumentError(1, checkTransferRequestID(requestID)); resp.Error != nil {
		return
	}
	if len(redirects) > 1 {
		resp.Error = function.NewArgumentFuncError(3, "Too many arguments. A claim URL has at most one redirect URL, the third argument.")
		return
	}
	if len(redirects) == 1 && redirects[0] != nil {
		link.redirectURL = *redirects[0]
		if resp.Error = argumentError(2, checkRedirectURL(link.redirectURL)); resp.Error != nil {
			return
		}
	}
	resp.Error = resp.Result.Set(ctx, claimURL(nil, link))
}
