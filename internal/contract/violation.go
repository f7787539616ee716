package contract

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The values of [Violation.In].
const (
	InPath         = "path"
	InQuery        = "query"
	InRequestBody  = "request body"
	InStatus       = "status"
	InContentType  = "content type"
	InResponseBody = "response body"
)

// Violation is one thing in an exchange that the documents don't allow.
type Violation struct {
	Method      string
	Path        string // the documented template; the path as it came where none is documented
	OperationID string // empty where no operation is documented
	Status      int    // of the answer
	In          string // one of the In constants
	Pointer     string // JSON pointer into the body, or "/" and the name of the parameter; may be empty
	Reason      string // holds at most the first four characters of a value, which may be a secret
}

// String says everything in one line.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", v.Method, v.Path)
	if v.OperationID != "" {
		fmt.Fprintf(&b, " (%s)", v.OperationID)
	}
	fmt.Fprintf(&b, " answered %d: %s", v.Status, v.In)
	if v.Pointer != "" {
		fmt.Fprintf(&b, " at %s", v.Pointer)
	}
	return b.String() + ": " + v.Reason
}

// describe tells what a value is without giving a secret away.
func describe(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return shorten(v.String())
	case float64:
		return fmt.Sprint(v)
	case string:
		return fmt.Sprintf("%q", shorten(v))
	case []any:
		return fmt.Sprintf("an array of %d", len(v))
	case map[string]any:
		return fmt.Sprintf("an object of %d properties", len(v))
	}
	return fmt.Sprintf("a %T", value)
}

func shorten(s string) string {
	const shown = 4
	if length := utf8.RuneCountInString(s); length > shown {
		return fmt.Sprintf("%s… (%d characters)", string([]rune(s)[:shown]), length)
	}
	return s
}
