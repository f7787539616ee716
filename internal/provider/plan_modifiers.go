package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// settlePlan makes a plan empty that has nothing to change.
//
// A CLI proposes null for an optional and computed object that isn't configured
// when it has required attributes, as it can't know that the object came from
// Neon. The framework takes that for a change, and leaves all open that is null.
// So: when everything that isn't configured stays as it is and nothing differs
// from the state then, the state is the plan.
func settlePlan(req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	settled, err := tftypes.Transform(req.Plan.Raw, func(at *tftypes.AttributePath, planned tftypes.Value) (tftypes.Value, error) {
		if planned.IsKnown() {
			return planned, nil
		}
		if configured, ok := valueAt(req.Config.Raw, at); ok && !configured.IsNull() {
			return planned, nil
		}
		if before, ok := valueAt(req.State.Raw, at); ok {
			return before, nil
		}
		return planned, nil
	})
	if err == nil && settled.Equal(req.State.Raw) {
		resp.Plan.Raw = req.State.Raw.Copy()
	}
}

func valueAt(root tftypes.Value, at *tftypes.AttributePath) (tftypes.Value, bool) {
	found, _, err := tftypes.WalkAttributePath(root, at)
	value, ok := found.(tftypes.Value)
	return value, ok && err == nil
}
