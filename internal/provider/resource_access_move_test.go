package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// movedAccess is a permission or a key as kislerdm/neon has it in the state, and as
// it is at Neon.
type movedAccess struct {
	state string // the attributes
	from  string
	to    string
	body  string
}

var (
	movedGuest = movedAccess{
		state: `{"id":"` + guestShop + `/` + someUUID + `","project_id":"` + guestShop + `","grantee":"ann@else.test"}`,
		from:  "neon_project_permission.old", to: guest,
		body: guestOf(guestShop, "ann@else.test"),
	}
	movedKey = movedAccess{
		state: `{"id":"5001","org_id":"` + acme + `","name":"ci","project_id":null,"key":"napi_moved"}`,
		from:  "neon_org_api_key.old", to: ciKey,
		body: keyOf("  org_id = \"" + acme + "\"\n  name = \"ci\""),
	}
)

func (m movedAccess) resourceType() string {
	kind, _, _ := strings.Cut(m.from, ".")
	return kind
}

func (m movedAccess) config() string {
	return fmt.Sprintf("moved {\n  from = %s\n  to   = %s\n}\n%s", m.from, m.to, m.body)
}

func worldOfMovedAccess(t *testing.T, more ...*emulator.Key) *world {
	t.Helper()
	return newWorld(t, func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Organizations[0].Keys = append(append(seed.Organizations[0].Keys, &emulator.Key{Secret: "napi_moved", ID: 5001, Name: "ci"}), more...)
		seed.Projects = []emulator.Project{{ID: guestShop, OrgID: acme, Permissions: []*emulator.Permission{{ID: someUUID, Email: "Ann@else.test"}}}}
		o.Seed = &seed
	})
}

func TestAccessIsMovedFromAnotherProvider(t *testing.T) {
	t.Parallel()
	for name, moved := range map[string]movedAccess{"permission": movedGuest, "key": movedKey} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldOfMovedAccess(t)
			c := w.cli(map[string]string{"main.tf": w.partner(moved.config()), "terraform.tfstate": stateFileOf(t, moved.resourceType(), 1, []byte(moved.state))})
			if name == "key" {
				c.write("output.tf", "output \"key\" {\n  value     = neon_org_api_key.ci.key\n  sensitive = true\n}\n")
			}
			c.must("plan", "-out=plan")
			c.wantOnlyMovedTo("plan", moved.from, moved.to)
			c.must("apply", "plan")
			c.must("plan", "-detailed-exitcode")
			w.wantOnlyReads()
			if name == "key" && !strings.Contains(c.must("output", "-raw", "key"), "napi_moved") {
				t.Error("the secret of the key was not taken along")
			}
		})
		t.Run(name+" by another provider in the state", func(t *testing.T) {
			t.Parallel()
			w := worldOfMovedAccess(t)
			_, newName, _ := strings.Cut(moved.to, ".")
			state := strings.Replace(stateFileOf(t, moved.resourceType(), 1, []byte(moved.state)), `"name":"old"`, `"name":"`+newName+`"`, 1)
			c := w.cli(map[string]string{"main.tf": w.partner(moved.body), "terraform.tfstate": state})
			c.must("state", "replace-provider", "-auto-approve", "kislerdm/neon", "neon-orgs/neon")
			c.must("plan", "-detailed-exitcode")
			w.wantOnlyReads()
		})
	}
}

// The other provider takes the first key of a name for its own.
func TestMovedKeyThatMayBeAnother(t *testing.T) {
	t.Parallel()
	w := worldOfMovedAccess(t, &emulator.Key{Secret: "napi_namesake", ID: 5002, Name: "ci"})
	c := w.cli(map[string]string{"main.tf": w.partner(movedKey.config()), "terraform.tfstate": stateFileOf(t, "neon_org_api_key", 1, []byte(movedKey.state))})
	if out := c.must("apply", "-auto-approve"); !strings.Contains(out, "Perhaps the id of another API key") || !strings.Contains(out, `2 keys named "ci": 5001, 5002`) {
		t.Errorf("nothing warns of the two keys: %s", out)
	}
	if out := c.must("plan", "-detailed-exitcode"); strings.Contains(out, "another API key") {
		t.Errorf("the warning comes again: %s", out)
	}
}

func TestMoveOfAccessThatIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		moved   movedAccess
		version int
		replace string
		by      string
		want    []string
	}{
		"an old permission":       {movedGuest, 0, "", "", []string{"Permission can't be moved", "schema version 0", "Upgrade kislerdm/neon"}},
		"a permission's id":       {movedGuest, 1, `"` + guestShop + `/`, `"`, []string{"Permission can't be moved", "its id is not that of a project and a permission of it"}},
		"a new key":               {movedKey, 2, "", "", []string{"API key can't be moved", "schema version 2", "newer version of this provider"}},
		"a key's id":              {movedKey, 1, `"5001"`, `"ci"`, []string{"API key can't be moved", "its id and organization are not those"}},
		"a key that is no string": {movedKey, 1, `"napi_moved"`, `["napi_moved"]`, []string{"API key can't be moved", "an attribute is no text"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldOfMovedAccess(t)
			state := stateFileOf(t, test.moved.resourceType(), test.version, []byte(strings.Replace(test.moved.state, test.replace, test.by, 1)))
			c := w.cli(map[string]string{"main.tf": w.partner(test.moved.config()), "terraform.tfstate": state})
			c.mustFail(test.want, "plan")
			w.wantNoRequests()
		})
	}
}
