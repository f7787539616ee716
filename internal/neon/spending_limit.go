package neon

import (
	"context"
	"errors"
	"net/http"
)

const spendingLimitRoute = "/organizations/{org_id}/billing/spending_limit"

// GetSpendingLimit reads an organization's monthly spending limit in cents, nil
// for none: GET /organizations/{org_id}/billing/spending_limit. Neon has it on the
// Launch and Scale plans alone, for members of the organization.
func (c *Client) GetSpendingLimit(ctx context.Context, orgID string) (*int64, error) {
	var out SpendingLimit
	if err := c.get(ctx, spendingLimitRoute, orgPath(orgID), nil, &out); err != nil {
		return nil, err
	}
	return out.SpendingLimitCents, nil
}

// SetSpendingLimit sets an organization's monthly spending limit in cents, at
// least 1: PUT /organizations/{org_id}/billing/spending_limit. It needs an admin of
// the organization. Where the answer is lost it looks, and sets the limit once more
// if it isn't there.
func (c *Client) SetSpendingLimit(ctx context.Context, orgID string, cents int64) error {
	return c.changeSpendingLimit(ctx, orgID, request{
		method: http.MethodPut, route: spendingLimitRoute, path: orgPath(orgID), body: SpendingLimitUpdate{SpendingLimitCents: cents},
	}, func(limit *int64) bool { return limit != nil && *limit == cents })
}

// ClearSpendingLimit takes an organization's spending limit away: DELETE
// /organizations/{org_id}/billing/spending_limit. Where there is none it is a
// success. It needs an admin of the organization.
func (c *Client) ClearSpendingLimit(ctx context.Context, orgID string) error {
	return c.changeSpendingLimit(ctx, orgID, request{method: http.MethodDelete, route: spendingLimitRoute, path: orgPath(orgID)},
		func(limit *int64) bool { return limit == nil })
}

func (c *Client) changeSpendingLimit(ctx context.Context, orgID string, r request, isDone func(*int64) bool) error {
	err := c.do(ctx, r, nil)
	if !IsOutcomeUnknown(err) || ctx.Err() != nil {
		return err
	}
	limit, lookErr := c.GetSpendingLimit(ctx, orgID)
	switch {
	case lookErr != nil:
		return errors.Join(err, lookErr)
	case isDone(limit):
		return nil
	default:
		return c.do(ctx, r, nil)
	}
}
