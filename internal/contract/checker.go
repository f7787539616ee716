package contract

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// Checker knows every documented operation and checks exchanges against them.
// It is safe for concurrent use.
type Checker struct {
	routes routes
}

// Load reads the documents and prepares all checks. The error is
// [ErrNotInstalled] when `npm ci` has not been run. A document that uses
// something the checks don't understand is an error too, because to ignore it
// would be to check less than it says.
func Load() (*Checker, error) {
	nodeModules, err := findNodeModules()
	if err != nil {
		return nil, err
	}
	c := &Checker{routes: routes{}}
	for _, l := range layers() {
		doc, err := l.read(nodeModules)
		if err != nil {
			return nil, err
		}
		if err := c.add(doc, l.operations); err != nil {
			return nil, fmt.Errorf("prepare the OpenAPI document of %s: %w", l.module, err)
		}
	}
	c.routes.sort()
	return c, nil
}

var loadOnce = sync.OnceValues(Load)

// Shared is [Load], done once per process: reading the documents takes a while.
func Shared() (*Checker, error) { return loadOnce() }

// add compiles the named operations of doc, or all of them.
func (c *Checker) add(doc *openapi3.T, only []string) error {
	missing := slices.Clone(only)
	shut := newCloser()
	for template, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			key := method + " " + template
			if len(only) > 0 && !slices.Contains(only, key) {
				continue
			}
			missing = slices.DeleteFunc(missing, func(m string) bool { return m == key })
			compiled, err := compileOperation(shut, method, template, item.Parameters, op)
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			if err := c.routes.add(compiled); err != nil {
				return err
			}
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the document lacks %s", strings.Join(missing, ", "))
	}
	return nil
}

// Answer returns the schema of the JSON that a route, "METHOD /path" with any names
// in the braces, answers with a status of success. It is nil where the answer has no
// body; ok is false where the route is not documented.
func (c *Checker) Answer(route string) (schema *openapi3.Schema, ok bool) {
	method, template, _ := strings.Cut(route, " ")
	op := c.routes.findTemplate(method, template)
	if op == nil {
		return nil, false
	}
	for status, answer := range op.answers {
		if status >= 200 && status < 300 && answer.content[mediaJSON] != nil {
			return answer.content[mediaJSON], true
		}
	}
	return nil, true
}

// Seen returns the operation ids of which at least one successful (2xx) answer
// was checked, sorted.
func (c *Checker) Seen() []string {
	var ids []string
	for op := range c.routes.all() {
		if op.seen.Load() {
			ids = append(ids, op.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Unseen returns those of the given routes, "METHOD /path" with any names in
// the braces and without the prefix, of which no successful (2xx) answer was
// checked. Routes that aren't documented are among them.
func (c *Checker) Unseen(given []string) []string {
	var unseen []string
	for _, route := range given {
		method, template, _ := strings.Cut(route, " ")
		if op := c.routes.findTemplate(method, template); op == nil || !op.seen.Load() {
			unseen = append(unseen, route)
		}
	}
	return unseen
}
