package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

func TestAccProjectPermissionsData(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t, &emulator.Permission{Email: "Zoe@else.test"}, &emulator.Permission{ID: someUUID, Email: "ann@else.test"})
	const all = "data.neon_project_permissions.all"
	config := w.partner("data \"neon_project_permissions\" \"all\" { project_id = \"" + guestShop + "\" }")
	listed := tfjsonpath.New("permissions")
	w.run(
		resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(all, listed, knownvalue.ListSizeExact(2)),
			statecheck.ExpectKnownValue(all, listed.AtSliceIndex(0), knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": knownvalue.StringExact(someUUID), "granted_to_email": knownvalue.StringExact("ann@else.test"), "granted_at": knownvalue.NotNull(),
			})),
			statecheck.ExpectKnownValue(all, listed.AtSliceIndex(1).AtMapKey("granted_to_email"), knownvalue.StringExact("Zoe@else.test")),
		}},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
	)
	// It does not answer from what was read before: it may be there to see a change.
	w.takeGuestsAway(guestShop)
	w.emu.ClearRequests()
	state, diags := w.readData(&projectPermissionsDataSource{}, partnerAdmin, "", map[string]any{"project_id": guestShop})
	var model projectPermissionsModel
	diags.Append(state.Get(t.Context(), &model)...)
	if diags.HasError() || len(model.Permissions) != 0 || model.Permissions == nil {
		t.Errorf("got %v, %v, want an empty list", model.Permissions, diags)
	}
	w.wantExactRequests(map[string]int{guestsRoute: 1})
	_, diags = w.readData(&projectPermissionsDataSource{}, customerOwner, "", map[string]any{"project_id": guestShop})
	wantOneError(t, diags, "project_id", "Permissions not listed", "project not found")
}
