package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// exchange is one API request on its way through the emulator: checked,
// authenticated, and with the world locked.
type exchange struct {
	w      *world
	caller caller
	params map[string]string
	query  query
	body   []byte
	from   string // the client's address

	// What faults ask of the handlers.
	failOperations bool
	unavailable    []string
}

// reply is what a handler answers. A nil body is none.
type reply struct {
	status int
	body   any
}

func ok(status int, body any) (reply, error) { return reply{status: status, body: body}, nil }

func noContent() (reply, error) { return reply{status: http.StatusNoContent}, nil }

// decode reads the body into T. The route's shape has been checked before, so
// an error here means that shape and T disagree. No body is the zero T.
func decode[T any](x *exchange) (T, error) {
	var v T
	if len(x.body) == 0 {
		return v, nil
	}
	if err := decodeStrictly(x.body, &v); err != nil {
		return v, fmt.Errorf("the emulator can't read a request that it found valid: %w", err)
	}
	return v, nil
}

// query holds the checked query parameters of a request.
type query map[string]string

func (q query) text(name string) string { return q[name] }

// limit is how many items a page may have.
func (q query) limit(fallback int) int {
	if n, err := strconv.Atoi(q["limit"]); err == nil {
		return n
	}
	return fallback
}

func (q query) boolean(name string) bool { return q[name] == "true" }

// list reads a parameter that stands for an array.
func (q query) list(name string) []string { return splitList(q[name]) }

// time reads a parameter whose shape is that of a time.
func (q query) time(name string) time.Time {
	t, _ := time.Parse(time.RFC3339, q[name])
	return t
}

func splitList(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, ",")
}

// param is a query parameter that a route knows.
type param struct {
	name     string
	required bool
	shape    shape
}

// checkQuery holds the parameters against what the route knows. An array is a list
// with commas, or comes by repeating the parameter.
func checkQuery(values url.Values, params []param) (query, error) {
	checked := query{}
	for _, p := range params {
		given, found := values[p.name]
		_, isArray := p.shape.(array)
		switch {
		case !found && p.required:
			return nil, badRequest("query parameter %s is required", p.name)
		case !found:
			continue
		case len(given) > 1 && !isArray:
			return nil, badRequest("query parameter %s must be given once", p.name)
		}
		value := strings.Join(given, ",")
		if err := p.shape.check("query parameter "+p.name, fromQuery(value, p.shape)); err != nil {
			return nil, badRequest("%s", err)
		}
		checked[p.name] = value
	}
	for name := range values {
		if _, found := checked[name]; !found {
			return nil, badRequest("query parameter %s is not known here", name)
		}
	}
	return checked, nil
}

// fromQuery gives a parameter the type that its shape wants to see.
func fromQuery(value string, s shape) any {
	switch s.(type) {
	case integer:
		if _, err := strconv.ParseInt(value, 10, 64); err == nil {
			return json.Number(value)
		}
	case boolean:
		if b, err := strconv.ParseBool(value); err == nil && (value == "true" || value == "false") {
			return b
		}
	case array:
		items := []any{}
		for _, item := range splitList(value) {
			items = append(items, item)
		}
		return items
	}
	return value
}
