package neon

import (
	"context"
	"errors"
)

// deleteListed deletes a thing that can be seen in a list alone. Where Neon
// doesn't know it, or the answer is lost, the list decides: what is not listed is
// gone, which is what was wanted. What is listed after a lost answer is deleted
// once more; after a 404 that answer stands. An error of the list is returned.
func (c *Client) deleteListed(ctx context.Context, r request, isListed func(context.Context) (bool, error)) error {
	err := c.do(ctx, r, nil)
	isLost := IsOutcomeUnknown(err)
	if !isLost && !IsNotFound(err) || ctx.Err() != nil {
		return err
	}
	listed, lookErr := isListed(ctx)
	switch {
	case lookErr != nil && isLost:
		return errors.Join(err, lookErr)
	case lookErr != nil:
		return lookErr
	case !listed:
		return nil
	case isLost:
		return c.do(ctx, r, nil)
	default:
		return err
	}
}
