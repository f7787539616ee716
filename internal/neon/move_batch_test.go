package neon

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// moveAll moves the projects from orgA to orgB at the same time, each for itself.
func moveAll(ctx context.Context, client *Client, ids []string) map[string]error {
	var mu sync.Mutex
	errs := map[string]error{}
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			err := client.MoveProject(ctx, id, orgA, orgB)
			mu.Lock()
			defer mu.Unlock()
			errs[id] = err
		})
	}
	wg.Wait()
	return errs
}

func TestMovesShareRequests(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{1: 1, 30: 1, 400: 1, 950: 3} {
		synctest.Test(t, func(t *testing.T) {
			ids := projectIDs(n)
			fake := newFake(t, ids...)
			for id, err := range moveAll(t.Context(), fake.client(), ids) {
				if err != nil || fake.owner[id] != orgB {
					t.Errorf("%s: %v", id, err)
				}
			}
			if fake.requests != want {
				t.Errorf("%d moves took %d requests, want %d", n, fake.requests, want)
			}
		})
	}
}

func TestMovesBetweenOthersAreKeptApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFake(t, "p", "q", "r")
		fake.owner["q"], fake.owner["r"] = orgC, me
		client := fake.client()
		var wg sync.WaitGroup
		for id, from := range map[string]string{"p": orgA, "q": orgC, "r": ""} {
			wg.Go(func() {
				if err := client.MoveProject(t.Context(), id, from, orgB); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(fake.transfers) != 3 || len(fake.in(orgB)) != 3 {
			t.Errorf("%d calls moved %v", len(fake.transfers), fake.in(orgB))
		}
	})
}

func TestMovesThatComeAfterEachOtherDoNotWaitForever(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ pause, longest time.Duration }{
		"quickly": {batchQuiet / 2, batchLongest + batchFollow}, // those who would follow never come
		"slowly":  {batchFollow * 9 / 10, batchHold},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := projectIDs(60)
				fake := newFake(t, ids...)
				client := fake.client()
				var wg sync.WaitGroup
				for i, id := range ids {
					if i >= 20 { // more than a slow one can wait for
						time.Sleep(test.pause)
					}
					wg.Go(func() {
						asked := time.Now()
						if err := client.MoveProject(t.Context(), id, orgA, orgB); err != nil {
							t.Error(err)
						}
						if waited := time.Since(asked); waited > test.longest {
							t.Errorf("%s waited %s, at most %s", id, waited, test.longest)
						}
					})
				}
				wg.Wait()
				if calls := len(fake.transfers); calls < 2 || calls > 20 {
					t.Errorf("%d calls", calls)
				}
			})
		})
	}
}

func TestMovesOfACLIGatherAgainAfterTheyCameApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const parallelism = 10
		ids := projectIDs(1000)
		fake := newFake(t, ids...)
		fake.slow = time.Second
		client := fake.client()
		next := make(chan string)
		var wg sync.WaitGroup
		for i := range parallelism {
			wg.Go(func() {
				time.Sleep(time.Duration(i/4) * 400 * time.Millisecond) // three groups, none of which waits for the next
				for id := range next {
					if err := client.MoveProject(t.Context(), id, orgA, orgB); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for _, id := range ids {
			next <- id
		}
		close(next)
		wg.Wait()
		if calls := len(fake.transfers); calls > len(ids)/parallelism+2 {
			t.Errorf("%d calls for %d moves, %d at a time", calls, len(ids), parallelism)
		}
	})
}

// Terraform writes its state after each change, and so hands over the changes that
// follow one after the other.
func TestMovesOfASlowCLIShareCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const parallelism = 10
		ids := projectIDs(1000)
		fake := newFake(t, ids...)
		client := fake.client()
		next, state := make(chan string), make(chan struct{}, 1)
		var wg sync.WaitGroup
		for range parallelism {
			wg.Go(func() {
				for id := range next {
					if err := client.MoveProject(t.Context(), id, orgA, orgB); err != nil {
						t.Error(err)
					}
					state <- struct{}{}
					time.Sleep(200 * time.Millisecond) // it is written
					<-state
				}
			})
		}
		for _, id := range ids {
			next <- id
		}
		close(next)
		wg.Wait()
		if calls := len(fake.transfers); calls > 120 {
			t.Errorf("%d calls for %d moves, %d at a time", calls, len(ids), parallelism)
		}
	})
}

func TestMovesDoNotWaitLongForACallThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFake(t, "p", "q")
		fake.fault = func(transfer int) string {
			if fake.transfers[transfer][0] == "p" && fake.owner["q"] == orgA {
				return "423"
			}
			return ""
		}
		client := fake.client()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour) // so that a 423 is waited for
		defer cancel()
		began := time.Now()
		var wg sync.WaitGroup
		for i, id := range []string{"p", "q"} {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				if err := client.MoveProject(ctx, id, orgA, orgB); err != nil {
					t.Error(err)
				}
				if waited := time.Since(began); id == "q" && waited > batchHold+2*time.Second {
					t.Errorf("it waited %s", waited)
				}
			})
		}
		wg.Wait()
	})
}

func TestEachMoveGetsItsOwnAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(30)
		fake := newFake(t, ids...)
		fake.integration[ids[0]] = "github"
		fake.owner[ids[1]] = orgC
		fake.owner[ids[2]] = orgB
		errs := moveAll(t.Context(), fake.client(), ids)
		if refusal, ok := errors.AsType[*IntegrationsError](errs[ids[0]]); !ok || len(refusal.Projects) != 1 {
			t.Errorf("got %v", errs[ids[0]])
		}
		if _, ok := errors.AsType[*ElsewhereError](errs[ids[1]]); !ok {
			t.Errorf("got %v", errs[ids[1]])
		}
		for _, id := range ids[2:] {
			if errs[id] != nil || fake.owner[id] != orgB {
				t.Errorf("%s in %s: %v", id, fake.owner[id], errs[id])
			}
		}
	})
}

func TestLimitsAreToldToEveryMove(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(30)
		fake := newFake(t, ids...)
		fake.room = 10
		for id, err := range moveAll(t.Context(), fake.client(), ids) {
			if _, ok := errors.AsType[*LimitsError](err); !ok {
				t.Errorf("%s: %v", id, err)
			}
		}
		if len(fake.transfers) != 1 {
			t.Errorf("%d calls, want one", len(fake.transfers))
		}
	})
}

func TestMoveThatIsGivenUpBeforeItIsSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFake(t, "p", "q")
		client := fake.client()
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := client.MoveProject(ctx, "p", orgA, orgB); !errors.Is(err, context.Canceled) || IsOutcomeUnknown(err) {
				t.Errorf("got %v", err)
			}
		})
		wg.Go(func() {
			if err := client.MoveProject(t.Context(), "q", orgA, orgB); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		if fake.owner["p"] != orgA || fake.owner["q"] != orgB {
			t.Errorf("got %v", fake.owner)
		}
	})
}

func TestMoveThatIsGivenUpAloneSendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFake(t, "p")
		client := fake.client()
		ctx, cancel := context.WithTimeout(t.Context(), batchQuiet/2)
		defer cancel()
		if err := client.MoveProject(ctx, "p", orgA, orgB); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		time.Sleep(time.Second)
		if fake.requests != 0 {
			t.Errorf("%d requests, want none", fake.requests)
		}
		// And the next one is not caught up in what was given up.
		if err := client.MoveProject(t.Context(), "p", orgA, orgB); err != nil {
			t.Error(err)
		}
	})
}

func TestMoveThatIsGivenUpWhileItIsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFake(t, "p", "q")
		fake.slow = 30 * time.Second
		client := fake.client()
		var wg sync.WaitGroup
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if err := client.MoveProject(ctx, "p", orgA, orgB); !IsOutcomeUnknown(err) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
		wg.Go(func() {
			if err := client.MoveProject(t.Context(), "q", orgA, orgB); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		if len(fake.in(orgB)) != 2 {
			t.Errorf("got %v", fake.owner)
		}
	})
}

func TestMoveThatAllHaveGivenUpIsEnded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare   func(*fakeNeon)
		isUnknown bool
	}{
		"under way":        {func(fake *fakeNeon) { fake.slow = 30 * time.Second }, true},
		"waiting at a 423": {func(fake *fakeNeon) { fake.fault = func(int) string { return "423" } }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := projectIDs(3)
				fake := newFake(t, ids...)
				test.prepare(fake)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				unknown := 0
				for _, err := range moveAll(ctx, fake.client(), ids) {
					if !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("got %v", err)
					}
					if IsOutcomeUnknown(err) {
						unknown++
					}
				}
				if (unknown == len(ids)) != test.isUnknown {
					t.Errorf("the outcome of %d is unknown", unknown)
				}
				synctest.Wait() // nothing is left running
				if len(fake.in(orgA)) != 3 {
					t.Errorf("got %v", fake.owner)
				}
			})
		})
	}
}

func TestAnswersOfMovesAreTrueWhateverHappens(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			ids := projectIDs(1 + random.IntN(100))
			fake := newFake(t, ids...)
			disturb(fake, ids, random)
			for id, err := range moveAll(t.Context(), fake.client(), ids) {
				isThere := fake.owner[id] == orgB
				if err == nil && !isThere || err != nil && isThere && !IsOutcomeUnknown(err) {
					t.Errorf("seed %d: %s is in %q, and the answer is %v", seed, id, fake.owner[id], err)
				}
			}
		})
	}
}

func TestKeyOwnerIsAskedForOnce(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t, status(401), ok(`{"account_id":"a","auth_method":"api_key_user"}`))
	if _, err := client.KeyOwner(t.Context()); !IsUnauthorized(err) {
		t.Errorf("got %v", err)
	}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			owner, err := client.KeyOwner(t.Context())
			if err != nil || owner.AccountID != "a" {
				t.Errorf("got %v, %v", owner, err)
			}
		})
	}
	wg.Wait()
	wantCalls(t, script, "GET /auth", "GET /auth")
}
