package neon

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// All the missing projects share the pause, the list and the recoverable projects.
func TestWhatBecameOfProjects(t *testing.T) {
	t.Parallel()
	const own, list = "GET /projects/%s", "GET /projects"
	const listed = `{"projects":[{"id":"q","owner_id":"org-a-1","settings":{},"default_endpoint_settings":{},"history_retention_seconds":0}]}`
	home := "org-a-1"
	none := ok(`{"projects":[]}`)
	for name, test := range map[string]struct {
		steps []step
		home  string
		want  [2]Fate
		fails bool
		calls int
	}{
		"one is deleted":                {steps: []step{none, ok(`{"projects":[{"id":"q","recoverable_until":"2026-01-08T00:00:00Z"}]}`)}, home: home, want: [2]Fate{FateVanished, FateDeleted}, calls: 2},
		"one is deleted, and slow":      {steps: []step{none, ok(`{"projects":[],"unavailable_project_ids":["p"]}`)}, home: home, want: [2]Fate{FateDeleted, FateVanished}, calls: 2},
		"one is listed":                 {steps: []step{ok(listed), none}, home: home, want: [2]Fate{FateVanished, FateOurs}, calls: 2},
		"one is listed and unavailable": {steps: []step{ok(`{"projects":[],"unavailable_project_ids":["q"]}`)}, home: home, fails: true, calls: 1},
		"the list is refused":           {steps: []step{status(403)}, home: home, fails: true, calls: 1},
		"a personal account":            {fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, test.steps...)
				found, err := client.FindMissing(t.Context(), []string{"p", "q"}, test.home)
				if _, isUndecided := errors.AsType[*UndecidedError](err); isUndecided != test.fails || err != nil && !test.fails {
					t.Fatalf("got %v", err)
				}
				if !test.fails && (found["p"].Fate != test.want[0] || found["q"].Fate != test.want[1]) {
					t.Errorf("got %+v", found)
				}
				if n := len(script.routes()); n != test.calls {
					t.Errorf("%d calls: %v", n, script.routes())
				}
			})
		})
	}
	t.Run("located twice", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			shown := func(id string) step { return ok(fmt.Sprintf(`{"project":{"id":%q,"owner_id":"org-b-2"}}`, id)) }
			// p was missing before, so that it is asked for once.
			client, script := scriptedClient(t, none, status(404), status(404), status(404), shown("q"), status(404))
			began := time.Now()
			places, err := client.LocateProjectsAgain(t.Context(), []string{"p", "q", "r"}, []string{"p"}, "org-a-1")
			if err != nil || places["p"].Err == nil || places["q"].OwnerID != "org-b-2" || places["r"].Err == nil {
				t.Errorf("got %+v, %v", places, err)
			}
			if pause := time.Since(began); pause < 3*time.Second || pause > 4*time.Second {
				t.Errorf("the looks are %s apart", pause)
			}
			wantCalls(t, script, list, fmt.Sprintf(own, "p"), fmt.Sprintf(own, "q"), fmt.Sprintf(own, "r"), fmt.Sprintf(own, "q"), fmt.Sprintf(own, "r"))
		})
	})
}
