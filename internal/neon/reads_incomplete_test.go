package neon

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
)

// changedPages is a fake whose lists show projects in another way than their own GET.
type changedPages struct {
	*fakeNeon
	change func(*ProjectListItem)
}

// RoundTrip implements http.RoundTripper.
func (c *changedPages) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.fakeNeon.RoundTrip(req)
	if err != nil || req.URL.Path != "/api/v2/projects" {
		return resp, err
	}
	var page ProjectsPage
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
		return nil, err
	}
	for i := range page.Projects {
		c.change(&page.Projects[i])
	}
	return answer(req, http.StatusOK, page)
}

// What a list leaves out must not be taken for a setting that isn't set.
func TestProjectThatAListShowsInPartIsReadByItself(t *testing.T) {
	t.Parallel()
	for name, leaveOut := range map[string]func(*ProjectListItem){
		"settings":                  func(item *ProjectListItem) { item.Settings = nil },
		"default endpoint settings": func(item *ProjectListItem) { item.DefaultEndpointSettings = nil },
		"history retention":         func(item *ProjectListItem) { item.HistoryRetentionSeconds = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := projectIDs(20)
				pages := &changedPages{fakeNeon: newFake(t, ids...), change: leaveOut}
				client := clientOf(t, pages, 0)
				for _, id := range ids {
					item, err := client.ReadProject(t.Context(), id, orgA)
					if err != nil || item.ID != id || !item.isComplete() {
						t.Errorf("%s: got %+v, %v", id, item, err)
					}
				}
				if pages.pages == 0 || pages.requests != len(ids)+pages.pages {
					t.Errorf("%d requests, %d of them for lists; want one for each project besides", pages.requests, pages.pages)
				}
			})
		})
	}
}

// No later page shows what an earlier one did not.
func TestProjectThatAPageNamesIsNotLookedForInTheNext(t *testing.T) {
	t.Parallel()
	for name, leaveOut := range map[string]func(*fakeNeon, string) func(*ProjectListItem){
		"unavailable": func(fake *fakeNeon, id string) func(*ProjectListItem) {
			fake.unavailable[id] = true
			return func(*ProjectListItem) {}
		},
		"incomplete": func(_ *fakeNeon, id string) func(*ProjectListItem) {
			return func(item *ProjectListItem) {
				if item.ID == id {
					item.Settings = nil
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := projectIDs(3 * projectsPerPage)
				pages := &changedPages{fakeNeon: newFake(t, ids...)}
				pages.change = leaveOut(pages.fakeNeon, ids[100])
				client := clientOf(t, pages, 0)
				for _, id := range ids[:plainReads+1] {
					pages.asked(client, id)
				}
				if n := pages.asked(client, ids[100]); n != 1 || pages.pages != 1 {
					t.Errorf("%d requests, and %d pages in all; want its own GET and the first page", n, pages.pages)
				}
				if n := pages.asked(client, ids[200]); n != 0 {
					t.Errorf("%d requests for another project of the page, want none", n)
				}
			})
		})
	}
}
