package neon

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var runningOperation = []Operation{{ID: "a", Status: OperationRunning}}

func TestOperationThatHasFailedAlreadyIsAnError(t *testing.T) {
	t.Parallel()
	for _, status := range []OperationStatus{OperationFailed, OperationCancelled} {
		client, script := scriptedClient(t)
		err := client.WaitOperations(t.Context(), "p", []Operation{{ID: "a", Status: status}, {ID: "b", Status: OperationRunning}})
		if failed, ok := errors.AsType[*OperationFailedError](err); !ok || failed.Operation.ID != "a" {
			t.Errorf("%s: got %v", status, err)
		}
		if len(script.seen) != 0 {
			t.Errorf("%s: %d requests, want none", status, len(script.seen))
		}
	}
}

func TestOperationsAreLookedAtLessAndLessOften(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		neon := &always{step: ok(`{"operations":[{"id":"a","project_id":"p","status":"running"}]}`)}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		began := time.Now()
		if err := clientOf(t, neon, 0).WaitOperations(ctx, "p", runningOperation); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
		if took := time.Since(began); took != 10*time.Minute {
			t.Errorf("ended after %s", took)
		}
		least, before := defaultPollInterval, began
		for i, at := range neon.times {
			if pause := at.Sub(before); pause < least || pause > least*6/5 {
				t.Errorf("pause %d is %s, want %s to %s", i, pause, least, least*6/5)
			}
			least, before = min(least*3/2, maxPollInterval), at
		}
	})
}

func TestRefusedLookAtOperationsIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		neon := &always{step: status(403)}
		if err := clientOf(t, neon, 0).WaitOperations(t.Context(), "p", runningOperation); !IsForbidden(err) || len(neon.times) != 1 {
			t.Errorf("got %v after %d requests, want the refusal after one", err, len(neon.times))
		}
	})
}

func TestOperationIsLookedForOnLaterPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, script := scriptedClient(t,
			ok(`{"operations":[{"id":"x","project_id":"p","status":"running"}],"pagination":{"cursor":"1"}}`),
			ok(`{"operations":[{"id":"a","project_id":"p","status":"finished"}],"pagination":{"cursor":"2"}}`))
		if err := client.WaitOperations(t.Context(), "p", runningOperation); err != nil {
			t.Error(err)
		}
		wantCalls(t, script, "GET /projects/p/operations", "GET /projects/p/operations")
		if len(script.seen) > 1 {
			if cursor := script.seen[1].URL.Query().Get("cursor"); cursor != "1" {
				t.Errorf("the second page was asked for with the cursor %q", cursor)
			}
		}
	})
}
