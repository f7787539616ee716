package neon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/hashicorp/go-retryablehttp"
)

// request describes one call. Path holds the values of the route's {segments}.
type request struct {
	method string
	route  string
	path   map[string]string
	query  url.Values
	body   any
}

// do sends a request, repeating it where that is safe, and reads the answer into
// out (nil: the answer has no body, or none that matters).
func (c *Client) do(ctx context.Context, r request, out any) error {
	target, err := c.url(r)
	if err != nil {
		return err
	}
	c.reads.noteChange(r)
	var body any
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return fmt.Errorf("neon: encoding %s %s: %w", r.method, r.route, err)
		}
		body = encoded
	}

	requestID := uuid.NewString()
	attempt := &attempt{method: r.method, route: r.route, requestID: requestID}
	req, err := retryablehttp.NewRequestWithContext(attempt.trace(ctx), r.method, target, body)
	if err != nil {
		return fmt.Errorf("neon: making %s %s: %w", r.method, r.route, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.options.APIKey)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Request-ID", requestID)
	if c.options.UserAgent != "" {
		req.Header.Set("User-Agent", c.options.UserAgent)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}

	status, answer, err := c.transport.send(req, attempt)
	if err != nil {
		return err
	}
	if out == nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(answer))
	if err := decoder.Decode(out); err != nil {
		return attempt.lost(fmt.Errorf("the answer (status %d) is not what %s %s gives: %w", status, r.method, r.route, describeDecode(err)))
	}
	return nil
}

// url fills the route's segments in. A value that would change the route is
// refused: an id is never worth calling another path for.
func (c *Client) url(r request) (string, error) {
	segments := strings.Split(r.route, "/")
	for i, segment := range segments {
		name, isVariable := strings.CutPrefix(segment, "{")
		if !isVariable {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		value := r.path[name]
		if value == "" || value == "." || value == ".." {
			return "", fmt.Errorf("neon: %s %s: %s is %q, which can't stand in a path", r.method, r.route, name, value)
		}
		segments[i] = url.PathEscape(value)
	}
	target := c.baseURL.String() + strings.Join(segments, "/")
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	return target, nil
}

// describeDecode keeps what encoding/json says of types and leaves out the value
// that it quotes, which may be a password.
func describeDecode(err error) error {
	if typeErr, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s holds another type than %s", typeErr.Field, typeErr.Type)
	}
	return errors.New("it is not the JSON that was expected")
}

func (c *Client) get(ctx context.Context, route string, path map[string]string, query url.Values, out any) error {
	return c.do(ctx, request{method: http.MethodGet, route: route, path: path, query: query}, out)
}
