package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// replacedByAnotherAddress plans a replacement for another e-mail address, and
// nothing where only upper and lower case differ: the state keeps its spelling.
type replacedByAnotherAddress struct{}

func (replacedByAnotherAddress) Description(context.Context) string {
	return "Another address replaces the resource. Upper and lower case are the same."
}

func (m replacedByAnotherAddress) MarkdownDescription(ctx context.Context) string {
	return m.Description(ctx)
}

func (replacedByAnotherAddress) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	switch {
	case req.State.Raw.IsNull() || req.Plan.Raw.IsNull():
	case !isUnset(req.ConfigValue) && strings.EqualFold(req.ConfigValue.ValueString(), req.StateValue.ValueString()):
		resp.PlanValue = req.StateValue
	default:
		resp.RequiresReplace = true
	}
}
