package faults

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// The moments of a scenario besides its requests.
const (
	beforeCommand = "before the command"
	afterPlan     = "between plan and apply"
	beforeNext    = "before the next command"
)

// moment is when something happens: at a request, or at one of the moments above.
type moment struct {
	name    string
	place   Place
	victims victims
	world   emulator.Snapshot
}

// worldCell is one happening at one moment of a scenario.
type worldCell struct {
	Scenario
	Happening
	moment
	want usual
}

// usual is what a scenario comes to where nothing happens.
type usual struct {
	objects     map[string]object
	writes      []string // of the command
	created     int      // projects, by the command and the one after it
	given       map[string]bool
	invitations map[string]int
}

// TestWorldMatrix lets things happen at Neon at each request of each scenario, between
// plan and apply, and between two commands.
func TestWorldMatrix(t *testing.T) {
	t.Parallel()
	schemas := Schemas(t)
	var count, all atomic.Int64
	t.Cleanup(func() { fmt.Printf("world matrix: %d of %d cells were run\n", count.Load(), all.Load()) })
	for _, s := range worldScenarios() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			moments, want := unhappened(t, s, schemas)
			for _, m := range moments {
				for _, h := range Happenings() {
					c := worldCell{s, h, m, want}
					if _, applies := h.Change(s, m.world, m.victims); !applies {
						continue
					}
					if all.Add(1); !isChosen(s.Name+"/"+c.String(), sampled()) {
						continue
					}
					count.Add(1)
					t.Run(c.String(), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) { c.run(t, schemas) })
					})
				}
			}
		})
	}
}

func (c worldCell) String() string { return c.name + "/" + c.Happening.Name }

// thinning makes the sample of a matrix of which every undisturbed run costs as well.
const thinning = 3

// sampled is how many cells there are for one that is run.
func sampled() uint32 {
	if *every == 1 {
		return 1
	}
	return uint32(*every) * thinning
}

// isChosen picks about one of so many names, always the same ones.
func isChosen(name string, every uint32) bool {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name))
	return hash.Sum32()%every == 0
}

// unhappened runs a scenario in which nothing happens. It gives the moments at which
// something could.
func unhappened(t *testing.T, s Scenario, schemas *tfprotov6.GetProviderSchemaResponse) (moments []moment, want usual) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		v := NewVirtual(t, s, schemas)
		defer v.Close()
		v.CLI.PlansStale = s.PlansStale
		v.Begin(t.Context(), s)
		r := begin(t, v, s)
		note := func(name string) {
			world := v.Emu.Snapshot()
			moments = append(moments, moment{name: name, world: world, victims: v.victims(s, world)})
		}
		note(beforeCommand)
		if isApplied(s) {
			note(afterPlan)
		}
		first := len(moments)
		v.watch = func() { note("") }
		if result := v.Run(t.Context(), s); result.Failed() {
			t.Fatalf("fails although nothing happens: %s", result)
		}
		v.watch = nil
		for i, place := range v.Places() {
			moments[first+i].place, moments[first+i].name = place, fmt.Sprintf("%s number %d", place.Route, place.Nth+1)
		}
		want.writes = writes(v.Emu.Requests())
		r.ran(&minicli.Result{})
		note(beforeNext)
		if result := r.ran(v.Settle(t.Context(), s)); result.Failed() {
			t.Fatalf("the next command fails although nothing happens: %s", result)
		}
		want.created = created(r.requests)
		end := v.Emu.Snapshot()
		want.objects, want.invitations, want.given = objects(end), invitedIn(end), gone(people(r.before), people(end))
	})
	return moments, want
}

// isApplied reports whether a scenario's command makes a plan and carries it out.
func isApplied(s Scenario) bool {
	return s.Of == "" && slices.Contains([]string{Apply, Destroy}, cmp.Or(s.Command, Apply))
}

func (c worldCell) run(t *testing.T, schemas *tfprotov6.GetProviderSchemaResponse) {
	t.Helper()
	v := NewVirtual(t, c.Scenario, schemas)
	defer v.Close()
	v.CLI.PlansStale = c.PlansStale
	v.Begin(t.Context(), c.Scenario)
	r := begin(t, v, c.Scenario)
	change, _ := c.Change(c.Scenario, c.world, c.victims)
	happen := func() {
		if err := v.Emu.Happen(change); err != nil {
			t.Errorf("%s: %v", c.Happening.Name, err)
		}
	}
	v.Phases = nil
	if c.Command == Import && c.name != beforeNext {
		r.wasIn[change.Org] = true // whose project is imported shows when it is read
	}
	result, at := c.command(v, happen)
	hasSeen := at == 0 || len(v.Phases) > 1 && at <= v.Phases[len(v.Phases)-1] // before the last phase, so that the plan may have seen it
	r.ran(result)
	if c.name == beforeNext {
		happen()
	}
	v.Emu.ClearFaults()
	undo := func() {
		if err := v.Emu.Happen(c.Undo(change)); err != nil {
			t.Errorf("undoing %s: %v", c.Happening.Name, err)
		}
	}
	if c.Heals {
		undo()
	}
	if c.name != beforeNext && c.TakesAway {
		c.saysSo(r, change)
	}
	r.isHealed = c.Heals
	settle := func() *minicli.Result { return v.Settle(t.Context(), c.Scenario) }
	plan := func() *minicli.Result { return v.Next(t.Context(), c.Scenario) }
	if !r.settles(settle, plan) && c.Undo != nil && !c.Heals {
		undo()
		if !r.settles(settle, plan) {
			r.fail("doesn't heal", "it fails although the reason is gone")
		}
	} else if c.Heals && r.results[1].Failed() {
		r.fail("doesn't heal", "it fails although the reason is gone")
	}
	r.touchesOnlyOurs(func(i int, request emulator.RequestRecord) bool {
		isTransfer := request.Route == transferRoute && request.Owner == change.Org && r.claimable == "false"
		return i+1 == at || isTransfer && (i >= r.first || hasSeen)
	})
	c.comesTo(r, change)
}

// transferRoute moves projects out of an organization.
const transferRoute = "POST /organizations/{source_org_id}/projects/transfer"

// command runs the command, and lets it happen at its moment. It gives the number of
// the request that met it, from 1; 0 for none.
func (c worldCell) command(v *Virtual, happen func()) (result *minicli.Result, at int) {
	ctx := v.T.Context()
	switch c.name {
	case beforeCommand:
		happen()
		return v.Run(ctx, c.Scenario), 0
	case beforeNext:
		return v.Run(ctx, c.Scenario), 0
	case afterPlan:
		saved, planned := v.CLI.Save(ctx, v.parse(c.Config), minicli.Options{Destroy: c.Command == Destroy})
		if saved == nil {
			return planned, 0
		}
		happen()
		return v.CLI.ApplyPlan(ctx, saved), -1
	}
	v.Strike(c.place, func() {
		at = v.Emu.CountRequests() + 1
		happen()
	})
	result = v.Run(ctx, c.Scenario)
	if !v.struck() {
		v.T.Fatalf("the request was not made; the run is not the same each time:\n%s", result)
	}
	return result, at
}

// saysSo looks whether a command that did otherwise than usual, because somebody else
// has the project, said so.
func (c worldCell) saysSo(r *trial, change emulator.WorldChange) {
	r.t.Helper()
	if slices.Equal(writes(r.requests), c.want.writes) || r.says(change.Project, change.Org) {
		return
	}
	r.fail("silent", "it did %v instead of %v, and didn't say why", writes(r.requests), c.want.writes)
}

// comesTo looks at the world in the end.
func (c worldCell) comesTo(r *trial, change emulator.WorldChange) {
	r.t.Helper()
	left := ""
	if c.Ends && change.Email != "" {
		left = change.Email
	}
	r.keepsPeople(c.want.given, left)
	projects := c.want.created
	if c.Ends && change.Project != "" || c.ToOthers && r.claimable == "false" {
		projects++
	}
	r.makesNothingTwice(projects, r.mayInvite(c.want.invitations, c.Happening, change))
	r.losesNothing(c.want.objects, c.excuses(change, r.claimable))
}
