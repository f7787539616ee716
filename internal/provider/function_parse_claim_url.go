package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ function.Function = parseClaimURLFunction{}

type parseClaimURLFunction struct{}

// parsedClaimURL is the object that parse_claim_url returns.
type parsedClaimURL struct {
	ProjectID         string  `tfsdk:"project_id"`
	TransferRequestID string  `tfsdk:"transfer_request_id"`
	RedirectURL       *string `tfsdk:"redirect_url"` // nil for none
}

func newParseClaimURLFunction() function.Function { return parseClaimURLFunction{} }

func (parseClaimURLFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_claim_url"
}

func (parseClaimURLFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Takes a claim URL apart.",
		MarkdownDescription: "Takes a claim URL apart into an object with `project_id`, `transfer_request_id` and `redirect_url`; " +
			"the last one is `null` where the URL has none. It tells a receiver which project a link is about; " +
			"to accept it, give the link to `neon_project_transfer_acceptance` as it is. " +
			"The function asks nobody: it doesn't know whether the transfer request exists or has expired.\n\n" +
			"URLs of the Neon Console and of an emulator on this machine are understood; any other is an error. " +
			"Whoever has the URL can take the project, so treat it, and the transfer request id in it, as a secret. A sensitive URL makes a sensitive object.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "url",
				MarkdownDescription: "The claim URL, `https://console.neon.tech/app/claim?p=<project id>&tr=<transfer request id>`, with or without a redirect URL in `ru`.",
			},
		},
		Return: function.ObjectReturn{
			AttributeTypes: map[string]attr.Type{
				"project_id":          types.StringType,
				"transfer_request_id": types.StringType,
				"redirect_url":        types.StringType,
			},
		},
	}
}

func (parseClaimURLFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var link string
	if resp.Error = req.Arguments.Get(ctx, &link); resp.Error != nil {
		return
	}
	c, p := parseClaimURL(link)
	if resp.Error = argumentError(0, p); resp.Error != nil {
		return
	}
	parsed := parsedClaimURL{ProjectID: c.projectID, TransferRequestID: c.requestID}
	if c.redirectURL != "" {
		parsed.RedirectURL = &c.redirectURL
	}
	resp.Error = resp.Result.Set(ctx, parsed)
}
