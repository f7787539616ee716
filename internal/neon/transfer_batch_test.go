package neon

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
)

// refusingReads is a fake that refuses every read.
type refusingReads struct {
	*fakeNeon
	status int
}

// RoundTrip implements http.RoundTripper.
func (r *refusingReads) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodGet {
		return answer(req, r.status, ErrorBody{Message: "no"})
	}
	return r.fakeNeon.RoundTrip(req)
}

// Where nobody can look, a lost answer stays lost: no project is said to be elsewhere.
func TestLostTransferThatCannotBeLookedAtIsUnknown(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]string{"of an organization": orgA, "of a user": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := newFake(t, "p", "q")
				fake.fault = func(int) string { return "before" }
				client := clientOf(t, &refusingReads{fakeNeon: fake, status: http.StatusUnauthorized}, 0)
				out := client.transferBatch(t.Context(), from, orgB, []string{"p", "q"})
				if !IsOutcomeUnknown(out.err) || !slices.Equal(out.left, []string{"p", "q"}) || len(out.failures) != 0 {
					t.Errorf("got %+v, want both left with an unknown outcome", out)
				}
				if len(fake.transfers) != 1 {
					t.Errorf("%d calls, want no other without a look", len(fake.transfers))
				}
			})
		})
	}
}

// The third lost answer is no failure where the look shows that all have arrived.
func TestLostTransferThatIsFoundDoneGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(MaxProjectsPerTransfer + 1)
		fake := newFake(t, ids...)
		fake.fault = func(transfer int) string {
			if transfer >= transferTries {
				return ""
			}
			return []string{"before", "before", "after"}[transfer]
		}
		report := transfer(t, fake, ids)
		if len(report.Moved) != len(ids) || len(fake.transfers) != transferTries+1 {
			t.Errorf("%d of %d moved by %d calls, %d failures", len(report.Moved), len(ids), len(fake.transfers), len(report.Failures))
		}
	})
}

// Projects are sent once more by region, in one call for each.
func TestRegionsAreSentInACallEach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(6)
		fake := newFake(t, ids...)
		fake.region[ids[1]], fake.region[ids[4]] = "far-away", "far-away"
		// A project is taken by somebody else before its group is sent.
		fake.fault = func(transfer int) string {
			if transfer == 1 {
				fake.owner[ids[2]] = orgC
			}
			return ""
		}
		report := transfer(t, fake, ids)
		want := [][]string{
			ids,
			{ids[0], ids[2], ids[3], ids[5]},
			{ids[0], ids[3], ids[5]}, // without the one that was taken
			{ids[1], ids[4]},
		}
		if !slices.EqualFunc(fake.transfers, want, slices.Equal) {
			t.Errorf("calls for %q, want %q", fake.transfers, want)
		}
		if !slices.Equal(report.Moved, []string{ids[0], ids[3], ids[5]}) {
			t.Errorf("moved %q", report.Moved)
		}
		var elsewhere *ElsewhereError
		for _, failure := range report.Failures {
			if own, ok := errors.AsType[*ElsewhereError](failure.Err); ok {
				elsewhere = own
			}
		}
		if elsewhere == nil || elsewhere.ProjectID != ids[2] || elsewhere.OwnerID != orgC {
			t.Errorf("got %v for the project that was taken", elsewhere)
		}
	})
}

// A move of one's own is no claim: the client remembers which it has made.
func TestClientRemembersItsMoves(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault   string
		prepare func(*fakeNeon)
		movedTo string
	}{
		"moved":                            {movedTo: orgB},
		"moved, and the answer was lost":   {fault: "after", movedTo: orgB},
		"sent again, and moved":            {fault: "before", movedTo: orgB},
		"refused":                          {prepare: func(f *fakeNeon) { f.integration["p"] = "github" }},
		"refused for all":                  {prepare: func(f *fakeNeon) { f.room = 0 }},
		"taken by somebody else":           {prepare: func(f *fakeNeon) { f.owner["p"] = orgC }},
		"lost, and taken by somebody else": {fault: "before", prepare: func(f *fakeNeon) { f.owner["p"] = orgC }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := newFake(t, "p", "other")
				fake.fault = func(transfer int) string {
					if transfer == 0 {
						return tt.fault
					}
					return ""
				}
				if tt.prepare != nil {
					tt.prepare(fake)
				}
				client := fake.client()
				err := client.MoveProject(t.Context(), "p", orgA, orgB)
				if (err == nil) != (tt.movedTo != "") {
					t.Errorf("got %v", err)
				}
				if got := client.MovedTo("p"); got != tt.movedTo {
					t.Errorf("it was moved to %q, want %q", got, tt.movedTo)
				}
				if got := client.MovedTo("other"); got != "" {
					t.Errorf("another project was moved to %q", got)
				}
			})
		})
	}
}

// What stops one region's group for another reason would stop the others as well.
func TestRefusalOfARegionsGroupEndsTheBatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(6)
		fake := newFake(t, ids...)
		fake.region[ids[1]], fake.region[ids[3]] = "far-away", "farther"
		fake.fault = func(transfer int) string {
			if transfer == 1 {
				fake.room = 0
			}
			return ""
		}
		out := fake.client().transferBatch(t.Context(), orgA, orgB, ids)
		if left := slices.Sorted(slices.Values(out.left)); !slices.Equal(left, ids) || out.err == nil || isRegionLimit(out.err) || len(out.failures) != 0 {
			t.Errorf("got %+v, want all left for want of room", out)
		}
		if len(fake.transfers) != 2 {
			t.Errorf("%d calls, want that for all and that for the first region", len(fake.transfers))
		}
	})
}

func TestProgressCountsAllSourcesAndFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(10)
		fake := newFake(t, ids...)
		for _, id := range ids[5:8] {
			fake.owner[id] = orgC
		}
		fake.owner[ids[8]] = orgB // already
		delete(fake.owner, ids[9])
		for _, id := range ids[:2] {
			fake.integration[id] = "github"
		}
		var got []TransferProgress
		report := fake.client().TransferProjects(t.Context(), Transfer{
			Sources: []string{orgA, orgC}, ToOrgID: orgB, ProjectIDs: ids, Progress: func(p TransferProgress) { got = append(got, p) },
		})
		wantTruth(t, fake, report, ids)
		want := []TransferProgress{{Total: 10, Moved: 1, Failed: 1}, {Total: 10, Moved: 4, Failed: 3}, {Total: 10, Moved: 7, Failed: 3}}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}
