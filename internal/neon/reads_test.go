package neon

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// readAll reads projects of orgA in any order and ten at a time, as a CLI does.
func readAll(t *testing.T, client *Client, ids []string) {
	t.Helper()
	shuffled := slices.Clone(ids)
	rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	next := make(chan string)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for id := range next {
				item, err := client.ReadProject(t.Context(), id, orgA)
				if err != nil || item.ID != id {
					t.Errorf("%s: %v, %v", id, item, err)
				}
			}
		})
	}
	for _, id := range shuffled {
		next <- id
	}
	close(next)
	wg.Wait()
}

func TestReadsShareRequests(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		projects, read int
		requests       int // at most
	}{
		"one":                    {1, 1, 1},
		"three of ten thousand":  {10_000, 3, 3},
		"four":                   {4, 4, 4},
		"a page":                 {400, 400, 4},
		"one more than a page":   {401, 401, 5},
		"a thousand":             {1000, 1000, 6},
		"four thousand":          {4000, 4000, 13},
		"ten thousand":           {10_000, 10_000, 28},
		"twelve of ten thousand": {10_000, 12, 24},
		"thirty of ten thousand": {10_000, 30, 28},
		"a third of a thousand":  {1000, 300, 6},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := projectIDs(tt.projects)
				fake := newFake(t, ids...)
				fake.slowPage = time.Second
				rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
				readAll(t, fake.client(), ids[:tt.read])
				if fake.requests > tt.requests {
					t.Errorf("%d requests, want at most %d; %d of them were pages", fake.requests, tt.requests, fake.pages)
				}
			})
		})
	}
}

func TestReadsOfProjectsThatNoPageShows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(1000)
		fake := newFake(t, ids...)
		fake.unavailable[ids[3]], fake.unavailable[ids[900]] = true, true
		fake.owner[ids[7]] = orgB // and not in orgA, where it is expected
		readAll(t, fake.client(), ids)
		// Three pages and the empty one behind them, three early reads, and three by themselves.
		if fake.pages > 4 || fake.requests > 10 {
			t.Errorf("%d requests, %d pages", fake.requests, fake.pages)
		}
	})
}

func TestMissingProjectIsMissingOnlyByItsOwnGET(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(20)
		fake := newFake(t, ids...)
		client := fake.client()
		readAll(t, client, ids)
		for _, orgID := range []string{orgA, ""} {
			before := fake.requests
			if _, err := client.ReadProject(t.Context(), "gone-project-1", orgID); !IsNotFound(err) {
				t.Errorf("got %v", err)
			}
			if fake.requests == before {
				t.Error("nobody was asked")
			}
		}
	})
}

func TestReadsGoOnWithoutListsWhereTheyAreRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(50)
		fake := newFake(t, ids...)
		fake.noLists = true
		readAll(t, fake.client(), ids)
		if fake.pages != 1 || fake.requests != 51 {
			t.Errorf("%d requests, %d of them for a list", fake.requests, fake.pages)
		}
	})
}

func TestReaderLeavesAndThePageGoesOnForTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(400)
		fake := newFake(t, ids...)
		client := fake.client()
		readAll(t, client, ids[:plainReads])
		fake.slowPage = time.Minute
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() {
			// It begins the page and does not see its end.
			if _, err := client.ReadProject(impatient, ids[100], orgA); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("left after %s", took)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if item, err := client.ReadProject(t.Context(), ids[200], orgA); err != nil || item.ID != ids[200] {
				t.Errorf("got %v, %v", item, err)
			}
		})
		wg.Wait()
		if fake.pages != 1 {
			t.Errorf("%d pages, want the one that was begun", fake.pages)
		}
	})
}

func TestPageEndsWhenAllReadersHaveLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(400)
		fake := newFake(t, ids...)
		client := fake.client()
		readAll(t, client, ids[:plainReads])
		fake.slowPage = time.Hour
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.ReadProject(impatient, ids[100], orgA); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		synctest.Wait()
		if fake.pages != 0 {
			t.Errorf("%d pages were answered to nobody", fake.pages)
		}
		fake.slowPage = 0
		if item, err := client.ReadProject(t.Context(), ids[100], orgA); err != nil || item.ID != ids[100] {
			t.Errorf("got %v, %v", item, err)
		}
	})
}
