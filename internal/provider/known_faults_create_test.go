package provider

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

func TestKnownFault423OrLostAnswerDuringCreateMakesASecondProject(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]emulator.FaultEffect{
		"423":                      {Status: 423},
		"503":                      {Status: 503},
		"500 after the work":       {Status: 500, After: true},
		"garbage after the work":   {Garbage: true},
		"half an answer":           {Truncate: new(100)},
		"cut before the work":      {Drop: "before"},
		"cut after the work":       {Drop: "after"},
		"a gateway gives up on it": {Status: 504, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.partner(`resource "neon_project" "app" { name = "app" }`)
			w.run(
				resource.TestStep{
					PreConfig: w.fault(emulator.Fault{Method: "POST", Path: "/projects", Times: 1, Effect: effect}),
					Config:    config,
				},
				resource.TestStep{PreConfig: func() { w.onlyProject() }, Config: config, ConfigPlanChecks: unchanged()},
			)
		})
	}
}

// cut is the n-th request of a kind, before or after the work is done.
type cut struct {
	method, path string
	skip         int
	when         string
}

func (c cut) String() string {
	return fmt.Sprintf("%s %s, number %d, %s", c.method, c.path, c.skip+1, c.when)
}

// fault is the cut as the emulator takes it.
func (c cut) fault() emulator.Fault {
	return emulator.Fault{Method: c.method, Path: c.path, Skip: c.skip, Times: 1, Effect: emulator.FaultEffect{Drop: c.when}}
}

// cuts gives a cut before and one after for each request that the world has seen.
// One that met a fault is not seen by those that come after it. How often an
// operation is looked at depends on the time it takes, so only the first look is there.
func (w *world) cuts() []cut {
	var cuts []cut
	seen := map[string]int{}
	for _, r := range w.emu.Requests() {
		if r.Fault != "" {
			continue
		}
		skip := seen[r.Method+r.Route]
		seen[r.Method+r.Route]++
		if skip > 0 && r.Route == "GET /projects/{project_id}/operations" {
			continue
		}
		path := pathParameter.ReplaceAllString(strings.TrimPrefix(r.Route, r.Method+" "), "*")
		for _, when := range []string{"before", "after"} {
			cuts = append(cuts, cut{method: r.Method, path: path, skip: skip, when: when})
		}
	}
	return cuts
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// TestKnownFaultACutDuringCreateMakesASecondProject cuts the connection at every
// request of a creation: of an ordinary one, of one that has to be looked for
// because its answer was lost, and of one that has to be repeated.
func TestKnownFaultACutDuringCreateMakesASecondProject(t *testing.T) {
	t.Parallel()
	slow := func(o *emulator.Options) { o.OperationDelay = 20 * time.Millisecond }
	lost := func(when string) []emulator.Fault {
		return []emulator.Fault{{Method: "POST", Path: "/projects", Times: 1, Effect: emulator.FaultEffect{Drop: when}}}
	}
	for name, before := range map[string][]emulator.Fault{
		"ordinary": nil, "looked for": lost("after"), "repeated": lost("before"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := `resource "neon_project" "app" { name = "app" }`
			prepare := func(t *testing.T, faults []emulator.Fault) (*world, *cli) {
				t.Helper()
				w := newWorld(t, slow)
				c := w.cli(map[string]string{"main.tf": w.partner(config)})
				for _, f := range faults {
					w.fault(f)()
				}
				return w, c
			}
			undisturbed, c := prepare(t, before)
			c.must("apply", "-auto-approve")
			for _, cut := range undisturbed.cuts() {
				t.Run(cut.String(), func(t *testing.T) {
					t.Parallel()
					w, c := prepare(t, append(slices.Clone(before), cut.fault()))
					if name == "repeated" && cut.method == "POST" && cut.when == "before" {
						// Neither request arrived: the one case in which there is nothing to adopt.
						c.mustFail([]string{"Project not created", "apply again"}, "apply", "-auto-approve")
						if n := len(w.projects()); n != 0 {
							t.Errorf("%d projects exist, want none", n)
						}
					}
					c.must("apply", "-auto-approve")
					made := w.onlyProject()
					if out, code := c.run("plan", "-detailed-exitcode"); code != 0 {
						t.Errorf("the next plan is not empty: %s", out)
					}
					if w.onlyProject().ID != made.ID {
						t.Error("it is another project now")
					}
				})
			}
		})
	}
}
