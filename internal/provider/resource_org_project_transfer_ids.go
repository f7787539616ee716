package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The ids of projects are attributes of the type list, of which neither order nor
// repetitions mean anything. A CLI compares each element of a set with each other
// one, several times in every command, and words an error for each pair that is not
// the same: an apply of two thousand ids takes half a minute of computing then, and
// one of ten thousand a quarter of an hour.

// idSet is ids in alphabetical order, each once.
type idSet []string

func newIDSet(ids []string) idSet { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// minus gives what the other set lacks.
func (s idSet) minus(other idSet) idSet {
	return slices.DeleteFunc(slices.Clone(s), other.has)
}

// common returns what both sets have.
func (s idSet) common(other idSet) idSet {
	return slices.DeleteFunc(slices.Clone(s), func(id string) bool { return !other.has(id) })
}

func (s idSet) has(id string) bool {
	_, found := slices.BinarySearch(s, id)
	return found
}

// idsOf gives the ids of a list, none for null. They aren't known where the list or
// one of them is not.
func idsOf(list types.List) (ids idSet, isKnown bool) {
	isKnown = !list.IsUnknown()
	var all []string
	for _, element := range list.Elements() {
		id, _ := element.(types.String)
		isKnown = isKnown && !id.IsUnknown()
		all = append(all, id.ValueString())
	}
	return newIDSet(all), isKnown
}

// listIDs lists the ids of a set in the order that another list has them.
func listIDs(ids idSet, order types.List) types.List {
	elements := []attr.Value{}
	listed := make(map[string]bool, len(ids))
	for _, element := range order.Elements() {
		id, _ := element.(types.String)
		if ids.has(id.ValueString()) && !listed[id.ValueString()] {
			listed[id.ValueString()] = true
			elements = append(elements, id)
		}
	}
	return types.ListValueMust(types.StringType, elements)
}

// checkProjectIDs gives a diagnostic for each id that can't be one.
func checkProjectIDs(at path.Path, list types.List) diag.Diagnostics {
	var diags diag.Diagnostics
	for i, element := range list.Elements() {
		id, _ := element.(types.String)
		if id.IsUnknown() {
			continue
		}
		if problem := checkProjectID(id.ValueString()); problem != nil {
			diags.AddAttributeError(at.AtListIndex(i), problem.summary, problem.detail)
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
