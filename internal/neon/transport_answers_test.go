package neon

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
)

// brokenRefusal is a refusal whose body breaks off, then the answer.
type brokenRefusal struct {
	status   int
	requests int
}

func (b *brokenRefusal) RoundTrip(req *http.Request) (*http.Response, error) {
	attemptFrom(req.Context()).left.Store(true) // as httptrace would
	b.requests++
	if b.requests > 1 {
		return answer(req, http.StatusOK, ProjectEnvelope{Project: Project{ProjectFields: ProjectFields{ID: "p"}}})
	}
	body := io.MultiReader(strings.NewReader(`{"message":"`), iotest.ErrReader(io.ErrUnexpectedEOF))
	return &http.Response{StatusCode: b.status, Header: http.Header{}, Body: io.NopCloser(body), Request: req}, nil
}

// A status without the rest of its answer is no decision: a project must not be
// taken for missing because of it.
func TestRefusalThatBreaksOffIsNone(t *testing.T) {
	t.Parallel()
	for _, code := range []int{http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity} {
		t.Run(http.StatusText(code), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				read := &brokenRefusal{status: code}
				if project, err := clientOf(t, read, 0).GetProject(t.Context(), "p"); err != nil || project.ID != "p" || read.requests != 2 {
					t.Errorf("read: got %v, %v after %d requests, want the second answer", project, err, read.requests)
				}
				change := &brokenRefusal{status: code}
				err := clientOf(t, change, 0).TransferToOrganization(t.Context(), orgA, orgB, []string{"p"})
				if !IsOutcomeUnknown(err) || change.requests != 1 {
					t.Errorf("change: got %v after %d requests, want an unknown outcome after one", err, change.requests)
				}
			})
		})
	}
}

func TestLogIsToldOfEveryAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var told, ids []string
		script := &scripted{t: t, steps: []step{status(503), refusedDial(), status(404)}}
		client, err := New(Options{
			APIKey: "napi_planted", HTTPClient: &http.Client{Transport: script},
			Log: func(_ context.Context, e Event) {
				mu.Lock()
				defer mu.Unlock()
				if text := fmt.Sprintf("%+v", e); strings.Contains(text, "389ad814") || strings.Contains(text, "napi_planted") {
					t.Errorf("a secret is logged: %s", text)
				}
				told = append(told, fmt.Sprintf("%s %s %d %d %t", e.Method, e.Route, e.Attempt, e.Status, e.Err != nil))
				ids = append(ids, e.RequestID)
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		err = client.AcceptTransferRequest(t.Context(), "p", "389ad814-9514-4cac-bc04-2f194815db76", "")
		if !IsNotFound(err) {
			t.Errorf("got %v", err)
		}
		const route = "PUT /projects/{project_id}/transfer_requests/{request_id}"
		want := []string{route + " 1 503 false", route + " 2 0 true", route + " 3 404 false"}
		if !slices.Equal(told, want) {
			t.Errorf("told of %q, want %q", told, want)
		}
		for i, request := range script.seen {
			if ids[i] == "" || ids[i] != request.Header.Get("X-Request-ID") {
				t.Errorf("attempt %d is logged with the id %q, sent with %q", i+1, ids[i], request.Header.Get("X-Request-ID"))
			}
		}
	})
}
