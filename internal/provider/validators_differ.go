package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ resource.ConfigValidator = differValidator{}
	_ action.ConfigValidator   = differValidator{}
)

// differValidator refuses a configuration that has the same string in two
// attributes. Null and unknown values are not compared.
type differValidator struct {
	first, second path.Path
	why           string // a sentence: what makes no sense about equal values
}

func (v differValidator) Description(context.Context) string {
	return fmt.Sprintf("%s and %s must differ", v.first, v.second)
}

func (v differValidator) MarkdownDescription(context.Context) string {
	return "`" + v.first.String() + "` and `" + v.second.String() + "` must differ"
}

func (v differValidator) ValidateResource(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	resp.Diagnostics.Append(v.validate(ctx, req.Config)...)
}

func (v differValidator) ValidateAction(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	resp.Diagnostics.Append(v.validate(ctx, req.Config)...)
}

func (v differValidator) validate(ctx context.Context, config tfsdk.Config) diag.Diagnostics {
	var first, second types.String
	diags := config.GetAttribute(ctx, v.first, &first)
	diags.Append(config.GetAttribute(ctx, v.second, &second)...)
	if diags.HasError() || isUnset(first) || isUnset(second) || !first.Equal(second) {
		return diags
	}
	diags.AddAttributeError(v.second, fmt.Sprintf("Same value in %s and %s", v.first, v.second),
		fmt.Sprintf("Both are %s. %s Change one of them.", quote(second.ValueString()), v.why))
	return diags
}
