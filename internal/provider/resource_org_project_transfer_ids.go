package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The framework's own sets compare each element with each other one, several
// times in every step, and build a logger for each comparison: at a thousand ids
// a plan takes a quarter of a minute, at ten thousand the better part of an hour.
// idSet is a set of ids that compares in one pass, and that the framework leaves
// alone.

// idSet is a set of strings. It is unknown also where only some elements are.
type idSet struct {
	ids   []string // sorted, each once
	state attr.ValueState
	// partly is what was read where only some elements are unknown: the CLI wants
	// it back as it was.
	partly *tftypes.Value
}

var (
	_ attr.Value = idSet{}
	_ attr.Type  = idSetType{}
)

func newIDSet(ids []string) idSet {
	return idSet{ids: slices.Compact(slices.Sorted(slices.Values(ids))), state: attr.ValueStateKnown}
}

func unknownIDSet() idSet { return idSet{state: attr.ValueStateUnknown} }

// minus gives what the other set lacks.
func (s idSet) minus(other idSet) idSet {
	return newIDSet(slices.DeleteFunc(slices.Clone(s.ids), other.has))
}

func (s idSet) has(id string) bool {
	_, found := slices.BinarySearch(s.ids, id)
	return found
}

// Type implements attr.Value.
func (s idSet) Type(context.Context) attr.Type { return newIDSetType() }

// ToTerraformValue implements attr.Value.
func (s idSet) ToTerraformValue(context.Context) (tftypes.Value, error) {
	setType := tftypes.Set{ElementType: tftypes.String}
	switch s.state {
	case attr.ValueStateKnown:
		elements := make([]tftypes.Value, len(s.ids))
		for i, id := range s.ids {
			elements[i] = tftypes.NewValue(tftypes.String, id)
		}
		return tftypes.NewValue(setType, elements), nil
	case attr.ValueStateUnknown:
		if s.partly != nil {
			return *s.partly, nil
		}
		return tftypes.NewValue(setType, tftypes.UnknownValue), nil
	default:
		return tftypes.NewValue(setType, nil), nil
	}
}

// Equal implements attr.Value.
func (s idSet) Equal(other attr.Value) bool {
	o, ok := other.(idSet)
	return ok && s.state == o.state && slices.Equal(s.ids, o.ids) && (s.partly == nil) == (o.partly == nil)
}

// IsNull implements attr.Value.
func (s idSet) IsNull() bool { return s.state == attr.ValueStateNull }

// IsUnknown implements attr.Value.
func (s idSet) IsUnknown() bool { return s.state == attr.ValueStateUnknown }

// String implements attr.Value. It is for people and names only a few.
func (s idSet) String() string {
	switch s.state {
	case attr.ValueStateKnown:
		return nameProjects(s.ids)
	case attr.ValueStateUnknown:
		return attr.UnknownValueString
	default:
		return attr.NullValueString
	}
}

// idSetType is the type of idSet. For the CLI it is a set of strings.
type idSetType struct{ basetypes.SetType }

func newIDSetType() idSetType {
	return idSetType{basetypes.SetType{ElemType: types.StringType}}
}

// Equal implements attr.Type.
func (t idSetType) Equal(other attr.Type) bool {
	_, ok := other.(idSetType)
	return ok
}

// String implements attr.Type.
func (t idSetType) String() string { return "idSetType" }

// ValueType implements attr.Type.
func (t idSetType) ValueType(context.Context) attr.Value { return idSet{} }

// Validate hides the framework's search for duplicates: a CLI sends none.
func (t idSetType) Validate(context.Context, tftypes.Value, path.Path) diag.Diagnostics { return nil }

// ValueFromTerraform implements attr.Type.
func (t idSetType) ValueFromTerraform(_ context.Context, in tftypes.Value) (attr.Value, error) {
	switch {
	case in.IsNull():
		return idSet{}, nil
	case !in.IsKnown():
		return unknownIDSet(), nil
	case !in.IsFullyKnown():
		return idSet{state: attr.ValueStateUnknown, partly: &in}, nil
	}
	var elements []tftypes.Value
	if err := in.As(&elements); err != nil {
		return nil, err
	}
	ids := make([]string, len(elements))
	for i, element := range elements {
		if element.IsNull() {
			continue // the same as an empty id, which no check lets pass
		}
		if err := element.As(&ids[i]); err != nil {
			return nil, err
		}
	}
	return newIDSet(ids), nil
}

// idSetAttribute shows the framework the interface that all attributes share and
// nothing that is particular to sets.
type idSetAttribute struct{ schema.Attribute }

// GetType implements schema.Attribute.
func (a idSetAttribute) GetType() attr.Type { return newIDSetType() }

// checkProjectIDs gives a diagnostic for each id that can't be one.
func checkProjectIDs(at path.Path, set idSet) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, id := range set.ids {
		if problem := checkProjectID(id); problem != nil {
			diags.AddAttributeError(at, problem.summary, problem.detail)
		}
	}
	return diags
}

// countProjects says how many.
func countProjects(n int) string {
	if n == 1 {
		return "1 project"
	}
	return fmt.Sprintf("%d projects", n)
}

// nameProjects names the projects, so many that a message stays readable.
func nameProjects(ids []string) string {
	const most = 20
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:most], ", "), len(ids)-most)
}
