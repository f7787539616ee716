package neon

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
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
	// listed are the items of earlier pages of a list, of which this one may have
	// none again; its own are added. Nil is for what is no page.
	listed map[listed]bool
}

// do sends a request, repeating it where that is safe, and reads the answer into
// out; nil leaves it unread. Only an answer that is one gets there: see answer.go.
func (c *Client) do(ctx context.Context, r request, out any) error {
	made, err := newCall(r, out)
	if err != nil {
		return err
	}
	target, err := c.url(r)
	if err != nil {
		return err
	}
	c.reads.noteChange(r)
	var body any
	if r.body != nil {
		if made.sent, err = json.Marshal(r.body); err != nil {
			return fmt.Errorf("neon: encoding %s %s: %w", r.method, r.route, err)
		}
		body = made.sent
	}

	attempt := &attempt{
		method: r.method, route: r.route, requestID: uuid.NewString(),
		secrets: []string{c.options.APIKey, r.path["request_id"]}, call: made,
	}
	req, err := retryablehttp.NewRequestWithContext(attempt.trace(ctx), r.method, target, body)
	if err != nil {
		return fmt.Errorf("neon: making %s %s: %w", r.method, r.route, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.options.APIKey)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Request-ID", attempt.requestID)
	if c.options.UserAgent != "" {
		req.Header.Set("User-Agent", c.options.UserAgent)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}

	answer, err := c.transport.send(req, attempt)
	if err != nil {
		return err
	}
	if r.listed != nil {
		maps.Copy(r.listed, made.items)
	}
	if out != nil {
		reflect.ValueOf(out).Elem().Set(reflect.ValueOf(answer).Elem())
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

func (c *Client) get(ctx context.Context, route string, path map[string]string, query url.Values, out any) error {
	return c.do(ctx, request{method: http.MethodGet, route: route, path: path, query: query}, out)
}
