package minicli

import (
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// refresh brings all instances up to date. Where one can't be read it stays as it
// was, and so does what depends on it.
func (r *run) refresh() {
	var failed []string
	waiting := r.state.Addresses()
	for len(waiting) > 0 {
		i := max(0, slices.IndexFunc(waiting, func(address string) bool {
			return !dependsOn(r.state.Instances[address].refers, waiting)
		}))
		address := waiting[i]
		waiting = slices.Delete(waiting, i, i+1)
		if dependsOn(r.state.Instances[address].refers, failed) || !r.refreshOne(address) {
			failed = append(failed, address)
		}
	}
}

// refreshOne upgrades and reads an instance; with -refresh=false it leaves it as it
// is.
func (r *run) refreshOne(address string) bool {
	instance := r.state.Instances[address]
	if r.options.NoRefresh {
		return true
	}
	upgraded, ok := call(r, address, r.serverOf(instance.TypeName).UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: instance.TypeName, Version: instance.schemaVersion, RawState: &tfprotov6.RawState{JSON: instance.Attributes},
	})
	if !ok || r.result.add(address, upgraded.Diagnostics) {
		return false
	}
	return r.read(address, upgraded.UpgradedState, *instance)
}

// read reads an instance whose value has been upgraded. It is gone from the state
// where the provider says so.
func (r *run) read(address string, current *tfprotov6.DynamicValue, before Instance) bool {
	response, ok := call(r, address, r.serverOf(before.TypeName).ReadResource, &tfprotov6.ReadResourceRequest{
		TypeName: before.TypeName, CurrentState: current, Private: before.private, CurrentIdentity: before.identity,
	})
	if !ok || r.result.add(address, response.Diagnostics) {
		return false
	}
	if response.Deferred != nil {
		r.result.violation(address, "the provider deferred a read")
		return false
	}
	value, ok := r.arrived(address, r.resourceSchema(before.TypeName).ValueType(), response.NewState)
	if !ok {
		return false
	}
	if value.IsNull() {
		delete(r.state.Instances, address)
		return true
	}
	r.save(address, value, Instance{
		TypeName: before.TypeName, Tainted: before.Tainted, private: response.Private, identity: response.NewIdentity, refers: before.refers,
	})
	return true
}

// save puts a value into the state. Unknown parts are violations, and null then.
func (r *run) save(address string, value tftypes.Value, as Instance) {
	for _, at := range unknowns(value) {
		r.result.violation(address, "%s is still unknown", at)
	}
	known, err := unknownAsNull(value)
	if err == nil {
		var plain any
		if plain, err = toJSON(known); err == nil {
			as.Attributes, err = json.Marshal(plain)
		}
	}
	if err != nil {
		r.result.violation(address, "the state can't be saved: %v", err)
		return
	}
	as.schemaVersion = r.resourceSchema(as.TypeName).Version
	r.state.Instances[address] = &as
}
