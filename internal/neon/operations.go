package neon

import (
	"context"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"time"
)

const (
	maxPollInterval      = 10 * time.Second
	operationsPerRequest = 100

	operationsRoute = "/projects/{project_id}/operations"
)

// WaitOperations waits until all the given operations of one project are done,
// with one list request per look: GET /projects/{project_id}/operations. It ends
// with the context. An operation that ended badly is an *OperationFailedError.
func (c *Client) WaitOperations(ctx context.Context, projectID string, operations []Operation) error {
	waiting := map[string]bool{}
	for _, op := range operations {
		if err := settle(waiting, op); err != nil {
			return err
		}
	}
	for pause := c.options.PollInterval; len(waiting) > 0; pause = min(pause*3/2, maxPollInterval) {
		if err := sleep(ctx, pause+rand.N(pause/5+1)); err != nil { //nolint:gosec // jitter needs no secrecy
			return err
		}
		current, err := c.findOperations(ctx, projectID, waiting)
		if err != nil {
			return err
		}
		for _, op := range current {
			if err := settle(waiting, op); err != nil {
				return err
			}
		}
	}
	return nil
}

// settle keeps book of what is still to be waited for.
func settle(waiting map[string]bool, op Operation) error {
	if !op.Status.Done() {
		waiting[op.ID] = true
		return nil
	}
	delete(waiting, op.ID)
	if op.Status == OperationFailed || op.Status == OperationCancelled {
		op.Error = Blank(op.Error)
		return &OperationFailedError{Operation: op}
	}
	return nil
}

// findOperations reads the newest operations page by page until it has seen all
// the wanted ones; they are young, so that is nearly always the first page.
func (c *Client) findOperations(ctx context.Context, projectID string, wanted map[string]bool) ([]Operation, error) {
	var found []Operation
	query := url.Values{"limit": {strconv.Itoa(operationsPerRequest)}}
	look := func(page OperationsPage) (int, string) {
		return len(page.Operations), valueOrZero(page.Pagination).Cursor
	}
	for page, err := range pages(ctx, c, operationsRoute, projectPath(projectID), query, look) {
		if err != nil {
			return nil, err
		}
		for _, op := range page.Operations {
			if wanted[op.ID] {
				found = append(found, op)
			}
		}
		if len(found) >= len(wanted) {
			break
		}
	}
	return found, nil
}

// unfinishedOperations gives what Neon is still doing with a young project.
func (c *Client) unfinishedOperations(ctx context.Context, projectID string) ([]Operation, error) {
	var page OperationsPage
	query := url.Values{"limit": {strconv.Itoa(operationsPerRequest)}}
	if err := c.get(ctx, operationsRoute, projectPath(projectID), query, &page); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(page.Operations, func(op Operation) bool { return op.Status.Done() }), nil
}
