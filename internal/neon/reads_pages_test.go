package neon

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestReadsWithoutAnOrganizationAskForNoList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(20)
		fake := newFake(t, ids...)
		client := fake.client()
		for _, id := range ids {
			if item, err := client.ReadProject(t.Context(), id, ""); err != nil || item.ID != id {
				t.Errorf("%s: got %v, %v", id, item, err)
			}
		}
		if fake.pages != 0 || fake.requests != len(ids) {
			t.Errorf("%d requests, %d of them for lists; want one for each project", fake.requests, fake.pages)
		}
	})
}

// Few reads of a large organization, whose projects come on its last page.
func TestReadsAskForNoMorePagesThanThereAreReads(t *testing.T) {
	t.Parallel()
	for reads, pages := range map[int]int{plainReads: 0, plainReads + 1: plainReads + 1, manyReads - 1: manyReads - 1, manyReads: 25} {
		synctest.Test(t, func(t *testing.T) {
			ids := projectIDs(25 * projectsPerPage)
			fake := newFake(t, ids...)
			client := fake.client()
			for _, id := range ids[len(ids)-reads:] {
				fake.asked(client, id)
			}
			if fake.pages != pages {
				t.Errorf("%d reads took %d pages, want %d", reads, fake.pages, pages)
			}
		})
	}
}

func TestPageIsBegunOnceAlthoughItsFirstReaderLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(400)
		fake := newFake(t, ids...)
		client := fake.client()
		readAll(t, client, ids[:plainReads])
		fake.slowPage = time.Minute
		began := time.Now()
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := client.ReadProject(impatient, ids[100], orgA); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
		synctest.Wait()
		fake.asked(client, ids[200])
		if took := time.Since(began); took != time.Minute {
			t.Errorf("the other reader's answer took %s, want the page's %s", took, time.Minute)
		}
		wg.Wait()
	})
}

func TestPageThatAllReadersHaveLeftHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(400)
		fake := newFake(t, ids...)
		client := fake.client()
		readAll(t, client, ids[:plainReads])
		fake.slowPage = time.Hour
		var wg sync.WaitGroup
		for i := range 2 {
			wg.Go(func() {
				impatient, cancel := context.WithTimeout(t.Context(), time.Duration(i+1)*time.Second)
				defer cancel()
				if _, err := client.ReadProject(impatient, ids[100+i], orgA); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
			})
		}
		wg.Wait()
		synctest.Wait()
		fake.slowPage = 0
		began := time.Now()
		fake.asked(client, ids[100])
		if took := time.Since(began); took != 0 {
			t.Errorf("the next read waited %s for a page that nobody wants", took)
		}
		if fake.pages != 1 {
			t.Errorf("%d pages, want the one that was begun anew", fake.pages)
		}
	})
}
