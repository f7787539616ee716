package minicli

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Plan is `plan`: it refreshes, and saves nothing.
func (c *CLI) Plan(ctx context.Context, config *Config) *Result {
	_, result := c.Save(ctx, config, Options{})
	return result
}

// Apply is `apply`. The state is saved also where it fails.
func (c *CLI) Apply(ctx context.Context, config *Config) *Result {
	return c.ApplyWith(ctx, config, Options{})
}

// Destroy is `destroy`.
func (c *CLI) Destroy(ctx context.Context, config *Config) *Result {
	return c.ApplyWith(ctx, config, Options{Destroy: true})
}

// SavedPlan is what `plan -out` leaves.
type SavedPlan struct {
	made      *plan
	config    *Config
	options   Options
	base      State // which it was made from
	refreshed State
	actions   map[string]Action
	shown     map[string]any
}

// Save is `plan -out` with options. There is no plan where it fails.
func (c *CLI) Save(ctx context.Context, config *Config, options Options) (*SavedPlan, *Result) {
	base := c.State.clone()
	result, made, refreshed := c.makePlan(ctx, config, options)
	if made == nil {
		return nil, result
	}
	return &SavedPlan{made: made, config: config, options: options, base: base, refreshed: refreshed, actions: result.Actions, shown: result.Shown}, result
}

// ApplyWith is `apply` with options, approved at once.
func (c *CLI) ApplyWith(ctx context.Context, config *Config, options Options) *Result {
	saved, result := c.Save(ctx, config, options)
	if ctx.Err() != nil {
		result.interrupted()
		return result
	}
	if saved != nil {
		c.carryOut(ctx, saved, result)
	}
	return result
}

// ApplyPlan is `apply` with a saved plan.
func (c *CLI) ApplyPlan(ctx context.Context, saved *SavedPlan) *Result {
	result := &Result{Actions: saved.actions, Shown: saved.shown}
	if !maps.Equal(saved.base.Instances, c.State.Instances) {
		result.refused("", "Saved plan is stale", "The state was changed after the plan was made. Make another plan.")
		return result
	}
	c.carryOut(ctx, saved, result)
	return result
}

// Taint is `taint`.
func (c *CLI) Taint(address string) {
	instance := *c.State.Instances[address]
	instance.Tainted = true
	c.State = c.State.clone()
	c.State.Instances[address] = &instance
}

// Refresh is `apply -refresh-only`.
func (c *CLI) Refresh(ctx context.Context, config *Config) *Result {
	result := &Result{}
	r := c.phase(ctx, config, result)
	if r.configure() {
		r.refresh()
		c.State = r.state
	}
	return result
}

// Import is `import ADDRESS ID`.
func (c *CLI) Import(ctx context.Context, config *Config, address, id string) *Result {
	return c.importBy(ctx, config, address, &tfprotov6.ImportResourceStateRequest{ID: id})
}

// ImportByIdentity is an import block with an identity, which is JSON.
func (c *CLI) ImportByIdentity(ctx context.Context, config *Config, address, identity string) *Result {
	data := &tfprotov6.DynamicValue{JSON: []byte(identity)}
	return c.importBy(ctx, config, address, &tfprotov6.ImportResourceStateRequest{Identity: &tfprotov6.ResourceIdentityData{IdentityData: data}})
}

func (c *CLI) importBy(ctx context.Context, config *Config, address string, request *tfprotov6.ImportResourceStateRequest) *Result {
	result := &Result{}
	r := c.phase(ctx, config, result)
	b := config.block(address)
	if b == nil || r.state.Instances[address] != nil {
		result.violation(address, "it is not configured, or in state already")
	}
	if result.Failed() || !r.configure() {
		return result
	}
	request.TypeName = b.typeName
	imported, ok := call(r, address, r.server.ImportResourceState, request)
	if !ok || result.add(address, imported.Diagnostics) {
		return result
	}
	if imported.Deferred != nil || len(imported.ImportedResources) != 1 {
		result.violation(address, "the provider imported %d resources", len(imported.ImportedResources))
		return result
	}
	got := imported.ImportedResources[0]
	r.read(address, got.State, Instance{TypeName: got.TypeName, private: got.Private, identity: got.Identity, refers: b.refers})
	switch {
	case result.Failed():
	case r.state.Instances[address] == nil:
		result.Diagnostics = append(result.Diagnostics, Diagnostic{IsError: true, Address: address, Summary: "Cannot import non-existent remote object", Detail: "The CLI says so."})
	default:
		c.State = r.state
	}
	return result
}

// makePlan refreshes and plans, in a provider process of its own. Before everything
// goes the CLIs plan as if it stayed, by which they refresh, and keep of that the
// state alone: what the provider had to say is not heard unless it failed.
func (c *CLI) makePlan(ctx context.Context, config *Config, options Options) (*Result, *plan, State) {
	result := &Result{Actions: map[string]Action{}, Shown: map[string]any{}}
	r := c.phase(ctx, config, result)
	r.options = options
	if !r.configure() {
		return result, nil, r.state
	}
	made := &plan{}
	var ok bool
	switch {
	case options.RefreshOnly:
		r.refresh()
		return result, made, r.state
	case !options.Destroy:
		made, ok = r.plan()
	default:
		if !options.NoRefresh {
			if _, ok = r.plan(); !ok {
				return result, nil, r.state
			}
			clear(result.Actions)
			result.Diagnostics = nil
		}
		refreshed := r.state
		r = c.phase(ctx, config, result)
		r.options = options
		if r.state = refreshed; !r.configure() {
			return result, nil, r.state
		}
		made, ok = r.planDestroy()
	}
	if !ok {
		return result, nil, r.state
	}
	return result, made, r.state
}

// carryOut makes the changes of a plan, in another provider process.
func (c *CLI) carryOut(ctx context.Context, saved *SavedPlan, result *Result) {
	c.State = saved.refreshed
	r := c.phase(ctx, saved.config, result)
	r.options = saved.options
	maps.Copy(r.values, saved.made.data)
	if !r.configure() {
		return
	}
	r.apply(saved.made)
	c.State = r.state
	if ctx.Err() != nil {
		result.interrupted()
	}
}
