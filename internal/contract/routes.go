package contract

import (
	"cmp"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
)

// parameterSegment stands for a {name} in a compiled path template.
const parameterSegment = "{}"

// routes holds operations by method and number of path segments.
type routes map[routeKey][]*operation

type routeKey struct {
	method   string
	segments int
}

// add refuses an operation that is there already.
func (r routes) add(op *operation) error {
	key := routeKey{op.method, len(op.segments)}
	for _, other := range r[key] {
		if slices.Equal(other.segments, op.segments) {
			return fmt.Errorf("%s %s is described twice", op.method, op.template)
		}
	}
	r[key] = append(r[key], op)
	return nil
}

// sort puts literal segments before parameters, so that the first match is the
// right one: /projects/shared is not the project "shared".
func (r routes) sort() {
	for _, ops := range r {
		slices.SortFunc(ops, func(a, b *operation) int {
			return slices.CompareFunc(a.segments, b.segments, compareSegments)
		})
	}
}

func compareSegments(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == parameterSegment:
		return 1
	case b == parameterSegment:
		return -1
	}
	return cmp.Compare(a, b)
}

// find returns the operation for a path in its escaped form and the values of
// its path parameters, unescaped. The operation is nil when there is none.
func (r routes) find(method, escapedPath string) (*operation, map[string]string) {
	given := splitPath(escapedPath)
	for _, op := range r[routeKey{method, len(given)}] {
		if values, ok := op.match(given); ok {
			return op, values
		}
	}
	return nil, nil
}

// findTemplate returns the operation with this path template, whatever the
// names of its parameters.
func (r routes) findTemplate(method, template string) *operation {
	segments, _ := compileTemplate(template)
	for _, op := range r[routeKey{method, len(segments)}] {
		if slices.Equal(op.segments, segments) {
			return op
		}
	}
	return nil
}

func (r routes) all() iter.Seq[*operation] {
	return func(yield func(*operation) bool) {
		for _, ops := range r {
			for _, op := range ops {
				if !yield(op) {
					return
				}
			}
		}
	}
}

// compileTemplate returns the segments of a path template, with parameters
// replaced by parameterSegment, and the names of the parameters in order.
func compileTemplate(template string) (segments, names []string) {
	segments = splitPath(template)
	for i, s := range segments {
		if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
			names = append(names, s[1:len(s)-1])
			segments[i] = parameterSegment
		}
	}
	return segments, names
}

func splitPath(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

// match compares escaped segments with the template. An empty segment is no
// parameter's value.
func (op *operation) match(given []string) (values map[string]string, ok bool) {
	values = make(map[string]string, len(op.pathNames))
	next := 0
	for i, want := range op.segments {
		text, err := url.PathUnescape(given[i])
		if err != nil {
			return nil, false
		}
		if want != parameterSegment {
			if text != want {
				return nil, false
			}
			continue
		}
		if text == "" {
			return nil, false
		}
		values[op.pathNames[next]] = text
		next++
	}
	return values, true
}
