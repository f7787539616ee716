package neon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// routes lists the calls that were made, as method and path below the base.
func (s *scripted) routes() []string {
	var calls []string
	for _, r := range s.seen {
		calls = append(calls, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v2"))
	}
	return calls
}

func wantCalls(t *testing.T, s *scripted, want ...string) {
	t.Helper()
	if got := strings.Join(s.routes(), ", "); got != strings.Join(want, ", ") {
		t.Errorf("calls: %s\nwant:  %s", got, strings.Join(want, ", "))
	}
}

// created answers as a project list with one project made just now.
func created(id string) step {
	body, _ := json.Marshal(ProjectsPage{Projects: []ProjectListItem{{ProjectFields: ProjectFields{ID: id, CreatedAt: time.Now()}}}})
	return ok(string(body))
}

// marked stands for an answer in which a branch carries the token that was sent.
const marked = `{"branches":[{"id":"br-b","project_id":"late"},{"id":"br-a","project_id":"late","default":true}],"annotations":{"br-a":{"object":{"type":"branch","id":"br-a"},"value":{"terraform-create-token":"TOKEN"}}}}`

const noBranches = `{"branches":[{"id":"br-a","default":true}],"annotations":{"br-a":{"object":{"type":"branch","id":"br-a"},"value":{"terraform-create-token":"another"}}}}`

// otherBranch stands for an answer in which another branch than the default one
// carries the token.
const otherBranch = `{"branches":[{"id":"br-b","default":true},{"id":"br-a"}],"annotations":{"br-a":{"object":{"type":"branch","id":"br-a"},"value":{"terraform-create-token":"TOKEN"}}}}`

func TestLostCreationIsLookedForBeforeItIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, script := scriptedClient(t, cut())
		for range createLooks {
			// A project of the same name is there, but it carries another token.
			script.steps = append(script.steps, created("other"), ok(noBranches))
		}
		// After the second request the first one's project turns up, and goes again.
		script.steps = append(script.steps, step{status: 201, body: `{"project":{"id":"made"}}`}, created("late"), ok(marked),
			ok(`{"project":{"id":"late","owner_id":"org-a-1"}}`), ok(okProject))
		made, err := client.CreateProject(t.Context(), ProjectCreate{Name: new("shop"), OrgID: new("org-a-1")})
		if err != nil || made.Project.ID != "made" {
			t.Fatalf("got %v, %v", made, err)
		}
		wantCalls(t, script, "POST /projects",
			"GET /projects", "GET /projects/other/branches", "GET /projects", "GET /projects/other/branches", "GET /projects", "GET /projects/other/branches",
			"POST /projects", "GET /projects", "GET /projects/late/branches", "GET /projects/late", "DELETE /projects/late")
	})
}

// lookedFor are the requests of a patient look that finds nothing.
var lookedFor = []string{"GET /projects", "GET /projects", "GET /projects"}

const noProjects = `{"projects":[]}`

// A creation that was sent twice comes with what has to be known to find a second
// project later, whatever was seen by then.
func TestCreationThatWasSentTwiceIsInDoubt(t *testing.T) {
	t.Parallel()
	none := []step{ok(noProjects), ok(noProjects), ok(noProjects)}
	const lateProject = `{"project":{"id":"late","owner_id":"org-a-1"}}`
	madeIt := step{status: 201, body: `{"project":{"id":"made","owner_id":"org-a-1"}}`}
	for name, test := range map[string]struct {
		steps   []step // after the first answer, which is lost
		want    []string
		made    string
		inDoubt bool
		deleted []string
		isOpen  bool // it could not be settled
	}{
		"found at once": {
			steps: []step{created("late"), ok(marked), ok(lateProject), ok(`{"endpoints":[]}`), ok(`{"operations":[]}`)}, made: "late",
			want: []string{"GET /projects", "GET /projects/late/branches", "GET /projects/late", "GET /projects/late/endpoints", "GET /projects/late/operations"},
		},
		"sent again, and no second one seen": {
			steps: slices.Concat(none, []step{madeIt, created("made")}), made: "made", inDoubt: true,
			want: slices.Concat(lookedFor, []string{"POST /projects", "GET /projects"}),
		},
		"sent again, and a second one deleted": {
			steps: slices.Concat(none, []step{madeIt, created("late"), ok(marked), ok(lateProject), ok(okProject)}), made: "made", inDoubt: true, deleted: []string{"late"},
			want: slices.Concat(lookedFor, []string{"POST /projects", "GET /projects", "GET /projects/late/branches", "GET /projects/late", "DELETE /projects/late"}),
		},
		"the mark is not on the default branch": {
			steps: slices.Concat(none, []step{madeIt, created("late"), ok(otherBranch)}), made: "made", inDoubt: true,
			want: slices.Concat(lookedFor, []string{"POST /projects", "GET /projects", "GET /projects/late/branches"}),
		},
		"a second one that can't be deleted": {
			steps: slices.Concat(none, []step{madeIt, created("late"), ok(marked), ok(lateProject), status(403)}), made: "made", inDoubt: true, isOpen: true,
			want: slices.Concat(lookedFor, []string{"POST /projects", "GET /projects", "GET /projects/late/branches", "GET /projects/late", "DELETE /projects/late"}),
		},
		"a second one that somebody has by now": {
			steps: slices.Concat(none, []step{madeIt, created("late"), ok(marked), ok(`{"project":{"id":"late","owner_id":"org-b-2"}}`)}), made: "made", inDoubt: true, isOpen: true,
			want: slices.Concat(lookedFor, []string{"POST /projects", "GET /projects", "GET /projects/late/branches", "GET /projects/late"}),
		},
		"a second one that can't be looked for": {
			steps: slices.Concat(none, []step{madeIt, status(403)}), made: "made", inDoubt: true, isOpen: true,
			want: slices.Concat(lookedFor, []string{"POST /projects", "GET /projects"}),
		},
		"sent again, lost again, and found": {
			steps: slices.Concat(none, []step{cut(), created("late"), ok(marked), ok(lateProject), ok(`{"endpoints":[]}`), ok(`{"operations":[]}`), created("late")}), made: "late", inDoubt: true,
			want: slices.Concat(lookedFor, []string{"POST /projects", "GET /projects", "GET /projects/late/branches", "GET /projects/late", "GET /projects/late/endpoints", "GET /projects/late/operations", "GET /projects"}),
		},
		"sent again, and refused": {
			steps: slices.Concat(none, []step{status(422)}),
			want:  slices.Concat(lookedFor, []string{"POST /projects"}),
		},
		"sent again, lost again, and not seen": {
			steps: slices.Concat(none, []step{cut()}, none),
			want:  slices.Concat(lookedFor, []string{"POST /projects"}, lookedFor),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, append([]step{status(504)}, test.steps...)...)
				sent := time.Now()
				made, err := client.CreateProject(t.Context(), ProjectCreate{Name: new("shop"), OrgID: new("org-a-1")})
				wantCalls(t, script, append([]string{"POST /projects"}, test.want...)...)
				if test.made == "" {
					if made != nil || !IsOutcomeUnknown(err) {
						t.Errorf("got %v, %v, want an unknown outcome", made, err)
					}
					return
				}
				if err != nil || made.Project.ID != test.made || (made.Doubt != nil) != test.inDoubt || !slices.Equal(made.DeletedTwins, test.deleted) || (made.TwinErr != nil) != test.isOpen {
					t.Fatalf("got %+v, %v", made, err)
				}
				if test.inDoubt {
					want := CreationDoubt{Token: script.token, OrgID: "org-a-1", Name: "shop", SentAt: sent, KeptID: test.made}
					if *made.Doubt != want || want.Token == "" {
						t.Errorf("the doubt is %+v, want %+v", *made.Doubt, want)
					}
				}
			})
		})
	}
}

func TestTwinIsFoundByItsMarkAndName(t *testing.T) {
	t.Parallel()
	listed := func(id, name string) step {
		body, _ := json.Marshal(ProjectsPage{Projects: []ProjectListItem{{ProjectFields: ProjectFields{ID: id, Name: name, CreatedAt: time.Now()}}}})
		return ok(string(body))
	}
	const ours = `{"branches":[{"id":"br-a","default":true}],"annotations":{"br-a":{"object":{"type":"branch","id":"br-a"},"value":{"terraform-create-token":"ours"}}}}`
	for name, test := range map[string]struct {
		name    string
		steps   []step
		isFound bool
		fails   bool
	}{
		"it is":                    {name: "shop", steps: []step{listed("late", "shop"), ok(ours)}, isFound: true},
		"it was given a name":      {steps: []step{listed("late", "late"), ok(ours)}, isFound: true},
		"another's":                {name: "shop", steps: []step{listed("late", "shop"), ok(noBranches)}},
		"renamed":                  {name: "shop", steps: []step{listed("late", "shop-2"), ok(ours)}},
		"renamed from its id":      {steps: []step{listed("late", "shop"), ok(ours)}},
		"the kept one":             {name: "shop", steps: []step{listed("kept", "shop")}},
		"gone":                     {name: "shop", steps: []step{ok(noProjects)}},
		"gone since it was listed": {name: "shop", steps: []step{listed("late", "shop"), status(404)}},
		"not to be looked for":     {name: "shop", steps: []step{status(403)}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scriptedClient(t, test.steps...)
			twins, err := client.FindTwins(t.Context(), CreationDoubt{Token: "ours", OrgID: "org-a-1", Name: test.name, SentAt: time.Now(), KeptID: "kept"})
			if (err != nil) != test.fails || (len(twins) == 1) != test.isFound || test.isFound && twins[0].ID != "late" {
				t.Errorf("got %v, %v", twins, err)
			}
			if len(script.seen) != len(test.steps) {
				t.Errorf("calls: %v", script.routes())
			}
			if query := script.seen[0].URL.Query(); query.Get("org_id") != "org-a-1" || query.Get("search") != test.name {
				t.Errorf("it asks for %v", query)
			}
		})
	}
}

func TestDoubtLastsADay(t *testing.T) {
	t.Parallel()
	now := time.Now()
	doubt := CreationDoubt{SentAt: now}
	if doubt.IsOver(now.Add(24*time.Hour-time.Second)) || !doubt.IsOver(now.Add(24*time.Hour)) {
		t.Error("it does not last 24 hours")
	}
}

func TestLostCreationThatCannotBeLookedForIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, script := scriptedClient(t, cut(), status(403))
		_, err := client.CreateProject(t.Context(), ProjectCreate{})
		if !IsOutcomeUnknown(err) {
			t.Errorf("got %v, want an unknown outcome", err)
		}
		wantCalls(t, script, "POST /projects", "GET /projects")
	})
}

func TestRefusedCreationIsNotRepeated(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t, status(422))
	_, err := client.CreateProject(t.Context(), ProjectCreate{})
	if err == nil || IsOutcomeUnknown(err) {
		t.Errorf("got %v, want a refusal", err)
	}
	wantCalls(t, script, "POST /projects")
}

func TestLostDeletion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		look      []step
		want      []string
		isGone    bool
		isUnknown bool
	}{
		"it was done":        {look: []step{status(404)}, want: []string{"GET /projects/p"}, isGone: true},
		"it was not done":    {look: []step{ok(ownProject), ok(okProject)}, want: []string{"GET /projects/p", "DELETE /projects/p"}},
		"it was claimed":     {look: []step{ok(takenProject)}, want: []string{"GET /projects/p"}, isUnknown: true},
		"nobody can tell":    {look: []step{status(403)}, want: []string{"GET /projects/p"}, isUnknown: true},
		"and is lost again ": {look: []step{ok(ownProject), cut()}, want: []string{"GET /projects/p", "DELETE /projects/p"}, isUnknown: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scriptedClient(t, append([]step{cut()}, test.look...)...)
			err := held(client, "p").Delete(t.Context())
			if IsNotFound(err) != test.isGone || IsOutcomeUnknown(err) != test.isUnknown {
				t.Errorf("got %v", err)
			}
			wantCalls(t, script, append([]string{"DELETE /projects/p"}, test.want...)...)
		})
	}
}

func TestLostMove(t *testing.T) {
	t.Parallel()
	const move = "POST /organizations/org-a-1/projects/transfer"
	for name, test := range map[string]struct {
		look []step
		want []string
	}{
		"it was done":     {[]step{ok(`{"project":{"id":"p","org_id":"org-b-2","owner_id":"org-b-2"}}`)}, []string{"GET /projects/p"}},
		"it was not done": {[]step{ok(`{"project":{"id":"p","org_id":"org-a-1","owner_id":"org-a-1"}}`), ok(`{}`)}, []string{"GET /projects/p", move}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scriptedClient(t, append([]step{status(502)}, test.look...)...)
			if err := client.MoveProject(t.Context(), "p", "org-a-1", "org-b-2"); err != nil {
				t.Error(err)
			}
			wantCalls(t, script, append([]string{move}, test.want...)...)
		})
	}
}

func TestClaim(t *testing.T) {
	t.Parallel()
	const accept = "PUT /projects/p/transfer_requests/r"
	done := step{status: http.StatusNoContent}
	ours, theirs := ok(`{"project":{"id":"p","owner_id":"org-b-2","org_id":"org-b-2"}}`), status(404)
	for name, test := range map[string]struct {
		steps   []step
		want    []string
		wasDone bool
		fails   bool
	}{
		"accepted":                    {steps: []step{done, ours}, want: []string{accept, "GET /projects/p"}},
		"accepted, owner not to see":  {steps: []step{done, status(403)}, want: []string{accept, "GET /projects/p"}},
		"lost, and done":              {steps: []step{cut(), ours}, want: []string{accept, "GET /projects/p"}},
		"lost, and not done":          {steps: []step{cut(), theirs, done, ours}, want: []string{accept, "GET /projects/p", accept, "GET /projects/p"}},
		"used by an earlier apply":    {steps: []step{status(404), ours}, want: []string{accept, "GET /projects/p"}, wasDone: true},
		"used by somebody else":       {steps: []step{status(404), theirs}, want: []string{accept, "GET /projects/p"}, fails: true},
		"expired":                     {steps: []step{status(400), theirs}, want: []string{accept, "GET /projects/p"}, fails: true},
		"refused by the plan":         {steps: []step{{status: 406, body: `{"reasons":[{"code":"c","message":"m"}]}`}}, want: []string{accept}, fails: true},
		"not a member of the account": {steps: []step{status(403)}, want: []string{accept}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scriptedClient(t, test.steps...)
			claimed, err := client.ClaimProject(t.Context(), "p", "r", "org-b-2")
			if (err != nil) != test.fails {
				t.Fatalf("error %v, want one: %v", err, test.fails)
			}
			if err == nil && (claimed.OwnerID != "org-b-2" || claimed.WasDone != test.wasDone) {
				t.Errorf("got %+v", claimed)
			}
			wantCalls(t, script, test.want...)
		})
	}
}

// A missing project is missing only if its own address says so twice, and the list of
// its organization does not have it either.
func TestWhatBecameOfAProject(t *testing.T) {
	t.Parallel()
	const ours, theirs = `{"project":{"id":"p","owner_id":"org-a-1","org_id":"org-a-1"}}`, `{"project":{"id":"p","owner_id":"org-b-2","org_id":"org-b-2"}}`
	const listedItem = `{"projects":[{"id":"p","owner_id":"%s","settings":{},"default_endpoint_settings":{},"history_retention_seconds":0}]}`
	none, recoverable := ok(`{"projects":[]}`), ok(`{"projects":[{"id":"p","recoverable_until":"2026-01-08T00:00:00Z"}]}`)
	const own, list = "GET /projects/p", "GET /projects"
	hidden, undecided := func(err error) bool {
		_, is := errors.AsType[*OwnerNotVisibleError](err)
		return is
	}, func(err error) bool {
		_, is := errors.AsType[*UndecidedError](err)
		return is
	}
	for name, test := range map[string]struct {
		steps []step
		// isPersonal: the project was in a personal account.
		isPersonal bool
		// isRead: nothing is to be written, so that a list is enough.
		isRead bool
		want   Fate
		fails  func(error) bool
		calls  []string
	}{
		"ours":                         {steps: []step{ok(ours)}, want: FateOurs, calls: []string{own}},
		"taken":                        {steps: []step{ok(theirs)}, want: FateTaken, calls: []string{own}},
		"hidden for a moment":          {steps: []step{status(404), ok(ours)}, want: FateOurs, calls: []string{own, own}},
		"hidden, and taken":            {steps: []step{status(403), ok(theirs)}, want: FateTaken, calls: []string{own, own}},
		"deleted":                      {steps: []step{status(404), status(404), none, recoverable}, want: FateDeleted, calls: []string{own, own, list, list}},
		"deleted, and slow":            {steps: []step{status(404), status(404), none, ok(`{"projects":[],"unavailable_project_ids":["p"]}`)}, want: FateDeleted},
		"vanished":                     {steps: []step{status(404), status(404), none, none}, want: FateVanished, calls: []string{own, own, list, list}},
		"listed all the same":          {isRead: true, steps: []step{status(404), status(404), ok(fmt.Sprintf(listedItem, "org-a-1"))}, want: FateOurs, calls: []string{own, own, list}},
		"listed, and to be written to": {steps: []step{status(404), status(404), ok(fmt.Sprintf(listedItem, "org-a-1"))}, fails: undecided},
		"listed as somebody else's":    {steps: []step{status(404), status(404), ok(fmt.Sprintf(listedItem, "org-b-2"))}, want: FateTaken},
		"listed as unavailable":        {steps: []step{status(404), status(404), ok(`{"projects":[],"unavailable_project_ids":["p"]}`)}, fails: undecided},
		"organization not to be seen":  {steps: []step{status(404), status(404), status(404)}, fails: hidden},
		"organization forbidden":       {steps: []step{status(404), status(404), status(403)}, fails: hidden},
		"a personal project":           {steps: []step{status(404), status(404)}, isPersonal: true, fails: undecided, calls: []string{own, own}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, test.steps...)
				home := Home{OrgIDs: []string{orgA}}
				if test.isPersonal {
					home = Home{}
				}
				began := time.Now()
				find := client.Find
				if test.isRead {
					find = func(ctx context.Context, id string, home Home, owners Owners) (*Finding, error) {
						_, err := client.GetProject(ctx, id)
						return client.Resolve(ctx, id, home, owners, err)
					}
				}
				found, err := find(t.Context(), "p", home, OwnedBy("org-a-1"))
				switch {
				case test.fails != nil:
					if err == nil || !test.fails(err) {
						t.Errorf("got %+v, %v", found, err)
					}
				case err != nil || found.Fate != test.want:
					t.Errorf("got %+v, %v", found, err)
				}
				if looks := strings.Count(strings.Join(script.routes(), ",")+",", own+","); looks == 2 && time.Since(began) < 3*time.Second {
					t.Errorf("the two looks are %s apart", time.Since(began))
				}
				if test.calls != nil {
					wantCalls(t, script, test.calls...)
				}
			})
		})
	}
}

// Whoever asks for a list that proves an absence gets one that was begun afterwards,
// and many who ask at once share one.
func TestFreshLists(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lists freshLists
		reads := 0
		read := func(ctx context.Context, _ string) (map[string]*ProjectListItem, error) {
			reads++
			return map[string]*ProjectListItem{strconv.Itoa(reads): nil}, sleep(ctx, time.Second)
		}
		var all sync.WaitGroup
		ask := func(want int) {
			all.Go(func() {
				items, err := lists.get(t.Context(), orgA, read)
				if _, has := items[strconv.Itoa(want)]; err != nil || !has {
					t.Errorf("got %v, %v, want reading %d", items, err, want)
				}
			})
		}
		ask(1)
		synctest.Wait()
		for range 10 {
			ask(2)
		}
		all.Wait()
		if reads != 2 {
			t.Errorf("%d readings, want 2", reads)
		}
	})
}

func TestOperationsAreWaitedForTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, script := scriptedClient(t,
			ok(`{"operations":[{"id":"a","status":"finished"},{"id":"b","status":"running"}]}`),
			ok(`{"operations":[{"id":"b","status":"error"}]}`), // Neon tries again by itself
			ok(`{"operations":[{"id":"b","status":"finished"}]}`))
		err := client.WaitOperations(t.Context(), "p", []Operation{{ID: "a", Status: OperationRunning}, {ID: "b", Status: OperationScheduling}, {ID: "c", Status: OperationSkipped}})
		if err != nil {
			t.Error(err)
		}
		if len(script.seen) != 3 {
			t.Errorf("%d requests, want one a look", len(script.seen))
		}
	})
}

func TestFailedOperationIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := scriptedClient(t, ok(`{"operations":[{"id":"a","status":"failed","error":"no capacity"}]}`))
		err := client.WaitOperations(t.Context(), "p", []Operation{{ID: "a", Status: OperationRunning}})
		if failed, ok := errors.AsType[*OperationFailedError](err); !ok || failed.Operation.Error != "no capacity" {
			t.Errorf("got %v", err)
		}
	})
}

func TestFinishedOperationsCostNothing(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t)
	if err := client.WaitOperations(t.Context(), "p", []Operation{{ID: "a", Status: OperationFinished}}); err != nil {
		t.Error(err)
	}
	wantCalls(t, script)
}

const ownProject = `{"project":{"id":"p","owner_id":"org-a-1","org_id":"org-a-1"}}`

// held is a project of org-a-1 that was just looked at.
func held(client *Client, projectID string) *Owned {
	return &Owned{client: client, owners: OwnedBy(orgA), Project: &Project{ProjectFields: ProjectFields{ID: projectID}}}
}
