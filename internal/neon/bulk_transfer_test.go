package neon

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
)

// wantTruth asserts that the report says where the projects are: whatever is
// called moved is in orgB, and whatever failed with a known outcome is not.
func wantTruth(t *testing.T, fake *fakeNeon, report TransferReport, asked []string) {
	t.Helper()
	named := slices.Clone(report.Moved)
	for _, id := range report.Moved {
		if fake.owner[id] != orgB {
			t.Errorf("%s is called moved, but is in %q", id, fake.owner[id])
		}
	}
	for _, failure := range report.Failures {
		named = append(named, failure.ProjectIDs...)
		for _, id := range failure.ProjectIDs {
			if fake.owner[id] == orgB && !IsOutcomeUnknown(failure.Err) {
				t.Errorf("%s is in %s, and is said not to be: %v", id, orgB, failure.Err)
			}
		}
	}
	slices.Sort(named)
	if !slices.Equal(named, unique(asked)) {
		t.Errorf("the report has %d projects, want the %d that were asked for, each once", len(named), len(unique(asked)))
	}
}

func transfer(t *testing.T, fake *fakeNeon, ids []string, sources ...string) TransferReport {
	t.Helper()
	if len(sources) == 0 {
		sources = []string{orgA}
	}
	report := fake.client().TransferProjects(t.Context(), Transfer{Sources: sources, ToOrgID: orgB, ProjectIDs: ids})
	wantTruth(t, fake, report, ids)
	return report
}

func TestTenThousandProjectsTakeFewRequests(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string]string{"plain": "", "each answer put off": "429"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := projectIDs(10_000)
				fake := newFake(t, ids...)
				fake.fault = func(n int) string {
					if n%2 == 0 {
						return faults
					}
					return ""
				}
				if report := transfer(t, fake, ids); len(report.Failures) > 0 {
					t.Fatal(report.Failures)
				}
				calls := slices.DeleteFunc(slices.Clone(fake.transfers), func(call []string) bool { return len(call) != MaxProjectsPerTransfer })
				want := 25
				if faults != "" {
					want = 50
				}
				if len(calls) != want || fake.requests > 26+want {
					t.Errorf("%d full calls and %d requests, want %d and no more than %d", len(calls), fake.requests, want, 26+want)
				}

				fake.requests, fake.transfers = 0, nil
				transfer(t, fake, ids)
				if len(fake.transfers) != 0 || fake.requests > 25 {
					t.Errorf("%d transfers and %d requests for what is there already", len(fake.transfers), fake.requests)
				}
			})
		})
	}
}

func TestTransferContinues(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(1000)
		fake := newFake(t, ids...)
		for _, id := range ids[:700] {
			fake.owner[id] = orgB
		}
		// What a list can't show is looked at by itself.
		fake.unavailable[ids[3]], fake.unavailable[ids[900]] = true, true
		if report := transfer(t, fake, ids); len(report.Failures) > 0 {
			t.Fatal(report.Failures)
		}
		if len(fake.transfers) != 1 || len(fake.transfers[0]) != 300 {
			t.Errorf("%d transfers, want one of 300", len(fake.transfers))
		}
	})
}

func TestFewProjectsAreNotLookedForInLists(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFake(t, projectIDs(5000)...)
		transfer(t, fake, projectIDs(5000)[4000:4001])
		if fake.requests != 2 {
			t.Errorf("%d requests, want a look and a transfer", fake.requests)
		}
	})
}

func TestProjectsThatCannotMoveDoNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	for _, movesSome := range []bool{false, true} {
		t.Run(fmt.Sprintf("moves some %t", movesSome), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := projectIDs(900)
				fake := newFake(t, ids...)
				fake.movesSome = movesSome
				fake.integration[ids[5]], fake.integration[ids[395]] = "github", "vercel"
				fake.region[ids[500]], fake.region[ids[501]] = "far-away", "far-away"
				fake.owner[ids[7]] = orgC
				delete(fake.owner, ids[8])
				report := transfer(t, fake, ids)

				reasons := map[string]error{}
				for _, failure := range report.Failures {
					for _, id := range failure.ProjectIDs {
						reasons[id] = failure.Err
					}
				}
				if len(report.Moved) != 894 || len(reasons) != 6 {
					t.Fatalf("%d moved, %d failed: %v", len(report.Moved), len(reasons), reasons)
				}
				refusal, _ := errors.AsType[*IntegrationsError](reasons[ids[5]])
				if refusal == nil || len(refusal.Projects) != 1 || refusal.Projects[0].Integration != "github" {
					t.Errorf("got %v", reasons[ids[5]])
				}
				if !isRegionLimit(reasons[ids[500]]) {
					t.Errorf("got %v", reasons[ids[500]])
				}
				if elsewhere, ok := errors.AsType[*ElsewhereError](reasons[ids[7]]); !ok || elsewhere.OwnerID != orgC {
					t.Errorf("got %v", reasons[ids[7]])
				}
				if !IsNotFound(reasons[ids[8]]) {
					t.Errorf("got %v", reasons[ids[8]])
				}
			})
		})
	}
}

func TestRefusalOfAllEndsTheTransfer(t *testing.T) {
	t.Parallel()
	for _, movesSome := range []bool{false, true} {
		t.Run(fmt.Sprintf("moves some %t", movesSome), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := projectIDs(2000)
				fake := newFake(t, ids...)
				fake.room, fake.movesSome = 500, movesSome
				report := transfer(t, fake, ids)
				if len(report.Failures) != 1 {
					t.Fatalf("failures %v, want one for all", report.Failures)
				}
				if _, ok := errors.AsType[*LimitsError](report.Failures[0].Err); !ok || len(report.Moved) < 400 {
					t.Errorf("%d moved, then %v", len(report.Moved), report.Failures[0].Err)
				}
				if !movesSome && len(fake.transfers) != 2 {
					t.Errorf("%d calls, want the one that fits and the one that is refused", len(fake.transfers))
				}
			})
		})
	}
}

func TestLostAnswersOfATransfer(t *testing.T) {
	t.Parallel()
	for _, lost := range []string{"before", "after"} {
		for batch := range 3 {
			t.Run(fmt.Sprintf("%s at batch %d", lost, batch), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ids := projectIDs(1000)
					fake := newFake(t, ids...)
					fake.fault = func(n int) string {
						if n == batch {
							return lost
						}
						return ""
					}
					report := transfer(t, fake, ids)
					want := 3
					if lost == "before" {
						want = 4
					}
					if len(report.Failures) > 0 || len(fake.transfers) != want {
						t.Errorf("%d calls, want %d; %v", len(fake.transfers), want, report.Failures)
					}
				})
			})
		}
	}
}

func TestTransferWhoseAnswersAreAlwaysLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(500)
		fake := newFake(t, ids...)
		fake.fault = func(int) string { return "before" }
		report := transfer(t, fake, ids)
		if len(report.Failures) != 1 || len(report.Failures[0].ProjectIDs) != 500 || !IsOutcomeUnknown(report.Failures[0].Err) {
			t.Errorf("got %v", report.Failures)
		}
		if len(fake.transfers) != transferTries {
			t.Errorf("%d calls, want %d", len(fake.transfers), transferTries)
		}
	})
}

func TestTransferFromSeveralSources(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(1000)
		fake := newFake(t, ids...)
		for _, id := range ids[:600] {
			fake.owner[id] = orgC
		}
		report := transfer(t, fake, append(ids, ids[0]), orgA, orgC)
		if len(report.Moved) != 1000 || len(fake.transfers) != 3 {
			t.Errorf("%d moved with %d calls", len(report.Moved), len(fake.transfers))
		}
	})
}

func TestTransferFromPersonalAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(500)
		fake := newFake(t, ids...)
		for _, id := range ids {
			fake.owner[id] = me
		}
		fake.owner[ids[0]], fake.owner[ids[1]], fake.owner[ids[2]] = orgB, "somebody-else", orgC
		report := transfer(t, fake, ids, "", orgC)
		if len(report.Moved) != 499 || len(report.Failures) != 1 || report.Failures[0].ProjectIDs[0] != ids[1] {
			t.Errorf("%d moved, %v", len(report.Moved), report.Failures)
		}
	})
}

func TestTransferOfNothing(t *testing.T) {
	t.Parallel()
	fake := newFake(t)
	if report := transfer(t, fake, nil); len(report.Moved)+len(report.Failures)+fake.requests != 0 {
		t.Errorf("got %v with %d requests", report, fake.requests)
	}
}

func TestTransferBetweenOrganizationsThatTheKeyCannotList(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t, status(http.StatusForbidden))
	report := client.TransferProjects(t.Context(), Transfer{Sources: []string{orgA}, ToOrgID: orgB, ProjectIDs: []string{"p", "q"}})
	if len(report.Moved) != 0 || len(report.Failures) != 1 || !IsForbidden(report.Failures[0].Err) {
		t.Errorf("got %v", report)
	}
	wantCalls(t, script, "GET /projects")
}

// disturb makes a Neon in which much goes wrong.
func disturb(fake *fakeNeon, ids []string, random *rand.Rand) {
	for _, id := range ids {
		switch random.IntN(40) {
		case 0:
			fake.integration[id] = "github"
		case 1:
			fake.region[id] = "far-away"
		case 2:
			fake.owner[id] = orgC
		case 3:
			delete(fake.owner, id)
		case 4:
			fake.owner[id] = orgB
		case 5:
			fake.unavailable[id] = true
		}
	}
	fake.movesSome = random.IntN(2) == 0
	if random.IntN(3) == 0 {
		fake.room = random.IntN(2 * len(ids))
	}
	faults := []string{"", "", "", "before", "after", "423", "429"}
	fake.fault = func(int) string { return faults[random.IntN(len(faults))] }
}

func TestReportOfATransferIsTrueWhateverHappens(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			ids := projectIDs(1 + random.IntN(600))
			fake := newFake(t, ids...)
			disturb(fake, ids, random)
			transfer(t, fake, ids)
			if t.Failed() {
				t.Fatalf("with seed %d", seed)
			}
		})
	}
}

func TestProgressIsToldAfterEachBatch(t *testing.T) {
	t.Parallel()
	ids := projectIDs(1000)
	for name, test := range map[string]struct {
		prepare func(*fakeNeon)
		want    []TransferProgress
	}{
		"all of them": {func(*fakeNeon) {}, []TransferProgress{{1000, 0, 0}, {1000, 400, 0}, {1000, 800, 0}, {1000, 1000, 0}}},
		"some are there, unknown or refused": {
			func(fake *fakeNeon) {
				for _, id := range ids[:100] {
					fake.owner[id] = orgB
				}
				delete(fake.owner, ids[100])
				fake.integration[ids[101]] = "github"
			},
			[]TransferProgress{{1000, 100, 1}, {1000, 499, 2}, {1000, 899, 2}, {1000, 998, 2}},
		},
		"no room after the first batch": {func(fake *fakeNeon) { fake.room = 500 }, []TransferProgress{{1000, 0, 0}, {1000, 400, 0}, {1000, 400, 600}}},
		"all are there": {
			func(fake *fakeNeon) {
				for _, id := range ids {
					fake.owner[id] = orgB
				}
			},
			[]TransferProgress{{1000, 1000, 0}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := newFake(t, ids...)
				test.prepare(fake)
				var got []TransferProgress
				report := fake.client().TransferProjects(t.Context(), Transfer{
					Sources: []string{orgA}, ToOrgID: orgB, ProjectIDs: ids, Progress: func(p TransferProgress) { got = append(got, p) },
				})
				wantTruth(t, fake, report, ids)
				if !slices.Equal(got, test.want) {
					t.Errorf("got %v, want %v", got, test.want)
				}
			})
		})
	}
}
