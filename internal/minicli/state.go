package minicli

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// State is what is known between two commands. It holds values as JSON, as a
// state file does, so that providers meet them again through an upgrade.
type State struct {
	Instances map[string]*Instance // by address
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

// clone is a state that can change by itself. Instances are never changed, only
// replaced.
func (s State) clone() State {
	instances := map[string]*Instance{}
	maps.Copy(instances, s.Instances)
	return State{Instances: instances}
}
