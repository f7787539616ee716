package minicli

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// scope finds what a reference names: the attribute of a block.
type scope func(address, attribute string) (tftypes.Value, error)

// object makes the value of a block's or the provider's arguments. What isn't
// given is null.
func object(schema *tfprotov6.Schema, args map[string]any, find scope) (tftypes.Value, error) {
	return fromJSON(schema.ValueType(), args, find)
}

// fromJSON makes a value of a type out of decoded JSON. References become what
// they refer to.
func fromJSON(t tftypes.Type, in any, find scope) (tftypes.Value, error) {
	if in == nil {
		return tftypes.NewValue(t, nil), nil
	}
	if text, isText := in.(string); isText {
		if match := reference.FindStringSubmatch(text); match != nil {
			return find(match[1], match[2])
		}
	}
	switch t := t.(type) {
	case tftypes.Object:
		given, ok := in.(map[string]any)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%v is given where an object has to be", in)
		}
		for name := range given {
			if _, found := t.AttributeTypes[name]; !found {
				return tftypes.Value{}, fmt.Errorf("there is no argument %s", name)
			}
		}
		attributes := map[string]tftypes.Value{}
		for name, attributeType := range t.AttributeTypes {
			value, err := fromJSON(attributeType, given[name], find)
			if err != nil {
				return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
			}
			attributes[name] = value
		}
		return tftypes.NewValue(t, attributes), nil
	case tftypes.List:
		return elementsFromJSON(t, t.ElementType, in, find)
	case tftypes.Set:
		return elementsFromJSON(t, t.ElementType, in, find)
	case tftypes.Map:
		given, _ := in.(map[string]any)
		elements := map[string]tftypes.Value{}
		for key, element := range given {
			value, err := fromJSON(t.ElementType, element, find)
			if err != nil {
				return tftypes.Value{}, err
			}
			elements[key] = value
		}
		return tftypes.NewValue(t, elements), nil
	default:
		return primitive(t, in)
	}
}

func elementsFromJSON(t, elementType tftypes.Type, in any, find scope) (tftypes.Value, error) {
	given, ok := in.([]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%v is given where a list has to be", in)
	}
	elements := make([]tftypes.Value, len(given))
	for i, element := range given {
		value, err := fromJSON(elementType, element, find)
		if err != nil {
			return tftypes.Value{}, err
		}
		elements[i] = value
	}
	return tftypes.NewValue(t, elements), nil
}

func primitive(t tftypes.Type, in any) (tftypes.Value, error) {
	if number, ok := in.(json.Number); ok && t.Is(tftypes.Number) {
		value, _, err := big.ParseFloat(number.String(), 10, 512, big.ToNearestEven)
		return tftypes.NewValue(t, value), err
	}
	if err := tftypes.ValidateValue(t, in); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(t, in), nil
}

// toJSON is a value as a state file has it. It must be wholly known.
func toJSON(value tftypes.Value) (any, error) {
	switch {
	case !value.IsKnown():
		return nil, fmt.Errorf("an unknown value of type %s can't be saved", value.Type())
	case value.IsNull():
		return nil, nil //nolint:nilnil // null is a value
	case value.Type().Is(tftypes.String):
		var text string
		err := value.As(&text)
		return text, err
	case value.Type().Is(tftypes.Bool):
		var flag bool
		err := value.As(&flag)
		return flag, err
	case value.Type().Is(tftypes.Number):
		number := new(big.Float)
		err := value.As(&number)
		return json.Number(number.Text('f', -1)), err
	case value.Type().Is(tftypes.Object{}) || value.Type().Is(tftypes.Map{}):
		var parts map[string]tftypes.Value
		if err := value.As(&parts); err != nil {
			return nil, err
		}
		out := map[string]any{}
		for name, part := range parts {
			var err error
			if out[name], err = toJSON(part); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		return out, nil
	default:
		var parts []tftypes.Value
		if err := value.As(&parts); err != nil {
			return nil, err
		}
		out := make([]any, len(parts))
		for i, part := range parts {
			var err error
			if out[i], err = toJSON(part); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
}

// attribute gives an attribute of an object; null for one of a null object.
func attribute(object tftypes.Value, name string) tftypes.Value {
	if !object.IsKnown() || object.IsNull() {
		t, _ := object.Type().(tftypes.Object)
		if !object.IsKnown() {
			return tftypes.NewValue(t.AttributeTypes[name], tftypes.UnknownValue)
		}
		return tftypes.NewValue(t.AttributeTypes[name], nil)
	}
	var parts map[string]tftypes.Value
	if err := object.As(&parts); err != nil {
		panic(err) // objects are objects
	}
	return parts[name]
}
