package neon

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever a refusal says, it is an error of its status, and its text stays one
// that can be shown.
func FuzzErrorBody(f *testing.F) {
	f.Fuzz(func(t *testing.T, status int, location, body string) {
		if status < 300 || status > 599 {
			t.Skip("not the status of a refusal")
		}
		a := &attempt{method: http.MethodGet, route: "/projects/{project_id}", requestID: "r"}
		err := errorFromAnswer(a, status, http.Header{"Location": {location}}, []byte(body))
		answer, ok := errors.AsType[*Error](err)
		if !ok || answer.Status != status {
			t.Fatalf("status %d became %#v", status, err)
		}
		if IsNotFound(err) != (status == 404) || IsForbidden(err) != (status == 403) || IsUnauthorized(err) != (status == 401) {
			t.Errorf("status %d is taken for another: %v", status, err)
		}
		if answer.RequestID == "" {
			t.Error("the request id is lost")
		}
		if location != "" && len(location) > 8 && !strings.Contains(body, location) && strings.Contains(err.Error(), location) {
			t.Errorf("the error shows where it was redirected to: %v", err)
		}
	})
}

// Whatever comes as an answer is read or refused.
func FuzzAnswer(f *testing.F) {
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			t.Skip("not a status")
		}
		synctest.Test(t, func(t *testing.T) {
			client, script := scriptedClient(t)
			for range defaultMaxAttempts {
				script.steps = append(script.steps, step{status: status, body: body})
			}
			project, err := client.GetProject(t.Context(), "p")
			if (err == nil) != (project != nil) {
				t.Errorf("got %v and %v", project, err)
			}
			if err == nil && (status > 299 || status != http.StatusNoContent && !json.Valid([]byte(body))) {
				t.Errorf("status %d with %q was taken for a project", status, body)
			}
		})
	})
}

// A cursor goes back as it came, and changes nothing else of the request.
func FuzzCursor(f *testing.F) {
	f.Fuzz(func(t *testing.T, cursor string) {
		page, err := json.Marshal(ProjectsPage{Projects: []ProjectListItem{{ProjectFields: ProjectFields{ID: "p"}}}, Pagination: &Pagination{Cursor: cursor}})
		if err != nil {
			t.Fatal(err)
		}
		var sent ProjectsPage
		if err := json.Unmarshal(page, &sent); err != nil {
			t.Fatal(err)
		}
		cursor = sent.Pagination.Cursor // JSON has no broken UTF-8
		client, script := scriptedClient(t, ok(string(page)))
		if cursor != "" {
			script.steps = append(script.steps, ok(`{"projects":[]}`)) // which ends the list
		}
		n := 0
		for _, err := range client.ListProjects(t.Context(), ProjectFilter{OrgID: "org-a-1"}) {
			if n++; err != nil {
				t.Fatal(err)
			}
		}
		if n != 1 || len(script.steps) > 0 {
			t.Errorf("%d projects in %d pages", n, len(script.seen))
		}
		if cursor == "" {
			return
		}
		last := script.seen[1].URL
		if q := last.Query(); q.Get("cursor") != cursor || q.Get("org_id") != "org-a-1" || len(q) != 3 || last.Path != "/api/v2/projects" {
			t.Errorf("cursor %q was sent as %s", cursor, last)
		}
	})
}

// A pause is never negative, and never longer than a client would bear.
func FuzzRetryAfter(f *testing.F) {
	f.Fuzz(func(t *testing.T, value string) {
		now := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
		pause, ok := retryAfter(http.Header{"Retry-After": {value}}, now)
		if pause < 0 || !ok && pause != 0 {
			t.Errorf("%q is a pause of %s", value, pause)
		}
	})
}

// An id stands in its segment of the path, and nowhere else.
func FuzzPathValue(f *testing.F) {
	f.Fuzz(func(t *testing.T, id string) {
		client, script := scriptedClient(t, ok(okProject))
		if _, err := client.GetProject(t.Context(), id); err != nil {
			if len(script.seen) > 0 {
				t.Errorf("%q was sent and refused: %v", id, err)
			}
			return
		}
		sent := script.seen[0].URL
		if sent.Host != "neon.test" || strings.Count(sent.EscapedPath(), "/") != 4 || sent.RawQuery != "" || sent.Path != "/api/v2/projects/"+id {
			t.Errorf("%q was sent as %s", id, sent)
		}
	})
}
