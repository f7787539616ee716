package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// finding is what is wrong with a value, and where in it.
type finding struct {
	pointer, reason string
}

// maxFindings bounds what is said about one value: a list of hundreds with the
// same mistake in each item needs no hundreds of lines.
const maxFindings = 10

// visitOptions are shared by all checks; they are only read.
var visitOptions = []openapi3.SchemaValidationOption{
	openapi3.MultiErrors(),
	openapi3.DisableSchemaErrorDetails(),
	openapi3.SetSchemaRegexCompiler(compilePattern),
	openapi3.WithStringFormatValidators(stringFormats),
	openapi3.WithIntegerFormatValidators(integerFormats),
	openapi3.WithNumberFormatValidators(numberFormats),
}

// check holds a decoded JSON value against a closed schema.
func check(schema *openapi3.Schema, value any) []finding {
	found := findings(schema.VisitJSON(value, visitOptions...))
	if more := len(found) - maxFindings; more > 0 {
		found = found[:maxFindings]
		found[maxFindings-1].reason += fmt.Sprintf(" (and %d more findings)", more)
	}
	return found
}

// findings flattens the error of a visit.
func findings(err error) []finding {
	if err == nil {
		return nil
	}
	//nolint:errorlint // what the visit returned itself is asked for: a wrapped error is a cause, told by its outer reason
	switch err := err.(type) {
	case openapi3.MultiError:
		var all []finding
		for _, one := range err {
			all = append(all, findings(one)...)
		}
		return all
	case *openapi3.SchemaError:
		return []finding{schemaFinding(err)}
	}
	return []finding{{reason: err.Error()}}
}

func schemaFinding(err *openapi3.SchemaError) finding {
	reason := err.Reason
	if reason == "" {
		reason = "does not match " + err.SchemaField
	}
	return finding{pointer: pointer(err.JSONPointer()), reason: reason + ", got " + describe(err.Value)}
}

// pointer joins tokens to a JSON pointer (RFC 6901).
func pointer(tokens []string) string {
	var b strings.Builder
	for _, token := range tokens {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(token))
	}
	return b.String()
}

// decodeJSON decodes exactly one JSON value, keeping numbers as they are written.
func decodeJSON(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON value")
	}
	return value, nil
}

// decodeParameter turns the texts of a parameter into the JSON value that its
// schema describes. Arrays are written as repeated parameters.
func decodeParameter(schema *openapi3.Schema, texts []string) any {
	if !schema.Type.Is(openapi3.TypeArray) {
		return decodeScalar(schema, texts[0])
	}
	items := make([]any, 0, len(texts))
	for _, text := range texts {
		items = append(items, decodeScalar(schema.Items.Value, text))
	}
	return items
}

// decodeScalar leaves a text that isn't of the wanted type a string, for the
// schema to refuse.
func decodeScalar(schema *openapi3.Schema, text string) any {
	if schema.Type.Is(openapi3.TypeString) {
		return text
	}
	value, err := decodeJSON([]byte(text))
	if err != nil {
		return text
	}
	return value
}
