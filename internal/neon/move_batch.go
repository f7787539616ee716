package neon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// moveBatches collects moves of single projects. What became of each is nil, or
// why it was not moved.
type moveBatches = batches[orgPair, string, error]

// orgPair is the two organizations that a move goes between.
type orgPair struct{ from, to string }

// MoveProject moves one project between organizations, or from the caller's own
// account with an empty fromOrgID. Moves between the same two that are asked for
// at the same time are sent together, up to 400 in a call, and each caller gets
// the answer for its own project. A project that is there already is a success;
// one that is in neither is an *ElsewhereError. Where the answer is lost, the
// project's owner decides. A caller whose context ends while others wait for the
// same call gets an *OutcomeUnknownError.
func (c *Client) MoveProject(ctx context.Context, projectID, fromOrgID, toOrgID string) error {
	refusal, err := c.moves.do(ctx, orgPair{fromOrgID, toOrgID}, projectID, MaxProjectsPerTransfer, c.sendMoves)
	if errors.Is(err, errNotAwaited) {
		return &OutcomeUnknownError{
			Method: http.MethodPost, Route: "/organizations/{source_org_id}/projects/transfer",
			Err: fmt.Errorf("%w: %w", errNotAwaited, context.Cause(ctx)),
		}
	}
	if err != nil {
		return err
	}
	return refusal
}

// sendMoves transfers the projects in one call.
func (c *Client) sendMoves(ctx context.Context, between orgPair, projectIDs []string) []error {
	outcome := c.transferBatch(ctx, between.from, between.to, unique(projectIDs))
	refusals := map[string]error{}
	for _, failure := range slices.Concat(outcome.failures, failureOf(outcome.left, outcome.err)) {
		for _, id := range failure.ProjectIDs {
			refusals[id] = failure.Err
		}
	}
	results := make([]error, len(projectIDs))
	for i, id := range projectIDs {
		results[i] = refusals[id]
	}
	return results
}
