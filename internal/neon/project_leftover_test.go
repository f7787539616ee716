package neon

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"
)

func TestLeftoverIsYoungAndOfThisNameAndMarked(t *testing.T) {
	t.Parallel()
	listed := func(name string, age time.Duration) step {
		body, _ := json.Marshal(ProjectsPage{Projects: []ProjectListItem{{ProjectFields: ProjectFields{ID: "p", Name: name, CreatedAt: time.Now().Add(-age)}}}})
		return ok(string(body))
	}
	const unmarked = `{"branches":[{"id":"br-a","default":true}],"annotations":{}}`
	const list, branches = "GET /projects", "GET /projects/p/branches"
	for name, test := range map[string]struct {
		steps []step
		want  []string
		found bool
	}{
		"it is":                {[]step{listed("shop", time.Minute), ok(noBranches)}, []string{list, branches}, true},
		"another's name":       {[]step{listed("shop-2", time.Minute)}, []string{list}, false},
		"too old":              {[]step{listed("shop", 25*time.Hour)}, []string{list}, false},
		"made by other means":  {[]step{listed("shop", time.Minute), ok(unmarked)}, []string{list, branches}, false},
		"marked on a branch":   {[]step{listed("shop", time.Minute), ok(otherBranch)}, []string{list, branches}, false},
		"gone by now":          {[]step{listed("shop", time.Minute), status(404)}, []string{list, branches}, false},
		"there is none at all": {[]step{ok(`{"projects":[]}`)}, []string{list}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scriptedClient(t, test.steps...)
			found, err := client.FindLeftovers(t.Context(), "org-a-1", "shop")
			if err != nil || (len(found) == 1) != test.found {
				t.Errorf("got %v, %v", found, err)
			}
			wantCalls(t, script, test.want...)
		})
	}
}

// A plan of many projects lists the organization, and does so once.
func TestLookingForManyLeftoversTakesFewRequests(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t)
	for range leftoverSearches + 1 {
		script.steps = append(script.steps, ok(`{"projects":[]}`))
	}
	for i := range 500 {
		if _, err := client.FindLeftovers(t.Context(), "org-a-1", strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := script.seen[leftoverSearches].URL.Query(); got.Has("search") {
		t.Errorf("the whole organization is asked for by %v", got)
	}
}
