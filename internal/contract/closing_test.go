package contract

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// closedSchema loads components/schemas from YAML and closes the one named Top.
func closedSchema(t *testing.T, schemas string) (*openapi3.Schema, error) {
	t.Helper()
	text := "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    " +
		strings.ReplaceAll(schemas, "\n\t\t\t", "\n    ")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return newCloser().close(doc.Components.Schemas["Top"].Value)
}

func TestClosing(t *testing.T) {
	t.Parallel()
	const (
		tree     = "Top: {type: object, properties: {name: {type: string}, children: {type: array, items: {$ref: '#/components/schemas/Top'}}}}"
		composed = `Top: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
			A: {type: object, required: [a], properties: {a: {type: integer}, both: {type: object, properties: {x: {type: integer}}}}}
			B: {allOf: [{properties: {b: {type: integer}}}, {type: object, properties: {both: {type: object, required: [y], properties: {y: {type: integer}}}}}]}`
		alternatives = `Top: {type: object, discriminator: {propertyName: kind, mapping: {a: '#/components/schemas/A', b: '#/components/schemas/B'}}, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
			A: {type: object, properties: {kind: {type: string}, a: {type: integer}}}
			B: {type: object, properties: {kind: {type: string}, b: {type: integer}}}`
		annotated = `Top: {type: object, nullable: true, description: d, allOf: [{$ref: '#/components/schemas/A'}]}
			A: {type: object, properties: {a: {type: string, enum: [x]}}}`
	)
	for name, test := range map[string]struct {
		schemas, value string
		valid          bool
	}{
		"recursive":                   {tree, `{"children":[{"name":"a","children":[{"name":"b"}]}]}`, true},
		"recursive, unknown below":    {tree, `{"children":[{"name":"a","children":[{"label":"b"}]}]}`, false},
		"composed":                    {composed, `{"a":1,"b":2,"both":{"x":1,"y":2}}`, true},
		"composed, unknown":           {composed, `{"a":1,"c":2}`, false},
		"composed, unknown in shared": {composed, `{"a":1,"both":{"y":1,"z":2}}`, false},
		"composed, missing":           {composed, `{"b":2}`, false},
		"composed, missing in shared": {composed, `{"a":1,"both":{"x":2}}`, false},
		"alternative":                 {alternatives, `{"kind":"b","b":2}`, true},
		"alternative, other's":        {alternatives, `{"kind":"b","a":2}`, false},
		"annotated":                   {annotated, `{"a":"x"}`, true},
		"annotated, null":             {annotated, `null`, true},
		"annotated, wrong":            {annotated, `{"a":"y"}`, false},
		"map":                         {"Top: {type: object, additionalProperties: {type: string}}", `{"any":"thing"}`, true},
		"map, wrong value":            {"Top: {type: object, additionalProperties: {type: string}}", `{"any":1}`, false},
		"open":                        {"Top: {type: object, additionalProperties: true}", `{"any":1}`, true},
		"empty":                       {"Top: {type: object, properties: {}}", `{}`, true},
		"empty, unknown":              {"Top: {type: object}", `{"a":1}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			schema, err := closedSchema(t, test.schemas)
			if err != nil {
				t.Fatal(err)
			}
			value, err := decodeJSON([]byte(test.value))
			if err != nil {
				t.Fatal(err)
			}
			if found := check(schema, value); (len(found) == 0) != test.valid {
				t.Errorf("%s: found %v, want valid %v", test.value, found, test.valid)
			}
		})
	}
}

// What the checks would miss is an error when the documents are read.
func TestNotUnderstood(t *testing.T) {
	t.Parallel()
	for schemas, reason := range map[string]string{
		"Top: {allOf: [{type: string, minLength: 1}, {type: string, maxLength: 2}]}":                               "allOf of anything but plain objects",
		"Top: {allOf: [{type: object, additionalProperties: true}, {type: object, required: [a]}]}":                "allOf of anything but plain objects",
		"Top: {allOf: [{$ref: '#/components/schemas/A'}]}\n\t\t\tA: {allOf: [{$ref: '#/components/schemas/Top'}]}": "contains itself",
		"Top: {not: {type: string}}":                                               "not",
		"Top: {properties: {a: {type: string}}, anyOf: [{required: [a]}]}":         "alternatives beside properties",
		"Top: {type: object, properties: {a: {type: string, format: hostname}}}":   "a: the format hostname",
		"Top: {type: array, items: {type: string, pattern: '^(?=a)'}}":             "items: error parsing regexp",
		"Top: {oneOf: [{type: integer, format: int7}]}":                            "oneOf: the format int7",
		"Top: {type: object, additionalProperties: {type: number, format: float}}": "additionalProperties: the format float",
	} {
		if _, err := closedSchema(t, schemas); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: got %v, want an error about %q", schemas, err, reason)
		}
	}
}
