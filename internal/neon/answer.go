package neon

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// AnswerError says why an answer with a status of success is not believed. It holds
// no value of the answer, as that may be a secret.
type AnswerError struct {
	// Problem is such as "project.id is missing".
	Problem string
}

func (e *AnswerError) Error() string {
	return "the answer is not what Neon's API documents: " + e.Problem
}

// call is a request on its way, with what its answer must be.
type call struct {
	request
	sent   []byte // the body, as JSON; nil for none
	answer reflect.Type
	items  map[listed]bool // that the answer has
}

// listed is an item of a list, by its key.
type listed struct {
	list *shape
	key  string
}

// read checks an answer, and returns what it holds: a pointer to a value of the
// answer's type. It is the only way by which the rest of the client gets to see
// one. Its error is an *AnswerError, or says that the answer is no JSON.
func (c *call) read(status int, body []byte) (any, error) {
	if c.answer == nil {
		if status != http.StatusNoContent {
			return nil, &AnswerError{Problem: fmt.Sprintf("it has status %d, not %d", status, http.StatusNoContent)}
		}
		return nil, nil //nolint:nilnil // there is nothing to read
	}
	value := reflect.New(c.answer)
	if err := json.Unmarshal(body, value.Interface()); err != nil {
		return nil, describeDecode(err)
	}
	reader, err := newAnswerReader(c, body)
	if err != nil {
		return nil, err
	}
	if p := reader.check(shapeOf(c.answer), reader.sources["answer"]); p != nil {
		return nil, &AnswerError{Problem: p.String()}
	}
	for item := range reader.items {
		if c.listed[item] {
			return nil, &AnswerError{Problem: "a page of the list has what an earlier one had, so the list may not be whole"}
		}
	}
	c.items = reader.items
	return value.Interface(), nil
}

// describeDecode keeps what encoding/json says of types and leaves out the value
// that it quotes, which may be a password.
func describeDecode(err error) error {
	if typeErr, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return &AnswerError{Problem: fmt.Sprintf("%s is of another type than %s", cmp.Or(typeErr.Field, "it"), typeErr.Type)}
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return errNotJSON
	}
	return &AnswerError{Problem: "a value is of another type than expected"}
}

// answerReader walks through one answer.
type answerReader struct {
	request request
	// sources are what fields are compared with: the body that was sent, and the
	// answer itself.
	sources map[string]any
	items   map[listed]bool
}

func newAnswerReader(c *call, body []byte) (*answerReader, error) {
	r := &answerReader{request: c.request, sources: map[string]any{}, items: map[listed]bool{}}
	for source, text := range map[string][]byte{"answer": body, "body": c.sent} {
		if text == nil {
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber() // an id may not fit a float
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, errNotJSON
		}
		r.sources[source] = value
	}
	return r, nil
}

// problem is what is wrong with the value at a path.
type problem struct {
	path []string // from the inside out
	what string
}

func (p *problem) at(name string) *problem {
	p.path = append(p.path, name)
	return p
}

func (p *problem) String() string {
	path := slices.Clone(p.path)
	slices.Reverse(path)
	return cmp.Or(strings.Join(path, "."), "it") + " " + p.what
}

// check returns what is wrong with a value, or nil.
func (r *answerReader) check(s *shape, value any) *problem {
	switch s.kind {
	case kindObject, kindMap:
		object, ok := value.(map[string]any)
		if !ok {
			return &problem{what: "is not an object"}
		}
		return r.checkObject(s, object)
	case kindList:
		list, ok := value.([]any)
		if !ok {
			return &problem{what: "is not a list"}
		}
		return r.checkList(s, list)
	default:
		if value == nil {
			return &problem{what: "is null"}
		}
		return nil
	}
}

func (r *answerReader) checkObject(s *shape, object map[string]any) *problem {
	for _, f := range s.fields {
		if p := r.checkField(f, object); p != nil {
			return p.at(f.name)
		}
	}
	if s.kind == kindMap && s.items.kind != kindValue {
		for _, item := range object {
			if p := r.check(s.items, item); p != nil {
				return p.at("*")
			}
		}
	}
	return nil
}

func (r *answerReader) checkField(f field, object map[string]any) *problem {
	value, isThere := object[f.name]
	switch {
	case !isThere && f.required:
		return &problem{what: "is missing"}
	case value == nil && f.required && !f.nullable:
		return &problem{what: "is null"}
	case f.filled && isEmpty(value):
		return &problem{what: "is empty"}
	}
	if want := r.wanted(f); len(want) > 0 && !slices.ContainsFunc(want, f.sameAs(value)) {
		return &problem{what: "is not what was asked for"}
	}
	if value == nil {
		return nil
	}
	return r.check(f.shape, value)
}

func (r *answerReader) checkList(s *shape, list []any) *problem {
	for _, item := range list {
		if p := r.check(s.items, item); p != nil {
			return p.at("*")
		}
		if s.key == nil && !s.isKey {
			continue
		}
		for _, value := range lookUp(item, s.key) {
			id := listed{s, asText(value)}
			if r.items[id] {
				return &problem{what: "has an item twice"}
			}
			r.items[id] = true
		}
	}
	return nil
}

// wanted are the values of which a field must have one; none where the request says
// nothing of it.
func (r *answerReader) wanted(f field) []string {
	var want []string
	for _, from := range f.is {
		switch source, name := from[0], from[1:]; source {
		case "path":
			if value := r.request.path[name[0]]; value != "" {
				want = append(want, value)
			}
		case "query":
			if value := r.request.query.Get(name[0]); value != "" {
				want = append(want, strings.Split(value, ",")...)
			}
		default:
			for _, value := range lookUp(r.sources[source], name) {
				want = append(want, asText(value))
			}
		}
	}
	return want
}

// sameAs compares with the field's value.
func (f field) sameAs(value any) func(string) bool {
	have := asText(value)
	return func(want string) bool { return have == want || f.anyCase && SameEmail(have, want) }
}

// lookUp returns what JSON has below names. Names go through lists.
func lookUp(value any, names []string) []any {
	if list, ok := value.([]any); ok {
		var found []any
		for _, item := range list {
			found = append(found, lookUp(item, names)...)
		}
		return found
	}
	if len(names) == 0 {
		return []any{value}
	}
	object, _ := value.(map[string]any)
	if below, isThere := object[names[0]]; isThere && below != nil {
		return lookUp(below, names[1:])
	}
	return nil
}

// asText is a JSON value as the parts of a request have it.
func asText(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	return fmt.Sprint(value)
}

func isEmpty(value any) bool {
	switch value := value.(type) {
	case string:
		return strings.TrimSpace(value) == ""
	case json.Number:
		return value == "0"
	case bool:
		return !value
	default:
		return false
	}
}
