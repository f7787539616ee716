package neon

import (
	"context"
)

// keyOwner remembers what GET /auth says, as a key never changes its kind or its
// owner. Its channel holds the answer while nobody asks, or nil before the first.
type keyOwner chan *AuthDetails

func newKeyOwner() keyOwner {
	k := make(keyOwner, 1)
	k <- nil
	return k
}

// KeyOwner tells which kind of key the client has and whose it is: GET /auth,
// asked once however many want to know. A failure is not remembered. That Neon
// accepts the key still is not what it proves.
func (c *Client) KeyOwner(ctx context.Context) (*AuthDetails, error) {
	var known *AuthDetails
	select {
	case known = <-c.owner:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { c.owner <- known }()
	if known != nil {
		return known, nil
	}
	asked, err := c.GetAuth(ctx)
	if err != nil {
		return nil, err
	}
	known = asked
	return known, nil
}
