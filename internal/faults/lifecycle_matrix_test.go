package faults

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// lifecycleCell is one road of one resource, on which something may happen, or an
// answer be lost.
type lifecycleCell struct {
	Fixture
	Road
	happening *Happening // nil for nothing
	change    emulator.WorldChange
	fault     *Fault // nil for none
	place     Place
}

func (c lifecycleCell) String() string {
	name := c.Road.Name
	if c.happening != nil {
		name += "/" + c.happening.Name
	}
	if c.fault != nil {
		name += fmt.Sprintf("/%s number %d/%s", c.place.Route, c.place.Nth+1, c.fault.Name)
	}
	return name
}

// TestLifecycleMatrix takes each resource on each road to a change: by itself, with
// what others do before or between plan and apply, and with lost answers.
func TestLifecycleMatrix(t *testing.T) {
	t.Parallel()
	schemas := Schemas(t)
	var count, all atomic.Int64
	t.Cleanup(func() { fmt.Printf("lifecycle matrix: %d of %d cells were run\n", count.Load(), all.Load()) })
	for _, f := range Fixtures() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			for _, road := range f.Roads() {
				cells, want := plainRoad(t, f, road, schemas)
				for _, c := range cells {
					if all.Add(1); !isChosen(f.Name+"/"+c.String(), sampled()) {
						continue
					}
					count.Add(1)
					t.Run(c.String(), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) { c.run(t, want, schemas) })
					})
				}
			}
		})
	}
}

// plainRoad takes a road on which nothing happens. It gives the cells of the road,
// the one without a happening first, and what that comes to.
func plainRoad(t *testing.T, f Fixture, road Road, schemas *tfprotov6.GetProviderSchemaResponse) (cells []lifecycleCell, want usual) {
	t.Helper()
	plain := lifecycleCell{Fixture: f, Road: road}
	cells = append(cells, plain)
	synctest.Test(t, func(t *testing.T) {
		s := f.On(road)
		v := NewVirtual(t, s, schemas)
		defer v.Close()
		v.CLI.PlansStale = true
		v.Begin(t.Context(), s)
		before := v.Emu.Snapshot()
		victims := v.victims(s, before)
		for _, h := range Happenings() {
			if change, applies := h.Change(s, before, victims); applies {
				cells = append(cells, lifecycleCell{Fixture: f, Road: road, happening: &h, change: change})
			}
		}
		plain.Take(v, func() {})
		if road.IsLosable {
			for _, place := range v.Places() {
				for _, fault := range All() {
					if (Cell{Place: place, Fault: fault}).IsLie() {
						continue
					}
					if strings.Contains(fault.Name, "after the work") || strings.Contains(fault.Name, "empty answer") || strings.Contains(fault.Name, "garbage") {
						cells = append(cells, lifecycleCell{Fixture: f, Road: road, fault: &fault, place: place})
					}
				}
			}
		}
		requests := v.Emu.Requests()
		want.writes = writes(requests)
		v.Settle(t.Context(), Scenario{Config: road.Goal})
		want.created = created(v.Emu.Requests())
		end := v.Emu.Snapshot()
		want.objects, want.invitations, want.given = objects(end), invitedIn(end), gone(people(before), people(end))
	})
	return cells, want
}

func (c lifecycleCell) run(t *testing.T, want usual, schemas *tfprotov6.GetProviderSchemaResponse) {
	t.Helper()
	s := c.On(c.Road)
	v := NewVirtual(t, s, schemas)
	defer v.Close()
	v.CLI.PlansStale = true
	v.Begin(t.Context(), s)
	r := begin(t, v, s)
	if c.fault != nil {
		v.Set(c.place, *c.fault, nil)
	}
	result := r.ran(c.Take(v, func() { c.happens(v, c.change) }))
	v.Clear()
	if c.happening != nil && c.happening.Heals {
		c.happens(v, c.happening.Undo(c.change))
	}
	sent := writes(r.requests)
	if c.IsQuiet && c.happening == nil && len(sent) > 0 {
		r.fail("not quiet", "%v was sent", sent)
	}
	if c.IsRefused && !result.Failed() && c.happening == nil {
		r.fail("not refused", "the CLI should have refused")
	}
	r.isHealed = c.happening != nil && c.happening.Heals
	c.ends(r)
	c.comesTo(r, want)
}

// happens does what others do; nothing where the cell has none.
func (c lifecycleCell) happens(v *Virtual, change emulator.WorldChange) {
	if c.happening == nil {
		return
	}
	if err := v.Emu.Happen(change); err != nil {
		v.T.Errorf("%s: %v", c.happening.Name, err)
	}
}

// ends applies the goal until there is nothing to do. Where that is refused, what was
// there before has to work.
func (c lifecycleCell) ends(r *trial) {
	r.t.Helper()
	to := func(config string) bool {
		s := Scenario{Config: config}
		return r.settles(
			func() *minicli.Result { return r.v.Settle(r.t.Context(), s) },
			func() *minicli.Result { return r.v.Next(r.t.Context(), s) },
		)
	}
	if to(c.Goal) {
		return
	}
	if c.happening != nil && c.happening.Undo != nil && !c.happening.Heals {
		c.happens(r.v, c.happening.Undo(c.change))
		if to(c.Goal) {
			return
		}
	}
	if c.happening == nil && c.Goal != c.Before && !to(c.Before) {
		r.fail("wedged", "neither the goal nor what was there before can be applied")
	} else if c.happening == nil && c.Goal == c.Before {
		r.fail("wedged", "what was there before can't be applied any more")
	}
}

// comesTo looks at the world in the end.
func (c lifecycleCell) comesTo(r *trial, want usual) {
	r.t.Helper()
	var h Happening
	if c.happening != nil {
		h = *c.happening
	}
	hasSeen := !c.IsSaved && !c.Options.NoRefresh
	r.touchesOnlyOurs(func(i int, request emulator.RequestRecord) bool {
		return request.Route == transferRoute && request.Owner == c.change.Org && r.claimable == "false" && (hasSeen || i >= r.first)
	})
	left := ""
	if h.Ends && c.change.Email != "" {
		left = c.change.Email
	}
	r.keepsPeople(c.givenUp(r), left)
	projects := want.created + created0(want)
	if h.Ends && c.change.Project != "" || h.ToOthers && r.claimable == "false" {
		projects++
	}
	r.makesNothingTwice(projects, r.mayInvite(want.invitations, h, c.change))
	due := want.objects
	if c.happening == nil && c.IsQuiet {
		due = objects(r.before)
	}
	r.losesNothing(due, h.excuses(c.change, r.claimable))
}

// created0 counts the projects that the command itself made.
func created0(want usual) int {
	n := 0
	for _, route := range want.writes {
		if route == "POST /projects" {
			n++
		}
	}
	return n
}

// givenUp are the people whom the goal does not name: the road takes their seat.
func (c lifecycleCell) givenUp(r *trial) map[string]bool {
	given := map[string]bool{}
	goal := r.v.Expand(c.Goal)
	for key, email := range people(r.before) {
		_, user, _ := strings.Cut(key, "/")
		isNamed := strings.Contains(goal, email) || strings.Contains(goal, user)
		wasNamed := strings.Contains(r.v.Expand(c.Before), email) || strings.Contains(r.v.Expand(c.Before), user)
		given[key] = wasNamed && !isNamed && !slices.Contains([]string{"keep", "demote"}, fmt.Sprint(c.Args["on_destroy"])) && !c.IsQuiet
	}
	return given
}
