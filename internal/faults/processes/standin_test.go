//go:build unix

package processes

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/neon-orgs/terraform-provider-neon/internal/faults"
)

// outcome is what a command came to, without what differs from run to run.
type outcome struct {
	Failed   bool
	Errors   []string // summaries
	Requests []string // routes
	State    []string
}

// TestStandInDoesAsTheCLI runs cells of the fault matrix with a real CLI as well:
// what it asks, says and saves has to be what the CLI in miniature does.
func TestStandInDoesAsTheCLI(t *testing.T) {
	t.Parallel()
	schemas := faults.Schemas(t)
	for _, c := range sample(t, schemas) {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			var want outcome
			synctest.Test(t, func(t *testing.T) { want = standIn(t, c, schemas) })
			got := withCLI(t, c)
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("the CLI in miniature does otherwise (-miniature +CLI):\n%s", diff)
			}
		})
	}
}

// sample picks cells that take no time. Not every CLI has what is done with a
// block alone, nor imports by identity.
func sample(t *testing.T, schemas *tfprotov6.GetProviderSchemaResponse) []faults.Cell {
	t.Helper()
	every := uint32(500)
	if *all {
		every = 50
	}
	var cells []faults.Cell
	for _, s := range faults.Scenarios() {
		if s.Of != "" || s.Identity != "" {
			continue
		}
		s.OperationDelay = 0
		var places []faults.Place
		synctest.Test(t, func(t *testing.T) {
			v := faults.NewVirtual(t, s, schemas)
			defer v.Close()
			v.Begin(t.Context(), s)
			v.Run(t.Context(), s)
			places = v.Places()
		})
		for _, place := range places {
			for _, fault := range faults.All() {
				if c := (faults.Cell{Scenario: s, Place: place, Fault: fault}); fault.Quick && !c.IsLie() && c.IsChosen(every) {
					cells = append(cells, c)
				}
			}
		}
	}
	return cells
}

func standIn(t *testing.T, c faults.Cell, schemas *tfprotov6.GetProviderSchemaResponse) outcome {
	t.Helper()
	v := faults.NewVirtual(t, c.Scenario, schemas)
	defer v.Close()
	v.Begin(t.Context(), c.Scenario)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	v.Set(c.Place, c.Fault, cancel)
	result := v.Run(ctx, c.Scenario)
	v.Clear()
	o := outcome{Failed: result.Failed(), Requests: routes(v.World)}
	for _, d := range result.Errors() {
		o.Errors = append(o.Errors, d.Summary)
	}
	for _, address := range v.CLI.State.Addresses() {
		instance := v.CLI.State.Instances[address]
		o.State = append(o.State, describe(t, address, instance.Tainted, v.CLI.State.Values(address)))
	}
	return o.sorted()
}

func withCLI(t *testing.T, c faults.Cell) outcome {
	t.Helper()
	d := newDesk(t, c.Scenario)
	s := c.Scenario
	if s.Prepare != nil {
		s.Prepare(d.World)
	}
	for _, config := range s.Before {
		d.configure(config)
		if out, code := d.apply(); code != 0 {
			t.Fatalf("what comes before fails: %s", out)
		}
	}
	if s.Meanwhile != nil {
		s.Meanwhile(d.World)
	}
	d.Emu.ClearRequests()
	d.configure(cmp.Or(s.Config, "{}"))
	d.Set(c.Place, c.Fault, func() {})

	args := map[string][]string{
		faults.Apply:   {"apply", "-auto-approve", "-parallelism=1"},
		faults.Destroy: {"destroy", "-auto-approve", "-parallelism=1"},
		faults.Plan:    {"plan", "-parallelism=1"},
		faults.Refresh: {"apply", "-refresh-only", "-auto-approve", "-parallelism=1"},
		faults.Import:  {"import"},
	}[cmp.Or(s.Command, faults.Apply)]
	args = append(args, "-input=false")
	if s.Command == faults.Import {
		args = append(args, s.Address, d.Expand(s.ID))
	}
	p := d.start(slices.Insert(args, 1, "-no-color")...)
	_, code := p.wait()
	d.Clear()
	o := outcome{Failed: code != 0, Requests: routes(d.World), Errors: summaries(p.out)}
	for _, r := range d.state().Resources {
		for _, instance := range r.Instances {
			if r.Mode == "managed" {
				o.State = append(o.State, describe(t, r.Type+"."+r.Name, instance.Status == "tainted", instance.Attributes))
			}
		}
	}
	return o.sorted()
}

func (o outcome) sorted() outcome {
	slices.Sort(o.Errors)
	slices.Sort(o.State)
	return o
}

func routes(w *faults.World) []string {
	var all []string
	for _, r := range w.Emu.Requests() {
		all = append(all, r.Route)
	}
	return all
}

// summaries reads the errors that a CLI has printed.
func summaries(out bytes.Buffer) []string {
	var found []string
	for line := range strings.Lines(out.String()) {
		if summary, isError := strings.CutPrefix(strings.TrimLeft(line, "│ "), "Error: "); isError {
			found = append(found, strings.TrimSpace(summary))
		}
	}
	return found
}

// random are the parts of values that no two runs share.
var random = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|http://127\.0\.0\.1(:[0-9]+)?`)

func describe(t *testing.T, address string, isTainted bool, values map[string]any) string {
	t.Helper()
	encoded, err := json.Marshal(values) // in the order of the names
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s (tainted: %t): %s", address, isTainted, random.ReplaceAllString(string(encoded), "…"))
}
