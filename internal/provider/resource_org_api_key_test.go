package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const (
	ciKey          = "neon_org_api_key.ci"
	createKeyRoute = "POST /organizations/{org_id}/api_keys"
	listKeysRoute  = "GET /organizations/{org_id}/api_keys"
	revokeKeyRoute = "DELETE /organizations/{org_id}/api_keys/{key_id}"
)

func keyOf(arguments string) string {
	return "resource \"neon_org_api_key\" \"ci\" {\n" + arguments + "\n}"
}

// acmeKeys are the keys of Acme, without the one that it begins with.
func (w *world) acmeKeys() []*emulator.Key {
	return slices.DeleteFunc(w.emu.Snapshot().Organizations[0].Keys, func(k *emulator.Key) bool { return k.Secret == partnerOrgKey })
}

func (w *world) onlyKey() *emulator.Key {
	w.t.Helper()
	keys := w.acmeKeys()
	if len(keys) != 1 {
		w.t.Fatalf("%d keys exist, want 1", len(keys))
	}
	return keys[0]
}

// wantKeyInState asserts that the state has the id and the secret of the only key.
func (w *world) wantKeyInState() resource.TestCheckFunc {
	return func(s *terraform.State) error {
		have, want := s.RootModule().Resources[ciKey].Primary.Attributes, w.onlyKey()
		if have["key"] != want.Secret || have["id"] != strconv.FormatInt(want.ID, 10) {
			return fmt.Errorf("the state has another key than Neon: id %s, want %d", have["id"], want.ID)
		}
		return nil
	}
}

func TestOrgAPIKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(keyOf(`  name = "ci"`))
	var first *emulator.Key
	w.run(
		resource.TestStep{
			Config: config, ConfigPlanChecks: planned(ciKey, plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				expectString(ciKey, "org_id", acme),
				statecheck.ExpectSensitiveValue(ciKey, tfjsonpath.New("key")),
				statecheck.ExpectKnownValue(ciKey, tfjsonpath.New("project_id"), knownvalue.Null()),
				statecheck.ExpectKnownValue(ciKey, tfjsonpath.New("created_at"), knownvalue.NotNull()),
			},
			Check: w.wantKeyInState(),
		},
		resource.TestStep{
			// Another key of the same name is another key.
			PreConfig: func() {
				first = w.onlyKey()
				w.emu.ClearRequests()
				if _, err := w.client(partnerAdmin).CreateOrgAPIKey(t.Context(), acme, neon.APIKeyCreate{KeyName: "ci"}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, ConfigPlanChecks: unchanged(),
			ConfigStateChecks: []statecheck.StateCheck{expectKeyID(func() int64 { return first.ID })},
			Check:             w.wantRequests(map[string]int{createKeyRoute: 0, revokeKeyRoute: 0}),
		},
		resource.TestStep{
			// An organization's own key may look, and revoke. It can't create.
			Config: w.config(partnerOrgKey, "", keyOf(`  name = "ci"`)), ConfigPlanChecks: unchanged(),
		},
		resource.TestStep{Config: config, ResourceName: ciKey, ImportState: true, ImportStateIdFunc: idOf(ciKey, "org_id", "id"), ImportStateVerify: true, ImportStateVerifyIgnore: []string{"key"}},
		resource.TestStep{Config: config, ResourceName: ciKey, ImportState: true, ImportStateId: acme + "/ci", ExpectError: diagnostic("names of keys need not be unique")},
		resource.TestStep{Config: config, ResourceName: ciKey, ImportState: true, ImportStateId: "napi_planted", ExpectError: diagnostic("The value is the key itself")},
		resource.TestStep{
			PreConfig: func() {
				if err := w.client(partnerOrgKey).RevokeOrgAPIKey(t.Context(), acme, first.ID); err != nil {
					t.Fatal(err)
				}
			},
			Config: config, ConfigPlanChecks: planned(ciKey, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			Config: w.partner(keyOf(`  name = "deploy"`)), ConfigPlanChecks: planned(ciKey, plancheck.ResourceActionReplace),
		},
	)
	if left := w.onlyKey(); left.Name != "ci" {
		t.Errorf("after destroy there is %q, want the key that was made by hand", left.Name)
	}
}

func expectKeyID(id func() int64) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(ciKey, tfjsonpath.New("id"), knownvalue.StringFunc(func(got string) error {
		if want := strconv.FormatInt(id(), 10); got != want {
			return fmt.Errorf("the id is %s, want %s", got, want)
		}
		return nil
	}))
}

func TestOrgAPIKeyImportByIdentity(t *testing.T) {
	t.Parallel()
	requireIdentities(t)
	w := newWorld(t)
	config := w.partner(keyOf(`  name = "ci"`))
	w.run(
		resource.TestStep{Config: config},
		// The secret is not known again: what is planned would be shown.
		resource.TestStep{Config: config, ResourceName: ciKey, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

func TestOrgAPIKeyOfAProject(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	config := func(project string) string { return w.partner(keyOf("  name = \"shop\"" + project)) }
	w.run(
		resource.TestStep{
			Config:            config("\n  project_id = \"" + guestShop + "\""),
			ConfigStateChecks: []statecheck.StateCheck{expectString(ciKey, "project_id", guestShop)},
			Check: func(*terraform.State) error {
				shop := w.client(w.onlyKey().Secret)
				if _, err := shop.GetProject(t.Context(), guestShop); err != nil {
					return err
				}
				if _, err := shop.GetOrganization(t.Context(), acme); err == nil || !neon.IsNotFound(err) {
					return fmt.Errorf("the key reads its organization: %w", err)
				}
				return nil
			},
		},
		resource.TestStep{Config: config(""), ConfigPlanChecks: planned(ciKey, plancheck.ResourceActionReplace)},
	)
}

func TestOrgAPIKeyRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		key, orgID, arguments, want string
		sends                       map[string]int // nil for anything but a creation
	}{
		"an organization's key": {partnerOrgKey, "", `name = "ci"`, "A personal API key is needed.*Such a key can't create API keys, so nothing was sent.*an admin of the organization", map[string]int{"GET /auth": 1}},
		"a member":              {partnerDev, acme, `name = "ci"`, "API key not created.*Only admins of " + acme, nil},
		"not a member":          {partnerAdmin, bloom, `name = "ci"`, "API key not created.*does not see organization " + bloom, nil},
		"no organization":       {partnerAdmin, "", `name = "ci"`, "No organization.*neon_organizations", nil},
		"another's project":     {partnerAdmin, acme, "name = \"ci\"\n  project_id = \"quiet-lake-12345678\"", "API key not created.*only to a project of its organization", nil},
		"no name":               {partnerAdmin, acme, `name = ""`, "between 1 and 64", map[string]int{}},
		"a long name":           {partnerAdmin, acme, `name = "` + fmt.Sprintf("%065d", 0) + `"`, "between 1 and 64", map[string]int{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run(resource.TestStep{Config: w.config(test.key, test.orgID, keyOf("  "+test.arguments)), ExpectError: diagnostic(test.want)})
			if n := len(w.acmeKeys()); n > 0 {
				t.Errorf("%d keys were created", n)
			}
			if test.sends != nil {
				w.wantExactRequests(test.sends)
			}
		})
	}
}

func TestOrgAPIKeyWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	lost := emulator.Fault{Method: http.MethodPost, Path: "/organizations/*/api_keys", Times: 1, Effect: emulator.FaultEffect{Drop: "after"}}
	config := func(w *world) string { return w.partner(keyOf(`  name = "ci"`)) }

	t.Run("is named, and neither revoked nor asked for again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		var stray *emulator.Key
		w.run(
			resource.TestStep{
				PreConfig: w.fault(lost), Config: config(w),
				ExpectError: diagnostic(`API key not created, and perhaps one left behind.*named "ci".*` + acme + `.*Key [0-9]+, created.*Then apply again`),
			},
			resource.TestStep{
				PreConfig: func() {
					stray = w.onlyKey()
					if err := w.wantRequests(map[string]int{createKeyRoute: 1, revokeKeyRoute: 0})(nil); err != nil {
						t.Error(err)
					}
					if err := w.client(partnerAdmin).RevokeOrgAPIKey(t.Context(), acme, stray.ID); err != nil {
						t.Fatal(err)
					}
				},
				Config: config(w), Check: w.wantKeyInState(),
			},
		)
	})
	t.Run("and can't be looked for, is named", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.run(resource.TestStep{
			PreConfig: func() {
				w.fault(lost)()
				w.fault(emulator.Fault{Method: http.MethodGet, Path: "/organizations/*/api_keys", Skip: 1, Effect: emulator.FaultEffect{Status: http.StatusForbidden}})()
			},
			Config:      config(w),
			ExpectError: diagnostic(`API key not created, and perhaps one left behind.*named "ci".*` + acme + `.*could not be found out.*Look for one.*apply again`),
		})
		if k := w.onlyKey(); w.requests()[createKeyRoute] != 1 || k.Name != "ci" {
			t.Errorf("%d creations, and key %q", w.requests()[createKeyRoute], k.Name)
		}
	})
}

// A run that is killed between Neon's answer and its state leaves a key: the next
// creation names it. A replacement does not name what it replaces.
func TestOrgAPIKeyLeftByAKilledRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	left, err := w.client(partnerAdmin).CreateOrgAPIKey(t.Context(), acme, neon.APIKeyCreate{KeyName: "ci"})
	if err != nil {
		t.Fatal(err)
	}
	c := w.cli(map[string]string{"main.tf": w.partner(keyOf(`  name = "ci"`))})
	if out := c.must("apply", "-auto-approve"); !strings.Contains(out, "Perhaps an API key was left behind") || !strings.Contains(out, fmt.Sprintf("key %d, created", left.ID)) {
		t.Errorf("the apply does not name key %d: %s", left.ID, out)
	}
	c.wantEmptyPlan()
	if err := w.client(partnerAdmin).RevokeOrgAPIKey(t.Context(), acme, left.ID); err != nil {
		t.Fatal(err)
	}
	if out := c.must("apply", "-auto-approve", "-replace=neon_org_api_key.ci"); strings.Contains(out, "left behind") {
		t.Errorf("a replacement names something: %s", out)
	}
}
