package neon

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// A move waits for others between the same two organizations until none has come
// for moveQuiet, but no longer than moveLongest after the first.
const (
	moveQuiet   = 60 * time.Millisecond
	moveLongest = 300 * time.Millisecond
)

// moveBatches collects moves of single projects, so that those made at the same
// time share a request. The zero value is ready to use.
type moveBatches struct {
	mu         sync.Mutex
	collecting map[orgPair]*moveBatch
}

// orgPair is the two organizations that a move goes between.
type orgPair struct{ from, to string }

// moveBatch is moves that share a request. All but done and errs is guarded by
// the mutex of moveBatches.
type moveBatch struct {
	ids     []string
	callers int // how many still wait
	began   time.Time
	timer   *time.Timer
	isSent  bool
	// deadline is the latest of the callers'; without limit where one has none.
	deadline  time.Time
	unlimited bool
	cancel    context.CancelFunc

	done chan struct{}
	errs map[string]error // by project; written before done is closed
}

// MoveProject moves one project between organizations, or from the caller's own
// account with an empty fromOrgID. Moves between the same two that are asked for
// at the same time are sent together, up to 400 in a call, and each caller gets
// the answer for its own project. A project that is there already is a success;
// one that is in neither is an *ElsewhereError. Where the answer is lost, the
// project's owner decides. A caller whose context ends while others wait for the
// same call gets an *OutcomeUnknownError.
func (c *Client) MoveProject(ctx context.Context, projectID, fromOrgID, toOrgID string) error {
	between := orgPair{fromOrgID, toOrgID}
	batch := c.joinMove(ctx, projectID, between)
	select {
	case <-batch.done:
		return batch.errs[projectID]
	case <-ctx.Done():
		return c.leaveMove(ctx, batch, projectID, between)
	}
}

// joinMove adds a move to the batch that is being collected, or begins one.
func (c *Client) joinMove(ctx context.Context, projectID string, between orgPair) *moveBatch {
	c.moves.mu.Lock()
	defer c.moves.mu.Unlock()
	batch := c.moves.collecting[between]
	if batch == nil {
		batch = c.newMoveBatch(ctx, between)
	}
	batch.ids = append(batch.ids, projectID)
	batch.callers++
	if deadline, ok := ctx.Deadline(); !ok {
		batch.unlimited = true
	} else if deadline.After(batch.deadline) {
		batch.deadline = deadline
	}
	wait := min(moveQuiet, time.Until(batch.began.Add(moveLongest)))
	if len(batch.ids) == MaxProjectsPerTransfer {
		wait = 0
		delete(c.moves.collecting, between) // the next one begins another
	}
	batch.timer.Reset(wait)
	return batch
}

// newMoveBatch begins a batch. Its context outlives each caller's own, and ends
// when all of them have left. It wants the mutex held.
func (c *Client) newMoveBatch(ctx context.Context, between orgPair) *moveBatch {
	shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
	batch := &moveBatch{began: time.Now(), cancel: cancel, done: make(chan struct{})}
	batch.timer = time.AfterFunc(moveQuiet, func() { c.sendMoves(shared, batch, between) })
	if c.moves.collecting == nil {
		c.moves.collecting = map[orgPair]*moveBatch{}
	}
	c.moves.collecting[between] = batch
	return batch
}

// sendMoves transfers the batch and gives each caller its part of the outcome.
func (c *Client) sendMoves(ctx context.Context, batch *moveBatch, between orgPair) {
	ids, ok := c.closeMoves(batch, between)
	if !ok {
		return
	}
	defer batch.cancel()
	if !batch.unlimited {
		bounded, cancel := context.WithDeadline(ctx, batch.deadline)
		defer cancel()
		ctx = bounded
	}
	outcome := c.transferBatch(ctx, between.from, between.to, ids)
	batch.errs = map[string]error{}
	for _, failure := range slices.Concat(outcome.failures, failureOf(outcome.left, outcome.err)) {
		for _, id := range failure.ProjectIDs {
			batch.errs[id] = failure.Err
		}
	}
	close(batch.done)
}

// closeMoves ends the collecting and gives what is to be sent. It isn't ok where
// all have left, or the timer ran off twice.
func (c *Client) closeMoves(batch *moveBatch, between orgPair) (ids []string, ok bool) {
	c.moves.mu.Lock()
	defer c.moves.mu.Unlock()
	if c.moves.collecting[between] == batch {
		delete(c.moves.collecting, between)
	}
	if batch.isSent || batch.callers == 0 {
		return nil, false
	}
	batch.isSent = true
	return unique(batch.ids), true
}

// leaveMove is for a caller whose context has ended. What was not sent yet never
// will be. A call that nobody else waits for is given up, and says how far it
// came; one that others wait for goes on.
func (c *Client) leaveMove(ctx context.Context, batch *moveBatch, projectID string, between orgPair) error {
	c.moves.mu.Lock()
	batch.callers--
	isLast, isSent := batch.callers == 0, batch.isSent
	if !isSent {
		i := slices.Index(batch.ids, projectID)
		batch.ids = slices.Delete(batch.ids, i, i+1)
	}
	if !isSent && isLast && c.moves.collecting[between] == batch {
		delete(c.moves.collecting, between)
	}
	c.moves.mu.Unlock()

	if isLast {
		batch.cancel()
	}
	switch {
	case !isSent:
		return context.Cause(ctx)
	case isLast:
		<-batch.done
		return batch.errs[projectID]
	default:
		return &OutcomeUnknownError{
			Method: http.MethodPost, Route: "/organizations/{source_org_id}/projects/transfer",
			Err: fmt.Errorf("it was not waited for: %w", context.Cause(ctx)),
		}
	}
}
