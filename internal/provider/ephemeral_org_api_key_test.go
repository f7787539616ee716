package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func TestEphemeralKeyNames(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	made := ephemeralKeyName{prefix: "ci-shop", until: until}
	one, other := made.String(), made.String()
	if one == other || !strings.HasPrefix(one, "ci-shop-20260315T120000Z-") || len(one) != len("ci-shop-20260315T120000Z-")+uniqueness {
		t.Errorf("names are %q and %q", one, other)
	}
	longest := ephemeralKeyName{prefix: strings.Repeat("x", maxKeyPrefixLength), until: until}
	if len(longest.String()) != maxKeyNameLength {
		t.Errorf("the longest name has %d characters", len(longest.String()))
	}
	for _, want := range []ephemeralKeyName{made, longest} {
		if got, ok := parseEphemeralKeyName(want.String()); !ok || got != want {
			t.Errorf("%q reads as %+v", want, got)
		}
	}
	for _, name := range []string{
		"", "ci", "terraform-ephemeral", "20260315T120000Z-abcdefgh", "x-20260315T120000Z", "x-20261315T120000Z-abcdefgh", "x-20260315T120000Zabcdefgh0",
		"x-20260315T120000Z-ABCDEFGH", "x-20260315T120000Z-abcdefg1", "x-20260315T120000Z-abc defg", "x-2026-03-15T12:00:00Z-abcdefgh", "-20260315T120000Z-abcdefgh",
	} {
		if got, ok := parseEphemeralKeyName(name); ok {
			t.Errorf("%q reads as %+v", name, got)
		}
	}
}

// runWithKey is configuration in which a second provider works with the key.
func (w *world) runWithKey(arguments string) string {
	return withSecond(w.partner(fmt.Sprintf(`
ephemeral "neon_org_api_key" "run" {
%s
}

provider "second" {
  api_key  = ephemeral.neon_org_api_key.run.key
  base_url = %q
}

data "neon_current_user" "run" {
  provider = second
}
`, arguments, w.url)))
}

func TestEphemeralOrgAPIKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plantKey := func(name, key string) {
		t.Helper()
		if _, err := w.client(key).CreateOrgAPIKey(t.Context(), acme, neon.APIKeyCreate{KeyName: name}); err != nil {
			t.Fatal(err)
		}
	}
	hour := func(n int) time.Time { return w.now().Add(time.Duration(n) * time.Hour) }
	old := ephemeralKeyName{prefix: defaultKeyPrefix, until: hour(-1)}.String()
	plantKey(old, partnerAdmin)
	kept := []string{"ci", ephemeralKeyName{prefix: defaultKeyPrefix, until: hour(1)}.String(), ephemeralKeyName{prefix: "another", until: hour(-1)}.String()}
	for _, name := range kept {
		plantKey(name, partnerAdmin)
	}
	c := w.cli(map[string]string{"main.tf": w.runWithKey("") + `
output "kind" { value = data.neon_current_user.run.auth_method }
output "whose" { value = data.neon_current_user.run.org_id }
`})
	c.logTo("trace.log")
	out := c.must("apply", "-auto-approve")
	if !strings.Contains(out, `kind = "api_key_org"`) || !strings.Contains(out, `whose = "`+acme+`"`) {
		t.Errorf("the key did not work: %s", out)
	}
	var left []string
	for _, k := range w.acmeKeys() {
		left = append(left, k.Name)
	}
	if strings.Join(left, " ") != strings.Join(kept, " ") {
		t.Errorf("keys left: %q, want %q", left, kept)
	}
	got := w.requests()
	if got[createKeyRoute] == 0 || got[revokeKeyRoute] != got[createKeyRoute]+1 {
		t.Errorf("each key that was created has to be revoked, and the one left behind: %v", got)
	}
	c.wantNowhere("napi_", partnerAdmin)
}

func TestEphemeralOrgAPIKeyRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ key, orgID, arguments, want string }{
		"an organization's key": {partnerOrgKey, "", "", "A personal API key is needed"},
		"a member":              {partnerDev, acme, "", "API key not created.*Only admins"},
		"no organization":       {partnerAdmin, "", "", "No organization"},
		"a short life":          {partnerAdmin, acme, "max_lifetime_seconds = 1", "at least 60"},
		"a long prefix":         {partnerAdmin, acme, `name_prefix = "` + strings.Repeat("x", maxKeyPrefixLength+1) + `"`, "between 1 and 38"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run(resource.TestStep{
				Config:      w.config(test.key, test.orgID, "ephemeral \"neon_org_api_key\" \"run\" {\n  "+test.arguments+"\n}"),
				ExpectError: diagnostic(test.want),
			})
			if n := len(w.acmeKeys()); n > 0 {
				t.Errorf("%d keys are left", n)
			}
		})
	}
}

func TestEphemeralOrgAPIKeyThatStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(resource.TestStep{
		PreConfig:   w.fault(emulator.Fault{Method: http.MethodDelete, Path: "/organizations/*/api_keys/*", Effect: emulator.FaultEffect{Status: http.StatusForbidden}}),
		Config:      w.runWithKey(`  name_prefix = "ci-shop"`),
		ExpectError: diagnostic(`Ephemeral API key not revoked.*Key [0-9]+, named.*"ci-shop-.*, of organization ` + acme + `.*may still work`),
	})
	for _, k := range w.acmeKeys() {
		if !strings.HasPrefix(k.Name, "ci-shop-") {
			t.Errorf("key %q", k.Name)
		}
	}
}

func TestEphemeralOrgAPIKeyOfAProject(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	w.run(resource.TestStep{
		Config: w.runWithKey("  project_id = \""+guestShop+"\"") + `
data "neon_project" "shop" {
  provider = second
  id       = "` + guestShop + `"
}`,
		ConfigStateChecks: []statecheck.StateCheck{expectString("data.neon_project.shop", "name", "shop")},
		Check: func(*terraform.State) error {
			if n := len(w.acmeKeys()); n > 0 {
				return fmt.Errorf("%d keys are left", n)
			}
			return nil
		},
	})
}
