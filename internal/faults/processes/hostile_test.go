//go:build unix

package processes

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/faults"
)

// hostile are names that break what is built carelessly.
var hostile = []string{
	`"quoted" 'twice' \ and \"escaped\"`,
	"two\nlines\r\nand\ttabs",
	"left \u202e to right, \u2066isolated\u2069",
	"%s %d %!x %00 %2F",
	"/../../users/me?x=1#y",
	"${path.module} %{ if true } $${escaped}",
	"Ünïcödé 日本語 🦆 é",
	"'; DROP TABLE projects; --",
	"<script>alert(1)</script>&amp;",
	strings.Repeat("ü", 256),
	" blanks around ",
	"null", "true", "0",
	"\u0007bell",
}

// TestHostileNamesComeBackEqual takes names through a CLI, the provider and Neon,
// creates by them, changes to them, and plans again.
func TestHostileNamesComeBackEqual(t *testing.T) {
	t.Parallel()
	d := newDesk(t, faults.Scenario{})
	configure := func(names func(i int) string) {
		resources := map[string]any{}
		for i := range hostile {
			resources[fmt.Sprintf("p%d", i)] = map[string]string{"name": escaped(names(i))}
		}
		config, err := json.Marshal(map[string]any{"resource": map[string]any{"neon_project": resources}})
		if err != nil {
			t.Fatal(err)
		}
		d.write("main.tf.json", string(config)) // as it is: braces are no variables here
	}
	next := func(i int) string { return hostile[(i+1)%len(hostile)] }
	for _, names := range []func(i int) string{func(i int) string { return hostile[i] }, next} {
		configure(names)
		d.must("apply", "-auto-approve", "-input=false")
		if out, code := d.run("plan", "-detailed-exitcode", "-input=false"); code != 0 {
			t.Errorf("the plan after that is not empty: %s", out)
		}
		atNeon := map[string]string{}
		for _, p := range d.Emu.Snapshot().Projects {
			atNeon[p.ID] = p.Name
		}
		found := 0
		for _, r := range d.state().Resources {
			var i int
			if _, err := fmt.Sscanf(r.Name, "p%d", &i); err != nil {
				t.Fatal(err)
			}
			attributes := r.Instances[0].Attributes
			id, _ := attributes["id"].(string)
			if want := names(i); attributes["name"] != want || atNeon[id] != want {
				t.Errorf("%q is %q in state and %q at Neon", want, attributes["name"], atNeon[id])
			}
			found++
		}
		if found != len(hostile) {
			t.Errorf("%d of %d are in state", found, len(hostile))
		}
	}
}

// hostileAddresses are e-mail addresses that are valid and look otherwise.
var hostileAddresses = []string{
	"o'brien+shop@people.test",
	"%2e%2e%2f%s%d@people.test",
	"a/./b/.%2f/users@people.test",
	"${each.key}%{if}@people.test",
	"a!#$%&'*+-/=?^_`{|}~z@people.test",
	"Ünïcödé.日本@people.test",
	"UPPER.lower@People.Test",
	"0@people.test",
	strings.Repeat("a", 64) + "@" + strings.Repeat("b", 60) + ".test",
}

// TestHostileKeysAndAddressesComeBackEqual does the same with the names of keys and
// the addresses of guests and of people who are invited.
func TestHostileKeysAndAddressesComeBackEqual(t *testing.T) {
	t.Parallel()
	d := newDesk(t, faults.Scenario{Seed: func(seed *emulator.Seed) {
		seed.Projects = append(seed.Projects, emulator.Project{ID: shop, OrgID: faults.Acme})
	}})
	keys, guests, invitations := map[string]any{}, map[string]any{}, map[string]any{}
	want := map[string]string{}
	for i, name := range hostile {
		label := fmt.Sprintf("k%d", i)
		want["neon_org_api_key."+label] = string([]rune(name)[:min(64, len([]rune(name)))])
		keys[label] = map[string]string{"name": escaped(want["neon_org_api_key."+label])}
	}
	for i, email := range hostileAddresses {
		label := fmt.Sprintf("e%d", i)
		want["neon_project_permission."+label], want["neon_org_invitation."+label] = email, email
		guests[label] = map[string]string{"email": escaped(email), "project_id": shop}
		invitations[label] = map[string]string{"email": escaped(email), "role": "member"}
	}
	config, err := json.Marshal(map[string]any{"resource": map[string]any{
		"neon_org_api_key": keys, "neon_project_permission": guests, "neon_org_invitation": invitations,
	}})
	if err != nil {
		t.Fatal(err)
	}
	d.write("main.tf.json", string(config))
	d.must("apply", "-auto-approve", "-input=false")
	if out, code := d.run("plan", "-detailed-exitcode", "-input=false"); code != 0 {
		t.Errorf("the plan after that is not empty: %s", out)
	}
	atNeon := map[string]string{}
	org := d.Emu.Snapshot().Organizations[0]
	for _, k := range org.Keys {
		atNeon[strconv.FormatInt(k.ID, 10)] = k.Name
	}
	for _, i := range org.Invitations {
		atNeon[i.ID] = i.Email
	}
	for _, p := range project(d, shop).Permissions {
		atNeon[p.ID] = p.Email
	}
	for _, r := range d.state().Resources {
		address, attributes := r.Type+"."+r.Name, r.Instances[0].Attributes
		text := attributes["email"]
		if r.Type == "neon_org_api_key" {
			text = attributes["name"]
		}
		if id := fmt.Sprint(attributes["id"]); text != want[address] || atNeon[id] != want[address] {
			t.Errorf("%s: %q is %q in state and %q at Neon", address, want[address], text, atNeon[id])
		}
		delete(want, address)
	}
	if len(want) != 0 {
		t.Errorf("not in state: %v", want)
	}
}

// escaped keeps a CLI from reading a template in a name.
func escaped(name string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(name)
}
