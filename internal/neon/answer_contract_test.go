package neon

import (
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/neon-orgs/terraform-provider-neon/internal/contract"
)

// TestTagsAreWhatNeonDocuments compares, of every call, what the wire types require
// with what Neon's document does.
func TestTagsAreWhatNeonDocuments(t *testing.T) {
	t.Parallel()
	documented := contract.ForTest(t)
	for route, answer := range answers {
		schema, isKnown := documented.Answer(route)
		switch {
		case !isKnown:
			t.Errorf("%s is not documented", route)
		case (schema == nil) != (answer == nil):
			t.Errorf("%s: whether the answer has a body is not as documented", route)
		case answer != nil:
			compareShape(t, route, shapeOf(answer), schema)
		}
	}
}

func compareShape(t *testing.T, path string, s *shape, schema *openapi3.Schema) {
	t.Helper()
	switch s.kind {
	case kindList:
		if schema.Items == nil {
			t.Errorf("%s is no list in Neon's document", path)
			return
		}
		compareShape(t, path+"[]", s.items, schema.Items.Value)
	case kindMap:
		if more := schema.AdditionalProperties.Schema; more != nil {
			compareShape(t, path+".*", s.items, more.Value)
		}
	case kindObject:
		for _, f := range s.fields {
			property := schema.Properties[f.name]
			if property == nil {
				t.Errorf("%s.%s is not documented", path, f.name)
				continue
			}
			compareField(t, path+"."+f.name, f, property.Value, slices.Contains(schema.Required, f.name))
		}
	case kindValue:
	}
}

func compareField(t *testing.T, path string, f field, schema *openapi3.Schema, isRequired bool) {
	t.Helper()
	if want := isRequired && !schema.Deprecated; f.required != want {
		t.Errorf("%s: required is %t, and Neon documents %t", path, f.required, want)
	}
	if f.required && f.nullable != schema.Nullable {
		t.Errorf("%s: nullable is %t, and Neon documents %t", path, f.nullable, schema.Nullable)
	}
	compareShape(t, path, f.shape, schema)
}
