package neon

import (
	"bytes"
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
	items  map[string]bool // that the lists of the answer have
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
	var raw any
	if err := decodeNumbers(body, &raw); err != nil {
		return nil, errNotJSON
	}
	value := reflect.New(c.answer)
	if err := json.Unmarshal(body, value.Interface()); err != nil {
		return nil, &AnswerError{Problem: describeDecode(err)}
	}
	reader := answerReader{sources: map[string]any{"answer": raw}, items: map[string]bool{}}
	if c.sent != nil {
		var sent any
		if err := decodeNumbers(c.sent, &sent); err != nil {
			return nil, err
		}
		reader.sources["body"] = sent
	}
	reader.request = c.request
	if problem := reader.check(shapeOf(c.answer), "", raw); problem != "" {
		return nil, &AnswerError{Problem: problem}
	}
	for item := range reader.items {
		if c.listed[item] {
			return nil, &AnswerError{Problem: "a page of the list has what an earlier one had, so the list may not be whole"}
		}
	}
	c.items = reader.items
	return value.Interface(), nil
}

// decodeNumbers keeps numbers as they are written: an id may not fit a float.
func decodeNumbers(text []byte, into *any) error {
	if !json.Valid(text) {
		return errNotJSON
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// describeDecode keeps what encoding/json says of types and leaves out the value
// that it quotes, which may be a password.
func describeDecode(err error) string {
	if typeErr, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("%s is of another type than %s", orWhole(typeErr.Field), typeErr.Type)
	}
	return "a value is of another type than expected"
}

// answerReader walks through one answer.
type answerReader struct {
	request request
	sources map[string]any
	items   map[string]bool // of all lists
}

// check returns what is wrong with a value at a path, or "".
func (r *answerReader) check(s *shape, path string, value any) string {
	switch s.kind {
	case kindObject:
		object, ok := value.(map[string]any)
		if !ok {
			return orWhole(path) + " is not an object"
		}
		for _, f := range s.fields {
			if problem := r.checkField(f, join(path, f.name), object); problem != "" {
				return problem
			}
		}
	case kindMap:
		object, ok := value.(map[string]any)
		if !ok {
			return orWhole(path) + " is not an object"
		}
		for _, item := range object {
			if s.items.kind == kindValue {
				continue // encoding/json has checked it
			}
			if problem := r.check(s.items, join(path, "*"), item); problem != "" {
				return problem
			}
		}
	case kindList:
		return r.checkList(s, path, value)
	case kindValue:
		if value == nil {
			return orWhole(path) + " is null"
		}
	}
	return ""
}

func (r *answerReader) checkField(f field, path string, object map[string]any) string {
	value, isThere := object[f.name]
	switch {
	case !isThere && f.required:
		return path + " is missing"
	case value == nil && f.required && !f.nullable:
		return path + " is null"
	case f.filled && isEmpty(value):
		return path + " is empty"
	}
	if want := r.wanted(f); len(want) > 0 && !slices.ContainsFunc(want, f.sameAs(value)) {
		return path + " is not what was asked for"
	}
	if value == nil {
		return ""
	}
	return r.check(f.shape, path, value)
}

func (r *answerReader) checkList(s *shape, path string, value any) string {
	list, ok := value.([]any)
	if !ok {
		return orWhole(path) + " is not a list"
	}
	for _, item := range list {
		if problem := r.check(s.items, path+"[]", item); problem != "" {
			return problem
		}
		if len(s.key) == 0 && !s.isKey {
			continue
		}
		key := path + " " + asText(lookUp(item, s.key)...)
		if r.items[key] {
			return orWhole(path) + " has an item twice"
		}
		r.items[key] = true
	}
	return ""
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

func asText(values ...any) string { return fmt.Sprint(values...) }

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

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func orWhole(path string) string {
	if path == "" {
		return "it"
	}
	return path
}
