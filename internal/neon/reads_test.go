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
	readSlowly(t, client, ids, 0, 0)
}

// readSlowly lets the CLI hand over so many at once, and pause before each other.
func readSlowly(t *testing.T, client *Client, ids []string, burst int, pause time.Duration) {
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
	for i, id := range shuffled {
		if i >= burst {
			time.Sleep(pause)
		}
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
		burst          int
		pause          time.Duration
	}{
		"one":                    {projects: 1, read: 1, requests: 1},
		"three of ten thousand":  {projects: 10_000, read: 3, requests: 3},
		"four":                   {projects: 4, read: 4, requests: 4},
		"a page":                 {projects: 400, read: 400, requests: 4},
		"one more than a page":   {projects: 401, read: 401, requests: 5},
		"a thousand":             {projects: 1000, read: 1000, requests: 6},
		"four thousand":          {projects: 4000, read: 4000, requests: 13},
		"ten thousand":           {projects: 10_000, read: 10_000, requests: 28},
		"nine of ten thousand":   {projects: 10_000, read: 9, requests: 18},
		"twelve of ten thousand": {projects: 10_000, read: 12, requests: 28},
		"thirty of ten thousand": {projects: 10_000, read: 30, requests: 28},
		"a third of a thousand":  {projects: 1000, read: 300, requests: 6},
		// It has ten thousand to look after, and pages come faster than it hands over.
		"ten thousand, of a slow CLI":         {projects: 10_000, read: 10_000, requests: 28, pause: 120 * time.Millisecond},
		"nine of ten thousand, of a slow CLI": {projects: 10_000, read: 9, requests: 18, pause: 120 * time.Millisecond},
		// It is busy with all the others before it takes the first answers.
		"ten thousand, of a busy CLI": {projects: 10_000, read: 10_000, requests: 28, burst: 10, pause: 3 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := projectIDs(tt.projects)
				fake := newFake(t, ids...)
				fake.slowPage = time.Second
				if tt.pause > 0 {
					fake.slowPage = 20 * time.Millisecond
				}
				rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
				readSlowly(t, fake.client(), ids[:tt.read], tt.burst, tt.pause)
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
