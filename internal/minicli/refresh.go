package minicli

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// refresh brings all instances up to date, upgraded and read. Where one can't be
// read it stays as it was.
func (r *run) refresh() {
	for _, address := range r.state.Addresses() {
		instance := r.state.Instances[address]
		upgraded, ok := call(r, address, r.server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{
			TypeName: instance.TypeName, Version: instance.schemaVersion, RawState: &tfprotov6.RawState{JSON: instance.Attributes},
		})
		if !ok || r.result.add(address, upgraded.Diagnostics) {
			continue
		}
		r.read(address, upgraded.UpgradedState, *instance)
	}
}

// read reads an instance whose value has been upgraded. It is gone from the state
// where the provider says so.
func (r *run) read(address string, current *tfprotov6.DynamicValue, before Instance) {
	response, ok := call(r, address, r.server.ReadResource, &tfprotov6.ReadResourceRequest{
		TypeName: before.TypeName, CurrentState: current, Private: before.private, CurrentIdentity: before.identity,
	})
	if !ok || r.result.add(address, response.Diagnostics) {
		return
	}
	if response.Deferred != nil {
		r.result.violation(address, "the provider deferred a read")
		return
	}
	value, ok := r.arrived(address, r.cli.Schemas.ResourceSchemas[before.TypeName].ValueType(), response.NewState)
	if !ok {
		return
	}
	if value.IsNull() {
		delete(r.state.Instances, address)
		return
	}
	r.save(address, value, Instance{
		TypeName: before.TypeName, Tainted: before.Tainted, private: response.Private, identity: response.NewIdentity, refers: before.refers,
	})
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
	as.schemaVersion = r.cli.Schemas.ResourceSchemas[as.TypeName].Version
	r.state.Instances[address] = &as
}
