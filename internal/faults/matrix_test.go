package faults

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// every leaves cells out: about one of so many is run, always the same ones.
var every = flag.Uint("every", 8, "run one of so many cells of the fault matrix, and a third of that of the others; 1 runs all")

// fewest is how many cells are run at the least, whatever is left out.
const fewest = 1000

// outcome is what an undisturbed run comes to.
type outcome struct {
	exists []string // in the end
	shown  string   // as JSON
}

// cell is a Cell, and what it has to come to.
type cell struct {
	Cell
	want outcome
}

// TestFaultMatrix runs each request of each scenario with each fault. A request
// that the provider makes newly gets its cells by itself.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	schemas := Schemas(t)
	var count, all atomic.Int64
	t.Cleanup(func() {
		fmt.Printf("fault matrix: %d of %d cells were run\n", count.Load(), all.Load())
		if isWhole := !strings.Contains(flag.Lookup("test.run").Value.String(), "/"); isWhole && count.Load() < fewest {
			t.Errorf("that is too few; run at least %d", fewest)
		}
	})
	for _, scenario := range Scenarios() {
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			places, want := undisturbed(t, scenario, schemas)
			for _, place := range places {
				for _, fault := range All() {
					c := cell{Cell{scenario, place, fault}, want}
					if all.Add(1); !c.IsChosen(uint32(*every)) {
						continue
					}
					count.Add(1)
					t.Run(strings.TrimPrefix(c.String(), scenario.Name+"/"), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) { c.run(t, schemas) })
					})
				}
			}
		})
	}
}

// undisturbed runs a scenario without faults. It gives the requests of its
// command, and what it comes to.
func undisturbed(t *testing.T, s Scenario, schemas *tfprotov6.GetProviderSchemaResponse) (places []Place, want outcome) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		v := NewVirtual(t, s, schemas)
		defer v.Close()
		v.Begin(t.Context(), s)
		result := v.Run(t.Context(), s)
		if result.Failed() {
			t.Fatalf("fails without a fault: %s", result)
		}
		if strings.Contains(result.String(), "was created lately") {
			t.Errorf("takes its own project for what a run has left: %s", result)
		}
		places = v.Places()
		if len(places) == 0 {
			t.Fatal("makes no request")
		}
		if !strings.Contains(v.Log.String(), "Neon API request") {
			t.Error("nothing is logged, so that a secret in the log would not be seen")
		}
		want.shown = shown(t, result)
		c := cell{Cell: Cell{Scenario: s}}
		c.onlyReads(t, v)
		c.converges(t, v)
		want.exists = labels(maps.Values(objects(v.Emu.Snapshot())))
	})
	return places, want
}

func (c cell) run(t *testing.T, schemas *tfprotov6.GetProviderSchemaResponse) {
	t.Helper()
	v := NewVirtual(t, c.Scenario, schemas)
	defer v.Close()
	v.Begin(t.Context(), c.Scenario)
	before := objects(v.Emu.Snapshot())
	// What an undisturbed run ends as well, such as keys past their time, may go.
	notOurs := slices.DeleteFunc(others(before, v.CLI.State), func(one object) bool { return !slices.Contains(c.want.exists, one.label) })

	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var interrupted time.Time
	v.Set(c.Place, c.Fault, func() { interrupted = time.Now(); interrupt() })
	result := v.Run(ctx, c.Scenario)
	if took := time.Since(interrupted); !interrupted.IsZero() && took > 5*time.Second {
		t.Errorf("it took %s to end after Ctrl-C", took)
	}
	if !v.Clear() {
		t.Fatalf("the request was not made; the run is not the same each time:\n%s", result)
	}

	honest(t, v, result)
	c.onlyReads(t, v)
	if got := shown(t, result); !result.Failed() && !c.Scenario.MayDiffer && got != c.want.shown {
		t.Errorf("what is shown is not true: %s, want %s; the command said:\n%s", got, c.want.shown, result)
	}
	if strayed := v.Strayed(); len(strayed) > 0 {
		t.Errorf("other hosts were called: %v", strayed)
	}
	isLate := c.Fault.Effect.Late > 0
	if isLate {
		time.Sleep(late)
	}
	lost := orphans(before, objects(v.Emu.Snapshot()), v.CLI.State)
	if c.Scenario.Command == Invoke {
		lost = nil // an action has no state
	}
	c.matches(t, v, result)
	again := c.converges(t, v)
	for _, one := range lost {
		// What comes later has no id to be told by, but when the next command sees it.
		isKnown := one.isTold(result) || isLate && (one.isForetold(result) || one.isNamed(again))
		if !isKnown {
			t.Errorf("%s was created and is not in state, and nobody is told:\n%s", one.label, result)
		}
	}
	after := objects(v.Emu.Snapshot())
	for _, one := range notOurs {
		if _, isThere := after[one.key]; !isThere {
			t.Errorf("%s was not ours, and is gone; the command said:\n%s", one.label, result)
		}
	}
	lost = slices.DeleteFunc(lost, func(one object) bool { return one.kind.IsAdopted })
	want := slices.Sorted(slices.Values(slices.Concat(c.want.exists, labels(slices.Values(lost)))))
	if got := labels(maps.Values(after)); !slices.Equal(got, want) {
		t.Errorf("exists in the end: %q, want %q; the command said:\n%s", got, want, result)
	}
}

// onlyReads looks whether a command that has nothing to change sent a change.
func (c cell) onlyReads(t *testing.T, v *Virtual) {
	t.Helper()
	for _, place := range v.Places() {
		if c.Scenario.OnlyReads() && !strings.HasPrefix(place.Route, "GET ") {
			t.Errorf("%s was sent, although there is nothing to change", place.Route)
		}
	}
}

// shown is what was read for somebody to use. What was open for a while has another
// key each time.
func shown(t *testing.T, result *minicli.Result) string {
	t.Helper()
	text, err := json.Marshal(result.Shown)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// honest holds what was said against what people need.
func honest(t *testing.T, v *Virtual, result *minicli.Result) {
	t.Helper()
	shameful := append(v.Secrets(), "<html", "<h1>", "%!", "<nil>", "elsewhere.test")
	for _, violation := range result.Violations {
		t.Errorf("violation: %s", violation)
	}
	logged := v.Log.String() + strings.Join(result.Progress, "\n")
	for _, secret := range v.Secrets() {
		if strings.Contains(logged, secret) {
			t.Errorf("the log or the progress shows %q", secret)
		}
	}
	for _, d := range result.Diagnostics {
		said := d.Summary + "\n" + d.Detail
		for _, bad := range shameful {
			if strings.Contains(said, bad) {
				t.Errorf("a diagnostic shows %q:\n%s", bad, said)
			}
		}
		if !strings.Contains(d.Detail, ". ") && !strings.HasSuffix(d.Detail, ".") {
			t.Errorf("a diagnostic explains nothing:\n%s", said)
		}
	}
}

// matches holds the state against the world. After a success nothing may differ;
// after a failure what is in state has to exist.
func (c cell) matches(t *testing.T, v *Virtual, result *minicli.Result) {
	t.Helper()
	if result.Failed() || c.Scenario.Command == Plan {
		for _, address := range v.CLI.State.Addresses() {
			if v.CLI.State.Instances[address].Attributes == nil {
				t.Errorf("%s is empty in state", address)
			}
		}
		return
	}
	if said := result.String(); strings.Contains(said, "The state was kept as it is.") || strings.Contains(said, "the next refresh shows how things are") {
		return // a warning says that it was not brought up to date, and why
	}
	for _, how := range differences(v.Emu.Snapshot(), v.CLI.State) {
		t.Errorf("state and Neon have come apart: %s\nthe command said:\n%s", how, result)
	}
}

// converges does it once more without faults, after which there is nothing to do. It
// returns what that says.
func (c cell) converges(t *testing.T, v *Virtual) *minicli.Result {
	t.Helper()
	again := v.Settle(t.Context(), c.Scenario)
	honest(t, v, again)
	if again.Failed() {
		t.Errorf("the next run fails, too:\n%s", again)
		return again
	}
	next := v.Next(t.Context(), c.Scenario)
	if next.Failed() || len(next.Actions) > 0 {
		t.Errorf("the plan after that is not empty: %v\n%s", slices.Sorted(maps.Keys(next.Actions)), next)
	}
	for _, how := range differences(v.Emu.Snapshot(), v.CLI.State) {
		t.Errorf("state and Neon have come apart in the end: %s", how)
	}
	return again
}
