package neon

import (
	"fmt"
	"testing"
	"testing/synctest"
)

// Nothing is concluded from a list that can't be read: a project that is taken for
// gone is created once more.
func TestUnreadableListsSayNothingOfAProject(t *testing.T) {
	t.Parallel()
	none := ok(`{"projects":[]}`)
	for name, lists := range map[string][]step{
		"list, 401":                       {status(401)},
		"list, 422":                       {status(422)},
		"second list, 401":                {none, status(401)},
		"second list, 404":                {none, status(404)},
		"recoverable projects, 401":       {none, none, status(401)},
		"recoverable projects, 403":       {none, none, status(403)},
		"recoverable projects, 404":       {none, none, status(404)},
		"second recoverable, 401":         {none, none, none, status(401)},
		"second page of the list, 401":    {ok(fmt.Sprintf(`{"projects":[%s],"pagination":{"cursor":"x"}}`, otherProject)), status(401)},
		"second page of recoverable, 401": {none, none, ok(fmt.Sprintf(`{"projects":[%s],"pagination":{"cursor":"x"}}`, otherProject)), status(401)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, append([]step{status(404), status(404)}, lists...)...)
				found, err := client.Find(t.Context(), "p", Home{OrgIDs: []string{orgA, orgB}}, OwnedBy(orgA))
				if err == nil || found != nil {
					t.Errorf("got %+v, %v, want an error", found, err)
				}
				if len(script.steps) != 0 {
					t.Errorf("%d answers were not asked for", len(script.steps))
				}
			})
		})
	}
}

const otherProject = `{"id":"other","owner_id":"org-a-1"}`

// A project may have gone to any of its homes.
func TestEveryHomeIsLookedThrough(t *testing.T) {
	t.Parallel()
	none, recoverable := ok(`{"projects":[]}`), ok(`{"projects":[{"id":"p","recoverable_until":"2026-01-08T00:00:00Z"}]}`)
	for name, tt := range map[string]struct {
		lists []step
		want  Fate
	}{
		"listed in the second":      {[]step{none, ok(`{"projects":[{"id":"p","owner_id":"org-b-2","settings":{},"default_endpoint_settings":{},"history_retention_seconds":0}]}`)}, FateTaken},
		"recoverable in the second": {[]step{none, none, none, recoverable}, FateDeleted},
		"in none":                   {[]step{none, none, none, none}, FateVanished},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, append([]step{status(404), status(404)}, tt.lists...)...)
				found, err := client.Find(t.Context(), "p", Home{OrgIDs: []string{orgA, orgB}}, OwnedBy(orgA))
				if err != nil || found.Fate != tt.want {
					t.Errorf("got %+v, %v, want fate %d", found, err, tt.want)
				}
				if found != nil && (found.RecoverableUntil != nil) != (tt.want == FateDeleted) {
					t.Errorf("recoverable until %v", found.RecoverableUntil)
				}
				for i, orgID := range []string{orgA, orgB, orgA, orgB}[:len(tt.lists)] {
					query := script.seen[2+i].URL.Query()
					if query.Get("org_id") != orgID || query.Has("recoverable") != (i >= 2) {
						t.Errorf("list %d was asked for with %v", i, query)
					}
				}
			})
		})
	}
}
