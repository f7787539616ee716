package provider

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const clearLimitRoute = "DELETE /organizations/{org_id}/billing/spending_limit"

// org gives Acme as it is at Neon.
func (w *world) org() emulator.Organization { return w.emu.Snapshot().Organizations[0] }

var nothing = map[string]int{}

// movesTo gives somebody another e-mail address at Neon.
func (w *world) movesTo(from, to string) {
	w.t.Helper()
	world := w.emu.Snapshot()
	for i, user := range world.Users {
		if strings.EqualFold(user.Email, from) {
			world.Users[i].Email = to
		}
	}
	for _, org := range world.Organizations {
		for _, m := range org.Members {
			if strings.EqualFold(m.Email, from) {
				m.Email = to
			}
		}
	}
	if err := w.emu.Restore(world); err != nil {
		w.t.Fatal(err)
	}
}

// said asserts that what a command printed has all this.
func (c *cli) said(out string, wants ...string) {
	c.t.Helper()
	for _, want := range wants {
		if !strings.Contains(out, want) {
			c.t.Errorf("%q is not said: %s", want, out)
		}
	}
}

// instances gives how many objects of each resource are in state, deposed ones
// included.
func (c *cli) instances() map[string]int {
	c.t.Helper()
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(c.read("terraform.tfstate")), &state); err != nil {
		c.t.Fatal(err)
	}
	counts := map[string]int{}
	for _, r := range state.Resources {
		counts[r.Type+"."+r.Name] = len(r.Instances)
	}
	return counts
}

// depose adds to the state what an apply leaves that ends after it has created the
// new one of two: the old one, with a private state of its own.
func (c *cli) depose(address, oldState string) {
	c.t.Helper()
	read := func(text string) map[string]any {
		var state map[string]any
		if err := json.Unmarshal([]byte(text), &state); err != nil {
			c.t.Fatal(err)
		}
		return state
	}
	instances := func(state map[string]any) (map[string]any, []any) {
		for _, r := range state["resources"].([]any) {
			r := r.(map[string]any)
			if fmt.Sprintf("%s.%s", r["type"], r["name"]) == address {
				return r, r["instances"].([]any)
			}
		}
		c.t.Fatalf("%s is not in state", address)
		return nil, nil
	}
	_, old := instances(read(oldState))
	old[0].(map[string]any)["deposed"] = "00000001"
	state := read(c.read("terraform.tfstate"))
	in, current := instances(state)
	in["instances"] = append(current, old[0])
	state["serial"] = state["serial"].(float64) + 1
	written, err := json.Marshal(state)
	if err != nil {
		c.t.Fatal(err)
	}
	c.write("terraform.tfstate", string(written))
}
