package minicli

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Plan is `plan`: it refreshes, and saves nothing.
func (c *CLI) Plan(ctx context.Context, config *Config) *Result {
	result, _, _ := c.makePlan(ctx, config, false)
	return result
}

// Apply is `apply`. The state is saved also where it fails.
func (c *CLI) Apply(ctx context.Context, config *Config) *Result { return c.change(ctx, config, false) }

// Destroy is `destroy`.
func (c *CLI) Destroy(ctx context.Context, config *Config) *Result {
	return c.change(ctx, config, true)
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
// state alone.
func (c *CLI) makePlan(ctx context.Context, config *Config, destroy bool) (*Result, *plan, State) {
	result := &Result{Actions: map[string]Action{}, Shown: map[string]any{}}
	r := c.phase(ctx, config, result)
	if !r.configure() {
		return result, nil, r.state
	}
	made, ok := r.plan()
	if ok && destroy {
		clear(result.Actions)
		refreshed := r.state
		r = c.phase(ctx, config, result)
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

func (c *CLI) change(ctx context.Context, config *Config, destroy bool) *Result {
	result, made, refreshed := c.makePlan(ctx, config, destroy)
	if ctx.Err() != nil {
		result.interrupted()
		return result
	}
	if made == nil {
		return result
	}
	c.State = refreshed
	r := c.phase(ctx, config, result)
	maps.Copy(r.values, made.data)
	if !r.configure() {
		return result
	}
	r.apply(made)
	c.State = r.state
	if ctx.Err() != nil {
		result.interrupted()
	}
	return result
}
