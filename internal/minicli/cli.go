package minicli

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// CLI runs commands on a configuration and a state, as somebody would in one
// directory.
type CLI struct {
	// Start starts a provider process.
	Start func() tfprotov6.ProviderServer
	// Schemas are what the provider says of itself; see Schemas.
	Schemas *tfprotov6.GetProviderSchemaResponse
	// Version is the CLI's own, as it tells the provider.
	Version string
	// PlansStale is what Terraform before 1.14 or so does: what is no longer in the
	// configuration is planned to be destroyed with the state from before the refresh.
	PlansStale bool
	// ReadsForgotten is what OpenTofu does: it refreshes what a removed block forgets.
	ReadsForgotten bool
	State          State
}

// Schemas asks a provider for its schemas. They are the same for all its
// processes, so asking once does for many CLIs.
func Schemas(ctx context.Context, server tfprotov6.ProviderServer) (*tfprotov6.GetProviderSchemaResponse, error) {
	return server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
}

// run is one phase of a command: a provider process and what comes of it.
type run struct {
	cli     *CLI
	ctx     context.Context //nolint:containedctx // a run is a call, cut into methods
	server  tfprotov6.ProviderServer
	config  *Config
	options Options
	state   State
	result  *Result
	// planned and read values, by address, which references see before the state.
	values map[string]tftypes.Value
}

func (c *CLI) phase(ctx context.Context, config *Config, result *Result) *run {
	return &run{
		cli: c, ctx: ctx, server: c.Start(), config: config, state: c.State.clone(), result: result,
		values: map[string]tftypes.Value{},
	}
}

// call makes a call of the protocol. A panic is a violation, as it would end the
// provider's process.
func call[Request, Response any](r *run, address string, method func(context.Context, Request) (Response, error), request Request) (response Response, ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			r.result.violation(address, "the provider panicked: %v\n%s", cause, debug.Stack())
			ok = false
		}
	}()
	response, err := method(r.ctx, request)
	if err != nil {
		r.result.violation(address, "the provider failed: %v", err)
		return response, false
	}
	return response, true
}

// configure validates and configures the provider.
func (r *run) configure() bool {
	value, err := object(r.cli.Schemas.Provider, r.config.Provider, nil)
	if err != nil {
		r.result.violation("provider", "%v", err)
		return false
	}
	config := dynamic(value)
	validated, ok := call(r, "", r.server.ValidateProviderConfig, &tfprotov6.ValidateProviderConfigRequest{Config: config})
	if !ok || r.result.add("", validated.Diagnostics) {
		return false
	}
	configured, ok := call(r, "", r.server.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{TerraformVersion: r.cli.Version, Config: config})
	return ok && !r.result.add("", configured.Diagnostics)
}

// scope resolves references: to what is planned or was read in this run, else to
// what is in state.
func (r *run) scope(address, name string) (tftypes.Value, error) {
	value, found := r.values[address]
	if !found {
		instance := r.state.Instances[address]
		if instance == nil {
			return tftypes.Value{}, fmt.Errorf("%s has no value yet", address)
		}
		var err error
		if value, err = r.decode(instance); err != nil {
			return tftypes.Value{}, err
		}
	}
	part := attribute(value, name)
	if part.Type() == nil {
		return tftypes.Value{}, fmt.Errorf("%s has no attribute %s", address, name)
	}
	return part, nil
}

func (r *run) schemaOf(b *block) *tfprotov6.Schema {
	if b.isData {
		return r.cli.Schemas.DataSourceSchemas[b.typeName]
	}
	return r.resourceSchema(b.typeName)
}

func (r *run) decode(instance *Instance) (tftypes.Value, error) {
	raw := tfprotov6.RawState{JSON: instance.Attributes}
	return raw.Unmarshal(r.resourceSchema(instance.TypeName).ValueType())
}

// dynamic encodes a value as it travels.
func dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		panic(err) // values made here can be encoded
	}
	return &encoded
}

// arrived decodes a value that travelled; without one it is null.
func (r *run) arrived(address string, t tftypes.Type, encoded *tfprotov6.DynamicValue) (tftypes.Value, bool) {
	if encoded == nil {
		return tftypes.NewValue(t, nil), true
	}
	value, err := encoded.Unmarshal(t)
	if err != nil {
		r.result.violation(address, "the provider sent a value that doesn't fit its schema: %v", err)
		return tftypes.Value{}, false
	}
	return value, true
}
