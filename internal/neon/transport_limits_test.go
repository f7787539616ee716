package neon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// slow answers a change after a while, unless the request's context ends before.
type slow struct {
	takes time.Duration
	ended error
}

func (s *slow) RoundTrip(req *http.Request) (*http.Response, error) {
	attemptFrom(req.Context()).left.Store(true) // as httptrace would
	if err := sleep(req.Context(), s.takes); err != nil {
		s.ended = err
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusCreated, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"project":{"id":"a-b-12345678"}}`)), Request: req}, nil
}

func TestAnswerToAChangeIsAwaitedAWhileAfterCtrlC(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		takes     time.Duration
		took      time.Duration
		isUnknown bool
	}{
		"the answer comes with it":     {takes: time.Second, took: time.Second},
		"the answer comes soon":        {takes: 4 * time.Second, took: 4 * time.Second},
		"the answer comes in a minute": {takes: time.Minute, took: time.Second + changeGrace, isUnknown: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := &slow{takes: test.takes}
				client, err := New(Options{APIKey: "napi_test", HTTPClient: &http.Client{Transport: filling{transport}}})
				if err != nil {
					t.Fatal(err)
				}
				ctx, interrupt := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, interrupt)
				began := time.Now()
				made, err := client.CreateProject(ctx, ProjectCreate{})
				if took := time.Since(began); took != test.took {
					t.Errorf("took %s, want %s", took, test.took)
				}
				if IsOutcomeUnknown(err) != test.isUnknown || (err == nil) == test.isUnknown {
					t.Errorf("got %v, want an unknown outcome: %t", err, test.isUnknown)
				}
				if err == nil && made.Project.ID != "a-b-12345678" {
					t.Errorf("got %+v", made)
				}
			})
		})
	}
}

func TestReadEndsAtOnceWithCtrlC(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, err := New(Options{APIKey: "napi_test", HTTPClient: &http.Client{Transport: filling{&slow{takes: time.Minute}}}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, interrupt := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, interrupt)
		began := time.Now()
		if _, err := client.GetAuth(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestAnswerThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	big := step{status: 200, body: `{"project":{"name":"` + strings.Repeat("a", maxAnswerBytes) + `"}}`}
	client, script := scriptedClient(t, big)
	_, err := client.GetProject(t.Context(), "p")
	if !errors.Is(err, errAnswerTooLarge) {
		t.Errorf("got %v", err)
	}
	if len(script.seen) != 1 {
		t.Errorf("%d requests, want no repetition", len(script.seen))
	}
}

// endless answers each request with another page.
type endless struct{ requests int }

func (e *endless) RoundTrip(req *http.Request) (*http.Response, error) {
	e.requests++
	body := fmt.Sprintf(`{"projects":[{"id":"p-%[1]d"}],"operations":[{"id":"o-%[1]d"}],"pagination":{"cursor":"%[1]d"}}`, e.requests)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

func TestListThatNeverEndsIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(context.Context, *Client) error{
		"projects": func(ctx context.Context, c *Client) error {
			for _, err := range c.ListProjects(ctx, ProjectFilter{}) {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"operations": func(ctx context.Context, c *Client) error {
			return c.WaitOperations(ctx, "p", []Operation{{ID: "other", Status: OperationRunning}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := &endless{}
				client, err := New(Options{APIKey: "napi_test", HTTPClient: &http.Client{Transport: filling{transport}}})
				if err != nil {
					t.Fatal(err)
				}
				if err := read(t.Context(), client); err == nil {
					t.Error("a list without end is no error")
				}
				if transport.requests != maxPages {
					t.Errorf("%d pages were read, want %d", transport.requests, maxPages)
				}
			})
		})
	}
}
