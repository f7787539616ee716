//go:build unix

package processes

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/faults"
)

// crash is one way to be broken off.
type crash struct {
	name string
	// when is before or after the work of the request is done.
	when string
	// strike ends the process or a part of it.
	strike func(*process)
	// loses: the answer to the request is lost, whenever it comes.
	loses bool
	// forgets: a CLI that is killed may not have saved what it knew, and its provider
	// may go on for a moment.
	forgets bool
}

func crashes() []crash {
	hard := func(p *process, pid int) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			p.desk.T.Error(err)
		}
	}
	provider := func(p *process) { hard(p, p.provider()) }
	cli := func(p *process) { hard(p, p.cmd.Process.Pid) }
	interrupt := func(p *process) {
		if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT); err != nil {
			p.desk.T.Error(err)
		}
	}
	return []crash{
		{"the provider is killed before the work", "before", provider, true, false},
		{"the provider is killed after the work", "after", provider, true, false},
		{"the CLI is killed before the work", "before", cli, true, true},
		{"the CLI is killed after the work", "after", cli, true, true},
		{"Ctrl-C before the work", "before", interrupt, false, false},
		{"Ctrl-C after the work", "after", interrupt, false, false},
	}
}

// TestCrash breaks an apply off at every request, and applies again: nothing is
// made twice but what the CLI itself can't know of, and of that the plan tells.
func TestCrash(t *testing.T) {
	t.Parallel()
	for _, f := range flows() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, f.Scenario)
			d.configure(f.Config)
			d.must("apply", "-auto-approve", "-input=false", "-parallelism=1")
			d.wantWhole(f, nil)
			for i, place := range d.Places() {
				for j, c := range crashes() {
					if !*all && (i+2*j)%7 != 0 {
						continue
					}
					t.Run(fmt.Sprintf("%s number %d/%s", place.Route, place.Nth+1, c.name), func(t *testing.T) {
						t.Parallel()
						c.run(t, f, place)
					})
				}
			}
		})
	}
}

func (c crash) run(t *testing.T, f flow, place faults.Place) {
	t.Helper()
	d := newDesk(t, f.Scenario)
	d.configure(f.Config)
	running := make(chan *process, 1)
	fault := faults.Fault{Interrupt: c.when}
	if c.loses && c.when == "before" {
		// What was killed waits for nothing; the work is not to be done then.
		fault.Effect = emulator.FaultEffect{Drop: "before"}
	}
	d.Set(place, fault, func() { c.strike(<-running) })
	p := d.start("apply", "-auto-approve", "-input=false", "-parallelism=1")
	running <- p
	said, code := p.wait()
	// A provider that outlives its CLI may still be at work on its last request.
	if !d.Clear() {
		t.Fatalf("the request was not made: %s", said)
	}
	switch {
	case code != 0:
	case c.loses:
		t.Errorf("it was broken off and reports a success: %s", said)
	default:
		// Ctrl-C lets the provider end the request, which may have been the last change.
		d.wantWhole(f, nil)
	}
	left := f.left(d)
	if mayBeLeft := c.forgets || c.loses && slices.Contains(f.mayLose, place.Route); len(left) > 0 && !mayBeLeft {
		t.Errorf("created and not in state: %v; %s", left, said)
	}

	again, code := d.apply()
	for _, id := range left {
		if !strings.Contains(again, id) {
			t.Errorf("%s is left, and nobody is told: %s", id, again)
		}
	}
	left, code, again = d.importRefused(f, left, code, again)
	if code != 0 {
		t.Fatalf("the next apply fails: %s", again)
	}
	if out, code := d.run("plan", "-detailed-exitcode", "-input=false"); code != 0 {
		t.Errorf("the plan after that is not empty: %s", out)
	}
	d.wantWhole(f, left)
}

// importRefused imports what the apply did not want to take over, and applies again.
func (d *desk) importRefused(f flow, left []string, code int, said string) (stillLeft []string, againCode int, again string) {
	d.T.Helper()
	imported := 0
	for _, id := range left {
		address := f.imports(id)
		if address == "" {
			stillLeft = append(stillLeft, id)
			continue
		}
		if code == 0 || !strings.Contains(said, "import it by the id "+id) {
			d.T.Errorf("exit code %d, and nobody is told to import %s: %s", code, id, said)
		}
		d.must("import", "-input=false", address, id)
		imported++
	}
	if imported > 0 {
		said, code = d.apply()
	}
	return stillLeft, code, said
}

// wantWhole asserts that everything is there once, and in state, but for what was left.
func (d *desk) wantWhole(f flow, left []string) {
	d.T.Helper()
	if after := f.left(d); !slices.Equal(after, left) {
		d.T.Errorf("in no state are %v, want %v", after, left)
	}
	if wrong := f.wrong(d, len(left)); wrong != "" {
		d.T.Error(wrong)
	}
}

// missing gives what exists and is not known.
func missing(existing, known map[string]bool) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(existing)), func(id string) bool { return known[id] })
}

// TestLeftoverIsImported follows the advice that the plan gives after a crash.
func TestLeftoverIsImported(t *testing.T) {
	t.Parallel()
	flow := faults.ClaimFlow()
	d := newDesk(t, flow)
	d.configure(flow.Config)
	running := make(chan *process, 1)
	d.Set(faults.Place{Route: "POST /projects"}, faults.Fault{Interrupt: "after"}, func() {
		p := <-running
		_ = syscall.Kill(p.provider(), syscall.SIGKILL)
		_ = syscall.Kill(p.cmd.Process.Pid, syscall.SIGKILL)
	})
	p := d.start("apply", "-auto-approve", "-input=false")
	running <- p
	p.wait()
	d.Clear()
	existing, known := d.projects()
	left := missing(existing, known)
	if len(left) != 1 {
		t.Fatalf("%v exist and %v are in state, want one that is left", existing, known)
	}
	if plan := d.must("plan", "-input=false"); !strings.Contains(plan, "by `import` with the id "+left[0]) {
		t.Fatalf("the plan does not say what is left: %s", plan)
	}
	d.must("import", "-input=false", faults.App, left[0])
	d.must("apply", "-auto-approve", "-input=false")
	existing, known = d.projects()
	if !existing[left[0]] || len(existing) != 1 || !known[left[0]] {
		t.Errorf("%v exist and %v are in state, want %s alone", existing, known, left[0])
	}
}

// TestCtrlCWhileNeonIsSilent: the CLI ends by itself, with what it knows in state.
func TestCtrlCWhileNeonIsSilent(t *testing.T) {
	t.Parallel()
	flow := faults.ClaimFlow()
	for _, route := range []string{"POST /projects", "POST /projects/{project_id}/transfer_requests"} {
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, flow)
			d.configure(flow.Config)
			running := make(chan *process, 1)
			hang := faults.Fault{Interrupt: "before", Effect: emulator.FaultEffect{Hang: emulator.Duration(time.Hour)}}
			d.Set(faults.Place{Route: route}, hang, func() { _ = syscall.Kill(-(<-running).cmd.Process.Pid, syscall.SIGINT) })
			p := d.start("apply", "-auto-approve", "-input=false")
			running <- p
			said, code := p.wait()
			d.Clear()
			if code != 1 || !strings.Contains(said, "perhaps created") && !strings.Contains(said, "Look in the Neon Console for a project") {
				t.Errorf("exit code %d, want 1 and what may have come of it: %s", code, said)
			}
			existing, known := d.projects()
			if left := missing(existing, known); len(left) > 0 {
				t.Errorf("not in state: %v", left)
			}
			if out, code := d.apply(); code != 0 {
				t.Errorf("the next apply fails: %s", out)
			}
		})
	}
}
