package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// keepUnconfigured plans that what isn't configured stays as it is in state. It
// comes first in ModifyPlan of a resource; what changes all the same is set after.
//
// It does for a whole resource what UseStateForUnknown does for an attribute, and
// two things more. A value that is null in state stays null instead of being
// "known after apply", as nobody asked for it to change. And a plan comes out
// empty where the CLI proposed null for an optional and computed object with
// required attributes, which it does because it can't know that Neon set it.
func keepUnconfigured(req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	kept, err := fillUnknowns(req.Plan.Raw, req.State.Raw, func(at *tftypes.AttributePath) bool {
		configured, ok := valueAt(req.Config.Raw, at)
		return !ok || configured.IsNull()
	})
	if err != nil {
		resp.Diagnostics.AddError("Plan not made", "This is a fault of the provider; please report it: "+err.Error())
		return
	}
	resp.Plan.Raw = kept
}

// completePlan makes the state of a new object of what was planned, and of Neon's
// answer where the plan left values open. Should Neon have made something else of
// a configured value, the next plan shows it; a state that contradicts its plan
// would be an error instead, and taint the object.
func completePlan(plan tfsdk.Plan, answer *tfsdk.State) diag.Diagnostics {
	var diags diag.Diagnostics
	complete, err := fillUnknowns(plan.Raw, answer.Raw, func(*tftypes.AttributePath) bool { return true })
	if err != nil {
		diags.AddError("State not made", "This is a fault of the provider; please report it: "+err.Error())
		return diags
	}
	answer.Raw = complete
	return diags
}

// fillUnknowns replaces the unknown values that may be filled with those at the
// same place in another value of the type, or null where it has none.
func fillUnknowns(target, from tftypes.Value, mayFill func(*tftypes.AttributePath) bool) (tftypes.Value, error) {
	return tftypes.Transform(target, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if value.IsKnown() || !mayFill(at) {
			return value, nil
		}
		if found, ok := valueAt(from, at); ok {
			return found, nil
		}
		return tftypes.NewValue(value.Type(), nil), nil
	})
}

func valueAt(root tftypes.Value, at *tftypes.AttributePath) (tftypes.Value, bool) {
	found, _, err := tftypes.WalkAttributePath(root, at)
	value, ok := found.(tftypes.Value)
	return value, ok && err == nil
}
