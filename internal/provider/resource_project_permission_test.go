package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

const (
	guest        = "neon_project_permission.guest"
	guestShop    = "calm-river-12345678"
	grantRoute   = "POST /projects/{project_id}/permissions"
	guestsRoute  = "GET /projects/{project_id}/permissions"
	revokeRoute  = "DELETE /projects/{project_id}/permissions/{permission_id}"
	ownerAddress = "owner@customer.test"
)

// withGuestShop has a project in Acme, and a viewer.
func withGuestShop(t *testing.T, permissions ...*emulator.Permission) *world {
	t.Helper()
	return newWorld(t, func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Users = append(seed.Users, emulator.User{Email: "viewer@partner.test", Keys: []*emulator.Key{{Secret: "napi_viewer"}}})
		seed.Organizations[0].Members = append(seed.Organizations[0].Members, &emulator.Member{Email: "viewer@partner.test", Role: "viewer"})
		seed.Projects = []emulator.Project{{ID: guestShop, Name: "shop", OrgID: acme, Permissions: permissions}}
		o.Seed = &seed
	})
}

func guestOf(projectID, email string) string {
	return fmt.Sprintf("resource \"neon_project_permission\" \"guest\" {\n  project_id = %q\n  email = %q\n}", projectID, email)
}

// guests gives the addresses that a project is shared with.
func (w *world) guests(projectID string) string {
	var addresses []string
	for _, p := range w.emu.Snapshot().Projects {
		if p.ID == projectID {
			for _, g := range p.Permissions {
				addresses = append(addresses, g.Email)
			}
		}
	}
	return strings.Join(addresses, " ")
}

func TestProjectPermission(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	config := w.partner(guestOf(guestShop, "Owner@customer.test"))
	w.run(
		resource.TestStep{
			Config:           config,
			ConfigPlanChecks: planned(guest, plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				expectString(guest, "email", "Owner@customer.test"),
				statecheck.ExpectKnownValue(guest, tfjsonpath.New("id"), knownvalue.NotNull()),
				statecheck.ExpectKnownValue(guest, tfjsonpath.New("granted_at"), knownvalue.NotNull()),
			},
			Check: w.wantRequests(map[string]int{grantRoute: 1}),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{grantRoute: 0, "GET /projects/{project_id}": 0})},
		resource.TestStep{
			Config: w.partner(guestOf(guestShop, "OWNER@customer.test")), ConfigPlanChecks: unchanged(),
			ConfigStateChecks: []statecheck.StateCheck{expectString(guest, "email", "Owner@customer.test")},
		},
		resource.TestStep{Config: config, ResourceName: guest, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: idOf(guest, "project_id", "id")},
		resource.TestStep{Config: config, ResourceName: guest, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: idOf(guest, "project_id", "email")},
		resource.TestStep{Config: config, ResourceName: guest, ImportState: true, ImportStateId: guestShop + "/nobody@else.test", ExpectError: diagnostic("is not shared with")},
		resource.TestStep{Config: config, ResourceName: guest, ImportState: true, ImportStateId: guestShop, ExpectError: diagnostic("not of the form project_id/permission_id")},
		resource.TestStep{
			// Taken away by somebody else, and given again.
			PreConfig: func() {
				if w.guests(guestShop) != "Owner@customer.test" {
					t.Errorf("guests are %q", w.guests(guestShop))
				}
				w.takeGuestsAway(guestShop)
			},
			Config: config, ConfigPlanChecks: planned(guest, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			Config: w.partner(guestOf(guestShop, "new@customer.test")), ConfigPlanChecks: planned(guest, plancheck.ResourceActionReplace),
			Check: w.wantRequests(map[string]int{revokeRoute: 1}),
		},
	)
	if left := w.guests(guestShop); left != "" {
		t.Errorf("guests after destroy: %q", left)
	}
}

// idOf joins attributes of a resource to an id for its import.
func idOf(address string, attributes ...string) resource.ImportStateIdFunc {
	return func(s *terraform.State) (string, error) {
		var parts []string
		for _, name := range attributes {
			parts = append(parts, s.RootModule().Resources[address].Primary.Attributes[name])
		}
		return strings.Join(parts, "/"), nil
	}
}

func (w *world) takeGuestsAway(projectID string) {
	w.t.Helper()
	admin := w.client(partnerAdmin)
	list, err := admin.ListProjectPermissions(w.t.Context(), projectID)
	for _, p := range list {
		if err == nil {
			err = neontest.Held(w.t, admin, projectID).Revoke(w.t.Context(), p.ID)
		}
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestProjectPermissionImportByIdentity(t *testing.T) {
	t.Parallel()
	requireIdentities(t)
	w := withGuestShop(t)
	config := w.partner(guestOf(guestShop, ownerAddress))
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ResourceName: guest, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

func TestProjectPermissionRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		key, projectID, email string
		want                  string
		sends                 bool
	}{
		"no such project":     {partnerAdmin, "quiet-lake-12345678", ownerAddress, "Project not found for the permission", true},
		"only a viewer":       {"napi_viewer", guestShop, ownerAddress, "Project not shared.*may change it", true},
		"shared already":      {partnerAdmin, guestShop, "FRIEND@else.test", "already shared with this address.*" + someUUID, true},
		"a name":              {partnerAdmin, guestShop, "Ann <ann@example.com>", "Invalid e-mail address", false},
		"no address":          {partnerAdmin, guestShop, "ann", "Invalid e-mail address", false},
		"an organization":     {partnerAdmin, acme, ownerAddress, "Invalid project id", false},
		"someone else's shop": {customerOwner, guestShop, ownerAddress, "Project not found for the permission", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withGuestShop(t, &emulator.Permission{ID: someUUID, Email: "friend@else.test"})
			w.run(resource.TestStep{Config: w.config(test.key, "", guestOf(test.projectID, test.email)), ExpectError: diagnostic(test.want)})
			if n := w.requests()[grantRoute]; w.guests(guestShop) != "friend@else.test" || n > 0 && test.key != "napi_viewer" {
				t.Errorf("guests are %q after %d grants", w.guests(guestShop), n)
			}
			if !test.sends {
				w.wantNoRequests()
			}
		})
	}
}

// Two resources for one guest would end the sharing for both.
func TestTwoPermissionsForOneAddress(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	w.run(resource.TestStep{
		Config: w.partner(guestOf(guestShop, ownerAddress) + fmt.Sprintf(`
resource "neon_project_permission" "twin" {
  project_id = %q
  email      = "OWNER@customer.test"
}`, guestShop)),
		ExpectError: diagnostic("(already shared with this address|the project is already shared)"),
	})
}

func TestProjectPermissionWithoutItsProject(t *testing.T) {
	t.Parallel()
	t.Run("deleted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		config := w.partner("resource \"neon_project\" \"app\" {}\n" + strings.ReplaceAll(guestOf("ID", ownerAddress), `"ID"`, "neon_project.app.id"))
		w.run(
			resource.TestStep{Config: config},
			resource.TestStep{
				PreConfig: func() {
					if err := neontest.Held(t, w.client(partnerAdmin), w.onlyProject().ID).Delete(t.Context()); err != nil {
						t.Fatal(err)
					}
				},
				Config: config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(appProject, plancheck.ResourceActionCreate),
					plancheck.ExpectResourceAction(guest, plancheck.ResourceActionCreate),
				}},
			},
		)
	})
	t.Run("claimed", func(t *testing.T) {
		t.Parallel()
		w := withGuestShop(t)
		config := w.partner(guestOf(guestShop, "friend@else.test"))
		w.run(
			resource.TestStep{Config: config},
			resource.TestStep{
				PreConfig: func() {
					made, err := neontest.Held(t, w.client(partnerAdmin), guestShop).Offer(t.Context(), 3600)
					if err == nil {
						_, err = w.client(customerOwner).ClaimProject(t.Context(), guestShop, made.ID, bloom)
					}
					if err != nil {
						t.Fatal(err)
					}
				},
				Config: config, ConfigPlanChecks: unchanged(),
			},
			// At the end it is only forgotten: there is nothing that this key could end.
		)
		if w.guests(guestShop) != "friend@else.test" {
			t.Errorf("guests are %q", w.guests(guestShop))
		}
	})
	t.Run("hidden", func(t *testing.T) {
		t.Parallel()
		w := withGuestShop(t)
		body := guestOf(guestShop, "friend@else.test")
		w.run(
			resource.TestStep{Config: w.partner(body)},
			resource.TestStep{Config: w.config(customerOwner, acme, body), ExpectError: diagnostic("Project not visible to this key")},
			resource.TestStep{Config: w.partner(body), ConfigPlanChecks: unchanged()},
		)
	})
}
