package faults

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// Kind says what of a resource type exists at Neon.
type Kind struct {
	// Objects are all that such resources could manage: a label, which is the same
	// in each run and has a name in quotes, by a key that no other kind's has.
	Objects func(emulator.Snapshot) map[string]string
	// Key is the key of an instance in state; empty for none.
	Key func(values map[string]any) string
	// Tells says whether a diagnostic lets somebody know that the object of that name
	// may be left and is in no state, and what to do then.
	Tells func(d minicli.Diagnostic, name string) bool
	// Points, if it is set, says whether the diagnostic leads to the object itself, of
	// which the key is given, and not just to one of its name; or says why it can't.
	Points func(d minicli.Diagnostic, key string) bool
	// IsAdopted: the next apply takes over what was left.
	IsAdopted bool
	// Differs says in which way Neon contradicts the state; empty for none.
	Differs func(world emulator.Snapshot, values map[string]any) string
}

// kinds are those of all resource types.
var kinds = map[string]Kind{
	"neon_project":                     projectKind,
	"neon_project_transfer_request":    transferRequestKind,
	"neon_project_transfer_acceptance": acceptanceKind,
	"neon_org_project_transfer":        orgTransferKind,
	"neon_org_member":                  memberKind,
	"neon_org_invitation":              invitationKind,
	"neon_project_permission":          permissionKind,
	"neon_org_api_key":                 orgKeyKind,
	"neon_org_spending_limit":          spendingLimitKind,
}

// object is something that exists at Neon.
type object struct {
	key   string
	label string
	kind  Kind
}

// isTold looks whether a diagnostic says of the object that it may be left.
func (o object) isTold(result *minicli.Result) bool {
	return slices.ContainsFunc(result.Diagnostics, func(d minicli.Diagnostic) bool {
		return o.kind.Tells(d, o.name()) && (o.kind.Points == nil || o.kind.Points(d, o.key))
	})
}

// isForetold is isTold of what came into being after the command had ended.
func (o object) isForetold(result *minicli.Result) bool {
	return slices.ContainsFunc(result.Diagnostics, func(d minicli.Diagnostic) bool { return o.kind.Tells(d, o.name()) })
}

// isNamed looks whether a diagnostic names the object by its id.
func (o object) isNamed(result *minicli.Result) bool {
	_, id, _ := strings.Cut(o.key, " ")
	return slices.ContainsFunc(result.Diagnostics, func(d minicli.Diagnostic) bool { return strings.Contains(d.Detail, id) })
}

func (o object) name() string { return strings.Split(o.label, `"`)[1] }

// objects gives all that exists, by key.
func objects(world emulator.Snapshot) map[string]object {
	all := map[string]object{}
	for _, kind := range kinds {
		if kind.Objects == nil {
			continue
		}
		for key, label := range kind.Objects(world) {
			all[key] = object{key, label, kind}
		}
	}
	return all
}

// inState gives the same of what is in state.
func inState(state minicli.State) map[string]bool {
	known := map[string]bool{}
	for _, address := range state.Addresses() {
		if kind := kinds[state.Instances[address].TypeName]; kind.Key != nil {
			known[kind.Key(state.Values(address))] = true
		}
	}
	return known
}

// orphans are what came into being and is not in state.
func orphans(before, after map[string]object, state minicli.State) []object {
	known := inState(state)
	var found []object
	for key, one := range after {
		if _, wasThere := before[key]; !wasThere && !known[key] {
			found = append(found, one)
		}
	}
	return found
}

// others are what exists and is in no state, so that it is not ours to end.
func others(all map[string]object, state minicli.State) []object {
	known := inState(state)
	var found []object
	for key, one := range all {
		if !known[key] {
			found = append(found, one)
		}
	}
	return found
}

// differences says where Neon contradicts the state.
func differences(world emulator.Snapshot, state minicli.State) []string {
	var found []string
	for _, address := range state.Addresses() {
		kind := kinds[state.Instances[address].TypeName]
		if kind.Differs == nil {
			continue
		}
		if how := kind.Differs(world, state.Values(address)); how != "" {
			found = append(found, address+": "+how)
		}
	}
	return found
}

// labels are those of all objects, sorted.
func labels(objects iter.Seq[object]) []string {
	var all []string
	for one := range objects {
		all = append(all, one.label)
	}
	slices.Sort(all)
	return all
}

// liveProject gives a project that is not deleted.
func liveProject(world emulator.Snapshot, id any) *emulator.Project {
	for i, p := range world.Projects {
		if p.ID == id && p.DeletedAt == nil {
			return &world.Projects[i]
		}
	}
	return nil
}

func text(values map[string]any, name string) string {
	s, _ := values[name].(string)
	return s
}

// unlike compares an attribute with what Neon has.
func unlike(name string, inState, atNeon any) string {
	if fmt.Sprint(inState) == fmt.Sprint(atNeon) {
		return ""
	}
	return fmt.Sprintf("%s is %v in state and %v at Neon", name, inState, atNeon)
}

func nonEmpty(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "; ")
}
