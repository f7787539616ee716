package neon

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
)

// sample is a whole answer to a request: with all optional fields, and two items in
// each list.
func sample(t *testing.T, r request) (*call, any) {
	t.Helper()
	c, err := newCall(r, nil)
	if err != nil || c.answer == nil {
		return c, nil
	}
	if r.body != nil {
		if c.sent, err = json.Marshal(r.body); err != nil {
			t.Fatal(err)
		}
	}
	encoded, err := json.Marshal(skeleton(shapeOf(c.answer)))
	if err != nil {
		t.Fatal(err)
	}
	reader, err := newAnswerReader(c, fill(c, encoded))
	if err != nil {
		t.Fatal(err)
	}
	return c, reader.sources["answer"]
}

// skeleton has all objects, and two of each list's.
func skeleton(s *shape) any {
	switch s.kind {
	case kindObject:
		object := map[string]any{}
		for _, f := range s.fields {
			if f.shape.kind != kindValue {
				object[f.name] = skeleton(f.shape)
			}
		}
		return object
	case kindList:
		if s.items.kind == kindValue {
			return []any{}
		}
		return []any{skeleton(s.items), skeleton(s.items)}
	case kindMap:
		return map[string]any{"some": skeleton(s.items)}
	default:
		return zeros[s.of.Kind()]
	}
}

// mutation is an answer that is none.
type mutation struct {
	name string
	body string
}

// mutationsOf are all ways in which a good answer is spoilt that a shape rules out.
func mutationsOf(t *testing.T, c *call, good any) []mutation {
	t.Helper()
	m := mutator{t: t, whole: good, reader: &answerReader{request: c.request, sources: map[string]any{"answer": good}}}
	if c.sent != nil {
		reader, err := newAnswerReader(c, []byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		m.reader.sources["body"] = reader.sources["body"]
	}
	m.walk(shapeOf(c.answer), "", good)
	return m.found
}

type mutator struct {
	t      *testing.T
	whole  any
	reader *answerReader
	found  []mutation
}

// add keeps the answer as it is spoilt now.
func (m *mutator) add(format string, args ...any) {
	m.t.Helper()
	body, err := json.Marshal(m.whole)
	if err != nil {
		m.t.Fatal(err)
	}
	m.found = append(m.found, mutation{fmt.Sprintf(format, args...), string(body)})
}

func (m *mutator) walk(s *shape, path string, value any) {
	switch s.kind {
	case kindObject:
		object, _ := value.(map[string]any)
		for _, f := range s.fields {
			m.spoil(f, path+"."+f.name, object)
		}
	case kindMap:
		for _, item := range value.(map[string]any) {
			m.walk(s.items, path+".*", item)
		}
	case kindList:
		list, _ := value.([]any)
		if len(list) > 1 && s.key != nil {
			second := list[1]
			list[1] = list[0]
			m.add("%s has an item twice", path)
			list[1] = nil
			m.add("%s has null", path)
			list[1] = second
		}
		if len(list) > 0 {
			m.walk(s.items, path+"[0]", list[0])
		}
	case kindValue:
	}
}

func (m *mutator) spoil(f field, path string, object map[string]any) {
	good, isThere := object[f.name]
	with := func(bad any, format string) {
		object[f.name] = bad
		m.add(format, path)
		object[f.name] = good
	}
	if f.required {
		delete(object, f.name)
		m.add("%s is missing", path)
		object[f.name] = good
	}
	if f.required && !f.nullable {
		with(nil, "%s is null")
	}
	if f.filled {
		with(zeros[f.shape.of.Kind()], "%s is empty")
	}
	if len(m.reader.wanted(f)) > 0 && f.shape.of.Kind() == reflect.String {
		with("another", "%s is another")
	} else if len(m.reader.wanted(f)) > 0 {
		with(json.Number("123456789"), "%s is another")
	}
	if isThere && good != nil {
		with(wrongType(good), "%s is of another type")
		m.walk(f.shape, path, good)
	}
	if !isThere {
		delete(object, f.name)
	}
}

func wrongType(value any) any {
	if _, isObject := value.(map[string]any); isObject {
		return []any{}
	}
	return map[string]any{"planted": "napi_planted"}
}
