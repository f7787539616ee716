//go:build unix

package processes

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

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

// escaped keeps a CLI from reading a template in a name.
func escaped(name string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(name)
}
