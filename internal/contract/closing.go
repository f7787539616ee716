package contract

import (
	"errors"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// closer copies schemas, merging allOf and closing objects. It remembers what it
// has done: schemas are shared and may contain themselves.
type closer struct {
	done map[*openapi3.Schema]*openapi3.Schema
}

func newCloser() *closer {
	return &closer{done: map[*openapi3.Schema]*openapi3.Schema{}}
}

// close returns a copy of s that refuses properties it doesn't document, at any
// depth. Explicit additionalProperties are left as they are.
func (c *closer) close(s *openapi3.Schema) (*openapi3.Schema, error) {
	if closed, ok := c.done[s]; ok {
		return closed, nil
	}
	merged, err := mergeAllOf(s, nil)
	if err != nil {
		return nil, err
	}
	if merged.Not != nil {
		return nil, errors.New("schemas with `not` are not understood")
	}
	if !knownFormat(merged) {
		return nil, fmt.Errorf("the format %s of %v is not understood", merged.Format, merged.Type.Slice())
	}
	if _, err := compilePattern(merged.Pattern); err != nil {
		return nil, err
	}
	closed := new(*merged)
	c.done[s] = closed

	closed.Properties = make(openapi3.Schemas, len(merged.Properties))
	for name, ref := range merged.Properties {
		if closed.Properties[name], err = c.closeRef(ref); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if closed.Items, err = c.closeRef(merged.Items); err != nil {
		return nil, fmt.Errorf("items: %w", err)
	}
	if closed.AdditionalProperties.Schema, err = c.closeRef(merged.AdditionalProperties.Schema); err != nil {
		return nil, fmt.Errorf("additionalProperties: %w", err)
	}
	if closed.OneOf, err = c.closeRefs(merged.OneOf); err != nil {
		return nil, fmt.Errorf("oneOf: %w", err)
	}
	if closed.AnyOf, err = c.closeRefs(merged.AnyOf); err != nil {
		return nil, fmt.Errorf("anyOf: %w", err)
	}
	return closed, closeProperties(closed)
}

func (c *closer) closeRef(ref *openapi3.SchemaRef) (*openapi3.SchemaRef, error) {
	if ref == nil {
		return nil, nil
	}
	closed, err := c.close(ref.Value)
	if err != nil {
		return nil, err
	}
	// The name is kept: discriminators refer to it.
	return &openapi3.SchemaRef{Ref: ref.Ref, Value: closed}, nil
}

func (c *closer) closeRefs(refs openapi3.SchemaRefs) (openapi3.SchemaRefs, error) {
	closed := make(openapi3.SchemaRefs, 0, len(refs))
	for _, ref := range refs {
		one, err := c.closeRef(ref)
		if err != nil {
			return nil, err
		}
		closed = append(closed, one)
	}
	return closed, nil
}

// closeProperties closes s itself, if it is an object and nothing says that it
// is open. Alternatives close each for themselves.
func closeProperties(s *openapi3.Schema) error {
	if len(s.OneOf) > 0 || len(s.AnyOf) > 0 {
		if len(s.Properties) > 0 {
			return errors.New("alternatives beside properties are not understood")
		}
		return nil
	}
	if isObject(s) && s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil {
		s.AdditionalProperties.Has = new(false)
	}
	return nil
}

func isObject(s *openapi3.Schema) bool {
	return s.Type.Is(openapi3.TypeObject) || s.Type.IsEmpty() && len(s.Properties) > 0
}

// mergeAllOf returns one schema that stands for s and all of its allOf branches.
// Its children are those of the branches, unchanged. It understands objects
// that add properties to each other, and a single branch with annotations beside
// it, which is how nullable and descriptions are put on a reference.
func mergeAllOf(s *openapi3.Schema, within []*openapi3.Schema) (*openapi3.Schema, error) {
	if len(s.AllOf) == 0 {
		return s, nil
	}
	if slices.Contains(within, s) {
		return nil, errors.New("allOf contains itself")
	}
	within = append(within, s)

	own := new(*s)
	own.AllOf = nil
	var parts []*openapi3.Schema
	for _, ref := range s.AllOf {
		part, err := mergeAllOf(ref.Value, within)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	if constrains(own) {
		parts = append(parts, own)
	}
	merged := new(*parts[0])
	if len(parts) > 1 {
		var err error
		if merged, err = mergeObjects(parts); err != nil {
			return nil, err
		}
	}
	merged.Nullable = merged.Nullable || s.Nullable
	return merged, nil
}

// constrains tells whether s says more than a type and whether null is allowed.
func constrains(s *openapi3.Schema) bool {
	rest := new(*s)
	rest.Type, rest.Nullable = nil, false
	return !rest.IsEmpty()
}

func mergeObjects(parts []*openapi3.Schema) (*openapi3.Schema, error) {
	merged := &openapi3.Schema{Type: &openapi3.Types{openapi3.TypeObject}, Properties: openapi3.Schemas{}}
	for _, part := range parts {
		if !isPlainObject(part) {
			return nil, errors.New("allOf of anything but plain objects is not understood")
		}
		for name, ref := range part.Properties {
			if same, ok := merged.Properties[name]; ok && same.Value != ref.Value {
				ref = openapi3.NewSchemaRef("", openapi3.NewAllOfSchema(same.Value, ref.Value))
			}
			merged.Properties[name] = ref
		}
		for _, name := range part.Required {
			if !slices.Contains(merged.Required, name) {
				merged.Required = append(merged.Required, name)
			}
		}
	}
	return merged, nil
}

// isPlainObject tells whether s is an object by properties and required alone.
func isPlainObject(s *openapi3.Schema) bool {
	rest := new(*s)
	rest.Type, rest.Properties, rest.Required = nil, nil, nil
	return isObject(s) && rest.IsEmpty() && rest.AdditionalProperties.Has == nil
}
