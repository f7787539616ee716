package neon

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pagesOf makes pages of a list, each with the given ids and cursor.
type pagesOf struct {
	list func(*testing.T, *Client) (int, error)
	page func(cursor string, ids []string) any
}

func countAll[T any](seq func(func(T, error) bool)) (int, error) {
	n := 0
	for _, err := range seq {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// lists are those that come in pages.
func lists() map[string]pagesOf {
	cursorOf := func(cursor string) *Pagination {
		if cursor == "" {
			return nil
		}
		return &Pagination{Cursor: cursor}
	}
	consumed := func(cursor string, ids []string) any {
		var page ConsumptionHistoryPerProjectV2Response
		for _, id := range ids {
			page.Projects = append(page.Projects, ConsumptionHistoryProject[ConsumptionHistoryPerTimeframeV2]{ProjectID: id})
		}
		page.Pagination = cursorOf(cursor)
		return page
	}
	consumption := func(metric string) func(*testing.T, *Client) (int, error) {
		return func(t *testing.T, c *Client) (int, error) {
			t.Helper()
			return countAll(c.ListProjectConsumption(t.Context(), query(metric)))
		}
	}
	return map[string]pagesOf{
		"projects": {
			func(t *testing.T, c *Client) (int, error) {
				t.Helper()
				return countAll(c.ListProjects(t.Context(), ProjectFilter{OrgID: orgA}))
			},
			func(cursor string, ids []string) any {
				var page ProjectsPage
				for _, id := range ids {
					page.Projects = append(page.Projects, ProjectListItem{ProjectFields: ProjectFields{ID: id}})
				}
				page.Pagination = cursorOf(cursor)
				return page
			},
		},
		"members": {
			func(t *testing.T, c *Client) (int, error) {
				t.Helper()
				members, err := c.Members(t.Context(), orgA)
				return len(members), err
			},
			func(cursor string, ids []string) any {
				var page MembersPage
				for _, id := range ids {
					page.Members = append(page.Members, MemberWithUser{Member: Member{ID: id}})
				}
				page.Pagination = &CursorPagination{Next: cursor}
				return page
			},
		},
		"operations": {
			func(t *testing.T, c *Client) (int, error) {
				t.Helper()
				found, err := c.findOperations(t.Context(), "p", map[string]bool{"a": true, "b": true, "c": true, "d": true})
				return len(found), err
			},
			func(cursor string, ids []string) any {
				var page OperationsPage
				for _, id := range ids {
					page.Operations = append(page.Operations, Operation{ID: id})
				}
				page.Pagination = cursorOf(cursor)
				return page
			},
		},
		"consumption":        {consumption(MetricComputeUnitSeconds), consumed},
		"legacy consumption": {consumption(MetricActiveTimeSeconds), consumed},
		"branch consumption": {
			func(t *testing.T, c *Client) (int, error) {
				t.Helper()
				q := query(MetricComputeUnitSeconds)
				q.ProjectIDs = []string{"p"}
				return countAll(c.ListBranchConsumption(t.Context(), q))
			},
			func(cursor string, ids []string) any {
				var page ConsumptionHistoryPerBranchV2Response
				for _, id := range ids {
					page.Branches = append(page.Branches, ConsumptionHistoryPerBranchV2{BranchID: id})
				}
				page.Pagination = cursorOf(cursor)
				return page
			},
		},
	}
}

// TestListThatRepeatsItselfIsNotTakenForWhole: what comes after the repetition is
// missing, and what is missing is taken for gone.
func TestListThatRepeatsItselfIsNotTakenForWhole(t *testing.T) {
	t.Parallel()
	type pages []struct {
		cursor string
		ids    string
	}
	for name, list := range lists() {
		for kind, test := range map[string]struct {
			pages pages
			want  int // items; -1 is an error
		}{
			"ends without a cursor":            {pages{{"b", "a b"}, {"", "c d"}}, 4},
			"ends with an empty page":          {pages{{"b", "a b"}, {"d", "c d"}, {"", ""}}, 4},
			"ends with one that has a cursor":  {pages{{"b", "a b"}, {"d", "c d"}, {"d", ""}}, 4},
			"the first page again":             {pages{{"b", "a b"}, {"b", "a b"}}, -1},
			"the first page again, by itself":  {pages{{"b", "a b"}, {"", "a b"}}, -1},
			"an item of the first page":        {pages{{"b", "a b"}, {"", "b c"}}, -1},
			"an earlier page":                  {pages{{"a", "a"}, {"b", "b"}, {"a", "a"}}, -1},
			"the same cursor with other items": {pages{{"b", "a b"}, {"b", "c d"}}, -1},
			"an item twice":                    {pages{{"", "a b a"}}, -1},
		} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					client, err := New(Options{APIKey: "napi_test", BaseURL: "https://neon.test/api/v2", HTTPClient: &http.Client{
						Transport: filling{servePages(list, test.pages)},
					}, Clock: func() time.Time { return ides }})
					if err != nil {
						t.Fatal(err)
					}
					got, err := list.list(t, client)
					if test.want < 0 && err == nil || test.want >= 0 && (err != nil || got != test.want) {
						t.Errorf("got %d, %v, want %d", got, err, test.want)
					}
				})
			})
		}
	}
}

// servePages answers the n-th cursor with the n-th page, and a request that is
// repeated as before.
func servePages(list pagesOf, pages []struct{ cursor, ids string }) roundTrip {
	at, last := -1, "none"
	return func(req *http.Request) (*http.Response, error) {
		if cursor := req.URL.Query().Get("cursor"); cursor != last {
			at, last = at+1, cursor
		}
		return answer(req, http.StatusOK, list.page(pages[at].cursor, strings.Fields(pages[at].ids)))
	}
}
