package minicli

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// change is what is planned for a resource.
type change struct {
	address  string
	typeName string
	action   Action
	refers   []string
	// before and after are null where there is nothing.
	before, after tftypes.Value
	private       []byte
	identity      *tfprotov6.ResourceIdentityData
}

// plan is what a command is going to do, in order.
type plan struct {
	changes []*change
	// reads are data sources that can only be read when the changes are made; data
	// is what the others gave.
	reads []string
	data  map[string]tftypes.Value
}

// plan plans what the configuration wants, each block as soon as it was refreshed.
// It goes on after errors, as the CLIs do with what doesn't depend on them, but
// gives no plan then.
func (r *run) plan() (*plan, bool) {
	made := &plan{data: map[string]tftypes.Value{}}
	var failed []string
	for _, b := range r.config.blocks {
		isFresh := !dependsOn(b.refers, failed) && (r.state.Instances[b.address] == nil || r.refreshOne(b.address))
		if !isFresh || !r.planBlock(made, b) {
			failed = append(failed, b.address)
		}
	}
	for _, address := range r.state.Addresses() {
		if r.config.block(address) == nil && r.refreshOne(address) && r.state.Instances[address] != nil {
			r.planDelete(made, address)
		}
	}
	return made.noted(r)
}

// planDestroy plans that everything goes.
func (r *run) planDestroy() (*plan, bool) {
	made := &plan{}
	for _, address := range r.state.Addresses() {
		r.planDelete(made, address)
	}
	return made.noted(r)
}

// noted gives a plan that may be carried out, after it is in the result.
func (p *plan) noted(r *run) (*plan, bool) {
	for _, c := range p.changes {
		r.result.Actions[c.address] = c.action
	}
	return p, !r.result.Failed()
}

func dependsOn(refers, addresses []string) bool {
	return slices.ContainsFunc(refers, func(address string) bool { return slices.Contains(addresses, address) })
}

func (r *run) planBlock(made *plan, b *block) bool {
	if b.isData {
		return r.planRead(made, b)
	}
	c, ok := r.planResource(b)
	if !ok {
		return false
	}
	r.values[b.address] = c.after
	if c.action != nothing {
		made.changes = append(made.changes, c)
	}
	return true
}

// planRead reads a data source at once if its configuration is known.
func (r *run) planRead(made *plan, b *block) bool {
	config, err := object(r.schemaOf(b), b.args, r.scope)
	if err != nil {
		r.result.violation(b.address, "%v", err)
		return false
	}
	if !config.IsFullyKnown() {
		made.reads = append(made.reads, b.address)
		r.values[b.address] = tftypes.NewValue(config.Type(), tftypes.UnknownValue)
		return true
	}
	ok := r.readData(b, config)
	made.data[b.address] = r.values[b.address]
	return ok
}

// readData reads a data source.
func (r *run) readData(b *block, config tftypes.Value) bool {
	sent := dynamic(config)
	validated, ok := call(r, b.address, r.server.ValidateDataResourceConfig, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: b.typeName, Config: sent})
	if !ok || r.result.add(b.address, validated.Diagnostics) {
		return false
	}
	response, ok := call(r, b.address, r.server.ReadDataSource, &tfprotov6.ReadDataSourceRequest{TypeName: b.typeName, Config: sent})
	if !ok || r.result.add(b.address, response.Diagnostics) {
		return false
	}
	value, ok := r.arrived(b.address, config.Type(), response.State)
	if ok {
		r.known(b.address, value)
	}
	if ok && value.IsNull() {
		r.result.violation(b.address, "the provider read nothing and reported no error")
	}
	r.values[b.address] = value
	return ok
}

// planResource plans a resource. Where it has to be replaced it is planned from
// nothing once more.
func (r *run) planResource(b *block) (*change, bool) {
	schema := r.schemaOf(b)
	t, _ := schema.ValueType().(tftypes.Object)
	null := tftypes.NewValue(t, nil)
	config, err := object(schema, b.args, r.scope)
	if err != nil {
		r.result.violation(b.address, "%v", err)
		return nil, false
	}
	validated, ok := call(r, b.address, r.server.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{TypeName: b.typeName, Config: dynamic(config)})
	if !ok || r.result.add(b.address, validated.Diagnostics) {
		return nil, false
	}

	c := &change{address: b.address, typeName: b.typeName, refers: b.refers, before: null}
	prior := null
	instance := r.state.Instances[b.address]
	if instance != nil {
		if c.before, err = r.decode(instance); err != nil {
			r.result.violation(b.address, "%v", err)
			return nil, false
		}
		if !instance.Tainted {
			prior, c.private, c.identity = c.before, instance.private, instance.identity
		}
	}
	replaced, ok := r.planChange(c, schema, prior, config)
	if !ok {
		return nil, false
	}
	switch {
	case instance == nil:
		c.action = Create
	case instance.Tainted:
		c.action = Replace
	case c.after.Equal(prior):
		c.action = nothing
	case replaced:
		c.action, c.identity = Replace, nil
		_, ok = r.planChange(c, schema, null, config)
	default:
		c.action = Update
	}
	return c, ok
}

// planChange asks the provider for a plan and holds it against the configuration.
// It tells whether the resource has to be replaced.
func (r *run) planChange(c *change, schema *tfprotov6.Schema, prior, config tftypes.Value) (replaced, ok bool) {
	t, _ := schema.ValueType().(tftypes.Object)
	response, ok := call(r, c.address, r.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: c.typeName, PriorState: dynamic(prior), Config: dynamic(config),
		ProposedNewState: dynamic(propose(schema.Block.Attributes, t, prior, config)),
		PriorPrivate:     c.private, PriorIdentity: c.identity,
	})
	if !ok || r.result.add(c.address, response.Diagnostics) {
		return false, false
	}
	if response.Deferred != nil {
		r.result.violation(c.address, "the provider deferred a plan")
		return false, false
	}
	if c.after, ok = r.arrived(c.address, t, response.PlannedState); !ok {
		return false, false
	}
	c.private, c.identity = response.PlannedPrivate, response.PlannedIdentity
	if c.after.IsNull() {
		r.result.violation(c.address, "nothing is planned for what is configured")
		return false, false
	}
	for _, fault := range planFaults(schema.Block.Attributes, "", prior, config, c.after) {
		r.result.violation(c.address, "%s", fault)
	}
	for _, path := range response.RequiresReplace {
		before, after := at(prior, path), at(c.after, path)
		replaced = replaced || !prior.IsNull() && !before.Equal(after)
	}
	return replaced, true
}

// at gives what is at a path; a null string where nothing is.
func at(value tftypes.Value, path *tftypes.AttributePath) tftypes.Value {
	found, _, err := tftypes.WalkAttributePath(value, path)
	if part, ok := found.(tftypes.Value); ok && err == nil {
		return part
	}
	return tftypes.NewValue(tftypes.String, nil)
}

// planDelete plans that an instance goes.
func (r *run) planDelete(made *plan, address string) {
	instance := r.state.Instances[address]
	before, err := r.decode(instance)
	if err != nil {
		r.result.violation(address, "%v", err)
		return
	}
	null := tftypes.NewValue(before.Type(), nil)
	response, ok := call(r, address, r.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: instance.TypeName, PriorState: dynamic(before), Config: dynamic(null), ProposedNewState: dynamic(null),
		PriorPrivate: instance.private, PriorIdentity: instance.identity,
	})
	if !ok || r.result.add(address, response.Diagnostics) {
		return
	}
	made.changes = append(made.changes, &change{
		address: address, typeName: instance.TypeName, action: Delete, refers: instance.refers,
		before: before, after: null, private: response.PlannedPrivate, identity: instance.identity,
	})
}
