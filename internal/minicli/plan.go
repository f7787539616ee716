package minicli

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// change is what is planned for a resource.
type change struct {
	address  string
	typeName string
	action   Action
	// createFirst: a replacement is created before what it replaces is destroyed.
	createFirst bool
	deposedAt   string // the address that what it replaces has from then on
	refers      []string
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
	r.move()
	made := &plan{data: map[string]tftypes.Value{}}
	targeted := r.targeted()
	var failed []string
	for _, b := range r.config.blocks {
		if !targeted(b.address) {
			continue
		}
		isFresh := !dependsOn(b.refers, failed) && (r.state.Instances[b.address] == nil || r.refreshOne(b.address))
		if !isFresh || !r.planBlock(made, b) {
			failed = append(failed, b.address)
		}
	}
	for _, address := range r.state.Addresses() {
		if r.config.block(address) == nil && targeted(current(address)) {
			r.planOrphan(made, address)
		}
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
	c, ok := r.planResource(b, r.isForced(made, b))
	if !ok {
		return false
	}
	r.values[b.address] = c.after
	if c.action == Replace && b.lifecycle.PreventDestroy {
		r.result.prevented(b.address)
		return false
	}
	if c.action != nothing {
		made.changes = append(made.changes, c)
	}
	return true
}

// isForced reports whether a block has to be replaced whatever its plan says.
func (r *run) isForced(made *plan, b *block) bool {
	return slices.Contains(r.options.Replace, b.address) || slices.ContainsFunc(b.lifecycle.Triggers, func(reference string) bool {
		address, name := trigger(reference)
		i := slices.IndexFunc(made.changes, func(c *change) bool { return c.address == address })
		if i < 0 || made.changes[i].action != Update && made.changes[i].action != Replace {
			return false
		}
		c := made.changes[i]
		return name == "" || !attribute(c.before, name).Equal(attribute(c.after, name))
	})
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
func (r *run) planResource(b *block, isForced bool) (*change, bool) {
	schema := r.schemaOf(b)
	t, _ := schema.ValueType().(tftypes.Object)
	null := tftypes.NewValue(t, nil)
	config, ok := r.validated(b)
	if !ok {
		return nil, false
	}
	c := &change{address: b.address, typeName: b.typeName, refers: b.refers, before: null}
	prior := null
	instance := r.state.Instances[b.address]
	if instance != nil {
		var err error
		if c.before, err = r.decode(instance); err != nil {
			r.result.violation(b.address, "%v", err)
			return nil, false
		}
		if !instance.Tainted {
			prior, c.private, c.identity = c.before, instance.private, instance.identity
		}
	}
	replaced, ok := r.planChange(c, schema, prior, ignoring(b.lifecycle.Ignored, prior, config))
	if !ok {
		return nil, false
	}
	switch {
	case instance == nil:
		c.action = Create
	case instance.Tainted:
		c.action = Replace
	case isForced || replaced:
		c.action, c.identity = Replace, nil
		ok = r.planReplacement(c, schema, null, config)
	case c.after.Equal(prior):
		c.action = nothing
	default:
		c.action = Update
	}
	c.createFirst = c.action == Replace && b.lifecycle.CreateFirst
	return c, ok
}

// validated gives the arguments of a resource, if the provider takes them.
func (r *run) validated(b *block) (tftypes.Value, bool) {
	config, err := object(r.schemaOf(b), b.args, r.scope)
	if err != nil {
		r.result.violation(b.address, "%v", err)
		return config, false
	}
	response, ok := call(r, b.address, r.serverOf(b.typeName).ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{TypeName: b.typeName, Config: dynamic(config)})
	return config, ok && !r.result.add(b.address, response.Diagnostics)
}

// ignoring gives the configuration as the provider is shown it where changes of
// some arguments are ignored.
func ignoring(names []string, prior, config tftypes.Value) tftypes.Value {
	if len(names) == 0 || prior.IsNull() {
		return config
	}
	var parts map[string]tftypes.Value
	if err := config.As(&parts); err != nil {
		panic(err) // objects are objects
	}
	parts = maps.Clone(parts) // it is the configuration's own
	for _, name := range names {
		parts[name] = attribute(prior, name)
	}
	return tftypes.NewValue(config.Type(), parts)
}

// planReplacement plans what takes the place of an instance. The private state that
// it gets is that of the first plan. Of warnings nobody hears: the CLIs take them for
// the same ones that the first plan gave.
func (r *run) planReplacement(c *change, schema *tfprotov6.Schema, null, config tftypes.Value) bool {
	said := len(r.result.Diagnostics)
	_, ok := r.planChange(c, schema, null, config)
	if ok {
		r.result.Diagnostics = r.result.Diagnostics[:said]
	}
	return ok
}

// planChange asks the provider for a plan and holds it against the configuration.
// It tells whether the resource has to be replaced.
func (r *run) planChange(c *change, schema *tfprotov6.Schema, prior, config tftypes.Value) (replaced, ok bool) {
	t, _ := schema.ValueType().(tftypes.Object)
	response, ok := call(r, c.address, r.serverOf(c.typeName).PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
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
