package neon

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// always answers every attempt in the same way, unless first has another answer left.
type always struct {
	first []step
	step  step
	times []time.Time
}

func (a *always) RoundTrip(req *http.Request) (*http.Response, error) {
	a.times = append(a.times, time.Now())
	next := a.step
	if len(a.first) > 0 {
		next, a.first = a.first[0], a.first[1:]
	}
	attemptFrom(req.Context()).left.Store(!next.unsent) // as httptrace would
	if next.err != nil {
		return nil, next.err
	}
	return &http.Response{StatusCode: next.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(next.body)), Request: req}, nil
}

func clientOf(t *testing.T, transport http.RoundTripper, maxAttempts int) *Client {
	t.Helper()
	client, err := New(Options{APIKey: "napi_test", HTTPClient: &http.Client{Transport: filling{transport}}, MaxAttempts: maxAttempts})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestRepetitionsEnd(t *testing.T) {
	t.Parallel()
	read := func(ctx context.Context, c *Client) error {
		_, err := c.GetProject(ctx, "p")
		return err
	}
	change := func(ctx context.Context, c *Client) error {
		return c.TransferToOrganization(ctx, orgA, orgB, []string{"p"})
	}
	for name, tt := range map[string]struct {
		do        func(context.Context, *Client) error
		step      step
		attempts  int
		isUnknown bool
	}{
		"read, 423":                  {read, status(423), 4, false},
		"read, 429":                  {read, status(429), 4, false},
		"read, 408":                  {read, status(408), 4, false},
		"read, 500":                  {read, status(500), 4, false},
		"read, 503":                  {read, status(503), 4, false},
		"read, cut":                  {read, cut(), 4, false},
		"read, refused connection":   {read, refusedDial(), 4, false},
		"read, not JSON":             {read, ok("<html>"), 4, false},
		"read, 404":                  {read, status(404), 1, false},
		"read, 501":                  {read, status(501), 1, false},
		"change, 423":                {change, status(423), 4, false},
		"change, 429":                {change, status(429), 4, false},
		"change, 503":                {change, status(503), 4, false},
		"change, refused connection": {change, refusedDial(), 4, false},
		"change, 500":                {change, status(500), 1, true},
		"change, cut":                {change, cut(), 1, true},
		"change, 404":                {change, status(404), 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				neon := &always{step: tt.step}
				err := tt.do(t.Context(), clientOf(t, neon, 4))
				if err == nil || IsOutcomeUnknown(err) != tt.isUnknown {
					t.Errorf("got %v, want an error and an unknown outcome: %t", err, tt.isUnknown)
				}
				if len(neon.times) != tt.attempts {
					t.Errorf("%d attempts, want %d", len(neon.times), tt.attempts)
				}
			})
		})
	}
}

// Waiting for other work on a project uses up none of the attempts.
func TestLockedAttemptsDoNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		neon := &always{step: status(500)}
		for range 20 {
			neon.first = append(neon.first, status(423))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if _, err := clientOf(t, neon, 4).GetProject(ctx, "p"); err == nil {
			t.Error("no error")
		}
		if len(neon.times) != 20+4 {
			t.Errorf("%d attempts, want 20 that met a lock and 4 more", len(neon.times))
		}
	})
}

func TestPausesGrowAndHaveAnEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		neon := &always{step: status(502)}
		_, _ = clientOf(t, neon, 16).GetProject(t.Context(), "p")
		longest := minBackoff
		for i, at := range neon.times[1:] {
			pause := at.Sub(neon.times[i])
			if pause < longest/2 || pause > longest {
				t.Errorf("pause %d is %s, want %s to %s", i, pause, longest/2, longest)
			}
			longest = min(2*longest, maxBackoff)
		}
	})
}

// Ctrl-C while a refused change waits for its next attempt: nothing is under way.
func TestChangeThatWasRefusedHasAnOutcome(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]step{"423": status(423), "429": status(429), "503": status(503)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				defer cancel()
				neon := &always{step: refusal}
				err := clientOf(t, neon, 4).TransferToOrganization(ctx, orgA, orgB, []string{"p"})
				if !errors.Is(err, context.DeadlineExceeded) || IsOutcomeUnknown(err) {
					t.Errorf("got %v, want the deadline and no unknown outcome", err)
				}
				if len(neon.times) != 1 {
					t.Errorf("%d attempts, want 1", len(neon.times))
				}
			})
		})
	}
}

// A budget that does not come free before the deadline is not waited for again.
func TestBudgetBeyondTheDeadlineEndsTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		neon := &always{step: ok(okProject)}
		client := clientOf(t, neon, 4)
		client.transport.limiter = newLimiter(1, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if _, err := client.GetProject(ctx, "p"); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err := client.GetProject(ctx, "p")
		if !errors.Is(err, errRateWait) || len(neon.times) != 1 {
			t.Errorf("got %v after %d requests", err, len(neon.times))
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("waited %s for a budget that comes too late", waited)
		}
	})
}
