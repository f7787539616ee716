package faults

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// Kind says what of a resource type exists at Neon.
type Kind struct {
	// Objects are all that such resources could manage: a label, which is the same
	// in each run, by the key that the state has.
	Objects func(emulator.Snapshot) map[string]string
	// Key is the key of an instance in state; empty for none.
	Key func(values map[string]any) string
	// Differs says in which way Neon contradicts the state; empty for none.
	Differs func(world emulator.Snapshot, values map[string]any) string
}

// kinds are those of all resource types.
var kinds = map[string]Kind{
	"neon_project":                     projectKind,
	"neon_project_transfer_request":    transferRequestKind,
	"neon_project_transfer_acceptance": acceptanceKind,
	"neon_org_project_transfer":        orgTransferKind,
}

// objects gives all that exists, by type and key.
func objects(world emulator.Snapshot) map[string]string {
	all := map[string]string{}
	for typeName, kind := range kinds {
		if kind.Objects == nil {
			continue
		}
		for key, label := range kind.Objects(world) {
			all[typeName+" "+key] = label
		}
	}
	return all
}

// inState gives the same of what is in state.
func inState(state minicli.State) map[string]bool {
	known := map[string]bool{}
	for _, address := range state.Addresses() {
		typeName := state.Instances[address].TypeName
		if kind := kinds[typeName]; kind.Key != nil {
			known[typeName+" "+kind.Key(state.Values(address))] = true
		}
	}
	return known
}

// orphans are the labels of what came into being and is not in state.
func orphans(before, after map[string]string, state minicli.State) []string {
	known := inState(state)
	var labels []string
	for key, label := range after {
		if _, wasThere := before[key]; !wasThere && !known[key] {
			labels = append(labels, label)
		}
	}
	slices.Sort(labels)
	return labels
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
func labels(objects map[string]string) []string {
	return slices.Sorted(maps.Values(objects))
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
