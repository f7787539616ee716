package minicli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// State is what is known between two commands. It holds values as JSON, as a
// state file does, so that providers meet them again through an upgrade.
type State struct {
	// Instances are by address. One that is deposed, because it is to be destroyed
	// after its successor was created, has an address such as
	// "neon_project.app (deposed 1)".
	Instances map[string]*Instance
}

// Instance is a resource in state.
type Instance struct {
	TypeName string
	// Attributes are all the attributes' values.
	Attributes json.RawMessage
	// Tainted: it exists, but its creation failed, so it is to be replaced.
	Tainted bool

	schemaVersion int64
	private       []byte
	identity      *tfprotov6.ResourceIdentityData
	refers        []string
}

// Addresses are those of all instances, in order.
func (s State) Addresses() []string { return slices.Sorted(maps.Keys(s.Instances)) }

// Values decodes the attributes of an instance; nil if there is none.
func (s State) Values(address string) map[string]any {
	instance := s.Instances[address]
	if instance == nil {
		return nil
	}
	var values map[string]any
	if err := json.Unmarshal(instance.Attributes, &values); err != nil {
		panic(err) // it was encoded here
	}
	return values
}

// deposed comes after the address of an instance that has a successor.
const deposed = " (deposed "

// current gives the address that an instance has, or had before it was deposed.
func current(address string) string {
	address, _, _ = strings.Cut(address, deposed)
	return address
}

func isDeposed(address string) bool { return strings.Contains(address, deposed) }

// depose makes room for a successor, and gives the address that the instance then
// has.
func (s State) depose(address string) string {
	for n := 1; ; n++ {
		to := fmt.Sprintf("%s%s%d)", address, deposed, n)
		if s.Instances[to] == nil {
			s.Instances[to] = s.Instances[address]
			delete(s.Instances, address)
			return to
		}
	}
}

// restore undoes depose where no successor has come into being.
func (s State) restore(address, from string) {
	if s.Instances[address] == nil {
		s.Instances[address] = s.Instances[from]
		delete(s.Instances, from)
	}
}

// clone is a state that can change by itself. Instances are never changed, only
// replaced.
func (s State) clone() State {
	instances := map[string]*Instance{}
	maps.Copy(instances, s.Instances)
	return State{Instances: instances}
}
