package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A shape says what a JSON value of a request may look like. check names the
// offending field by its path in the error. Values come from a decoder with
// UseNumber.
type shape interface {
	check(path string, v any) error
}

// object is a closed set of fields: a field it doesn't name is an error.
type object struct {
	fields   map[string]shape
	required []string
}

type text struct {
	min, max int // characters; max 0 is no limit
	pattern  *regexp.Regexp
	oneOf    []string
	dateTime bool // RFC 3339
}

type integer struct{ min, max int64 }

type number struct{ min float64 }

type boolean struct{}

type array struct {
	of       shape
	min, max int // max 0 is no limit
}

// textMap is an object with free keys and strings as values.
type textMap struct{}

// nullable lets null stand for the value.
type nullable struct{ shape }

func (s object) check(path string, v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		return mustBe(path, "an object", v)
	}
	for _, name := range s.required {
		if _, ok := m[name]; !ok {
			return fmt.Errorf("%s is required", join(path, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		field, ok := s.fields[name]
		if !ok {
			return fmt.Errorf("%s is not a known field; known are: %s", join(path, name), strings.Join(slices.Sorted(maps.Keys(s.fields)), ", "))
		}
		if err := field.check(join(path, name), m[name]); err != nil {
			return err
		}
	}
	return nil
}

func (s text) check(path string, v any) error {
	str, ok := v.(string)
	if !ok {
		return mustBe(path, "a string", v)
	}
	length := utf8.RuneCountInString(str)
	switch {
	case length < s.min:
		return fmt.Errorf("%s must be at least %d characters long", path, s.min)
	case s.max > 0 && length > s.max:
		return fmt.Errorf("%s must be at most %d characters long, got %d", path, s.max, length)
	case s.pattern != nil && !s.pattern.MatchString(str):
		return fmt.Errorf("%s must match %s", path, s.pattern)
	case len(s.oneOf) > 0 && !slices.Contains(s.oneOf, str):
		return fmt.Errorf("%s must be one of %s", path, strings.Join(s.oneOf, ", "))
	}
	if s.dateTime {
		if _, err := time.Parse(time.RFC3339, str); err != nil {
			return fmt.Errorf("%s must be a time such as 2025-06-09T18:02:16Z", path)
		}
	}
	return nil
}

func (s integer) check(path string, v any) error {
	num, ok := v.(json.Number)
	if !ok {
		return mustBe(path, "an integer", v)
	}
	n, err := strconv.ParseInt(num.String(), 10, 64)
	if err != nil {
		return fmt.Errorf("%s must be an integer, got %s", path, num)
	}
	if n < s.min || n > s.max {
		return fmt.Errorf("%s must be from %d to %d, got %d", path, s.min, s.max, n)
	}
	return nil
}

func (s number) check(path string, v any) error {
	num, ok := v.(json.Number)
	if !ok {
		return mustBe(path, "a number", v)
	}
	f, err := num.Float64()
	if err != nil {
		return fmt.Errorf("%s must be a number, got %s", path, num)
	}
	if f < s.min {
		return fmt.Errorf("%s must be at least %v, got %s", path, s.min, num)
	}
	return nil
}

func (boolean) check(path string, v any) error {
	if _, ok := v.(bool); !ok {
		return mustBe(path, "true or false", v)
	}
	return nil
}

func (s array) check(path string, v any) error {
	items, ok := v.([]any)
	if !ok {
		return mustBe(path, "an array", v)
	}
	if len(items) < s.min {
		return fmt.Errorf("%s must have at least %d items", path, s.min)
	}
	if s.max > 0 && len(items) > s.max {
		return fmt.Errorf("%s must have at most %d items, got %d", path, s.max, len(items))
	}
	for i, item := range items {
		if err := s.of.check(path+"["+strconv.Itoa(i)+"]", item); err != nil {
			return err
		}
	}
	return nil
}

func (textMap) check(path string, v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		return mustBe(path, "an object", v)
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if _, ok := m[name].(string); !ok {
			return mustBe(join(path, name), "a string", m[name])
		}
	}
	return nil
}

func (s nullable) check(path string, v any) error {
	if v == nil {
		return nil
	}
	return s.shape.check(path, v)
}

// checkJSON holds a whole document against a shape.
func checkJSON(data []byte, s shape) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return fmt.Errorf("the request body is not valid JSON: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the request body has something after its JSON document")
	}
	return s.check("", v)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// mustBe names the type that came instead, never the value: it may be a secret.
func mustBe(path, want string, v any) error {
	if path == "" {
		path = "the request body"
	}
	got := "null"
	switch v.(type) {
	case string:
		got = "a string"
	case json.Number:
		got = "a number"
	case bool:
		got = "a boolean"
	case map[string]any:
		got = "an object"
	case []any:
		got = "an array"
	}
	return fmt.Errorf("%s must be %s, got %s", path, want, got)
}

// The shapes of Neon's shared types.
var (
	idPattern   = regexp.MustCompile(`^[a-z0-9-]{1,60}$`)
	uuidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

	idShape     = text{pattern: idPattern}
	countShape  = integer{min: 0, max: math.MaxInt64}
	cuShape     = number{min: 0.25}
	nameShape   = text{min: 1, max: 256}
	suspendTime = integer{min: -1, max: 604800}
)
