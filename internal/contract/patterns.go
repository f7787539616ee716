package contract

import (
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// idListPattern is one of the documents' patterns; its repeat counts multiply to
// more than Go's regexp allows.
const (
	idListPattern = `^([a-z0-9-]{1,60}(,[a-z0-9-]{1,60}){0,99})?$`
	idListMax     = 100
)

// compilePattern compiles a pattern of the documents.
func compilePattern(pattern string) (openapi3.RegexMatcher, error) {
	if pattern == idListPattern {
		return idList{}, nil
	}
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	return compiled, nil
}

// idList matches what idListPattern does: nothing, or up to 100 ids with commas
// between them.
type idList struct{}

var idPattern = regexp.MustCompile(`^[a-z0-9-]{1,60}$`)

// MatchString implements openapi3.RegexMatcher.
func (idList) MatchString(s string) bool {
	if s == "" {
		return true
	}
	ids := strings.Split(s, ",")
	return len(ids) <= idListMax && !slices.ContainsFunc(ids, func(id string) bool { return !idPattern.MatchString(id) })
}
