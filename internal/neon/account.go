package neon

import "context"

// GetAuth tells which kind of key the client has: GET /auth.
func (c *Client) GetAuth(ctx context.Context) (*AuthDetails, error) {
	var out AuthDetails
	if err := c.get(ctx, "/auth", nil, nil, &out); err != nil {
		return nil, err
	}
	return &out, nil
}

// GetCurrentUser reads the person the key belongs to: GET /users/me. An
// organization key belongs to nobody and gets a 404.
func (c *Client) GetCurrentUser(ctx context.Context) (*CurrentUser, error) {
	var out CurrentUser
	if err := c.get(ctx, "/users/me", nil, nil, &out); err != nil {
		return nil, err
	}
	return &out, nil
}
