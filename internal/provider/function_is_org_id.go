package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

var _ function.Function = isOrgIDFunction{}

type isOrgIDFunction struct{}

func newIsOrgIDFunction() function.Function { return isOrgIDFunction{} }

func (isOrgIDFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "is_org_id"
}

func (isOrgIDFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Tells whether a string is written as an organization id.",
		MarkdownDescription: "Tells whether a string is written as the id of a Neon organization, `org-<words>-<digits>` in lower case. " +
			"It asks nobody: an organization with that id may or may not exist. " +
			"It never fails: anything else, the empty string and `null` included, is `false`. Use it in the validation of a module's variables.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "value",
				AllowNullValue:      true,
				MarkdownDescription: "The string to look at, such as `org-cool-breeze-12345678`.",
			},
		},
		Return: function.BoolReturn{},
	}
}

func (isOrgIDFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var value *string
	if resp.Error = req.Arguments.Get(ctx, &value); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, value != nil && isOrgID(*value))
}
