package minicli

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// propose lays a configuration over what was before: what isn't configured stays
// if the provider may compute it, and is null otherwise.
func propose(attributes []*tfprotov6.SchemaAttribute, t tftypes.Object, prior, config tftypes.Value) tftypes.Value {
	proposed := map[string]tftypes.Value{}
	for _, a := range attributes {
		before, given := attribute(prior, a.Name), attribute(config, a.Name)
		switch {
		case a.Computed && given.IsNull():
			proposed[a.Name] = before
			if a.Optional && a.NestedType != nil && hasOwn(a.NestedType.Attributes, before) {
				// It must have been configured before, so now it is not.
				proposed[a.Name] = given
			}
		case a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle && given.IsKnown() && !given.IsNull():
			proposed[a.Name] = propose(a.NestedType.Attributes, given.Type().(tftypes.Object), before, given) //nolint:forcetypeassert // single nesting is an object
		default:
			proposed[a.Name] = given
		}
	}
	return tftypes.NewValue(t, proposed)
}

// hasOwn tells whether an object holds values that only a configuration can give.
func hasOwn(attributes []*tfprotov6.SchemaAttribute, object tftypes.Value) bool {
	if object.IsNull() || !object.IsKnown() || !object.Type().Is(tftypes.Object{}) {
		return false
	}
	return slices.ContainsFunc(attributes, func(a *tfprotov6.SchemaAttribute) bool {
		value := attribute(object, a.Name)
		if a.NestedType != nil && hasOwn(a.NestedType.Attributes, value) {
			return true
		}
		return !a.Computed && !value.IsNull()
	})
}

// planFaults says where a plan contradicts the configuration.
func planFaults(attributes []*tfprotov6.SchemaAttribute, at string, prior, config, planned tftypes.Value) []string {
	var faults []string
	for _, a := range attributes {
		here := join(at, a.Name)
		before, given, will := attribute(prior, a.Name), attribute(config, a.Name), attribute(planned, a.Name)
		switch {
		case will.Equal(given):
		case will.Equal(before) && !before.IsNull() && !given.IsNull():
		case a.Computed && !a.Optional:
		case given.IsNull() && a.Computed:
		case given.IsNull():
			faults = append(faults, here+": a value is planned, but it is neither configured nor computed")
		case a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle && will.IsKnown() && !will.IsNull():
			faults = append(faults, planFaults(a.NestedType.Attributes, here, before, given, will)...)
		default:
			faults = append(faults, here+": the planned value is neither the configured one nor the one before")
		}
	}
	return faults
}

// resultFaults says where a result contradicts the plan: what was known must have
// come true.
func resultFaults(at string, planned, actual tftypes.Value) []string {
	switch {
	case !planned.IsKnown():
		return nil
	case planned.IsNull() != actual.IsNull():
		return []string{fmt.Sprintf("%s: planned null: %t, is null: %t", at, planned.IsNull(), actual.IsNull())}
	case planned.IsNull() || planned.Equal(actual):
		return nil
	case !actual.IsKnown():
		return []string{at + ": was known when planned, and is not any more"}
	case planned.Type().Is(tftypes.Object{}):
		var faults []string
		for name := range planned.Type().(tftypes.Object).AttributeTypes { //nolint:forcetypeassert // it was just asked
			faults = append(faults, resultFaults(join(at, name), attribute(planned, name), attribute(actual, name))...)
		}
		return faults
	case !planned.IsFullyKnown():
		return nil // a collection whose elements aren't known yet
	default:
		return []string{at + ": is another value than was planned"}
	}
}

// unknowns lists where a value is unknown.
func unknowns(value tftypes.Value) []string {
	var places []string
	_ = tftypes.Walk(value, func(at *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		if !v.IsKnown() {
			places = append(places, at.String())
		}
		return true, nil
	})
	return places
}

func unknownAsNull(value tftypes.Value) (tftypes.Value, error) {
	return tftypes.Transform(value, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.IsKnown() {
			return tftypes.NewValue(v.Type(), nil), nil
		}
		return v, nil
	})
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
