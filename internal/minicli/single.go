package minicli

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// single prepares what a command does with one block alone, whose arguments are
// JSON: a configured provider process, and the configuration as it travels.
func (c *CLI) single(ctx context.Context, schema *tfprotov6.Schema, address, args string) (*run, *tfprotov6.DynamicValue) {
	r := c.phase(ctx, &Config{}, &Result{Shown: map[string]any{}})
	var decoded map[string]any
	err := decode(args, &decoded)
	var config tftypes.Value
	if err == nil {
		config, err = object(schema, decoded, nil)
	}
	if err != nil {
		r.result.violation(address, "%v", err)
		return r, nil
	}
	if !r.configure() {
		return r, nil
	}
	return r, dynamic(config)
}

// Open opens an ephemeral resource and closes it again, as every command does
// that needs one.
func (c *CLI) Open(ctx context.Context, typeName, args string) *Result {
	schema := c.Schemas.EphemeralResourceSchemas[typeName]
	r, config := c.single(ctx, schema, typeName, args)
	if config == nil {
		return r.result
	}
	validated, ok := call(r, typeName, r.server.ValidateEphemeralResourceConfig, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: config})
	if !ok || r.result.add(typeName, validated.Diagnostics) {
		return r.result
	}
	opened, ok := call(r, typeName, r.server.OpenEphemeralResource, &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: config})
	if !ok || r.result.add(typeName, opened.Diagnostics) {
		return r.result
	}
	if !opened.RenewAt.IsZero() || opened.Deferred != nil {
		r.result.violation(typeName, "it wants to be renewed, or later, which is not done here")
	}
	if value, ok := r.arrived(typeName, schema.ValueType(), opened.Result); ok {
		r.known(typeName, value)
	}
	closed, ok := call(r, typeName, r.server.CloseEphemeralResource, &tfprotov6.CloseEphemeralResourceRequest{TypeName: typeName, Private: opened.Private})
	if ok {
		r.result.add(typeName, closed.Diagnostics)
	}
	return r.result
}

// Invoke plans and invokes an action.
func (c *CLI) Invoke(ctx context.Context, typeName, args string) *Result {
	r, config := c.single(ctx, c.Schemas.ActionSchemas[typeName].Schema, typeName, args)
	if config == nil {
		return r.result
	}
	server, ok := r.server.(tfprotov6.ProviderServerWithActions) //nolint:staticcheck // the interface that is to have its methods has not got them yet
	if !ok {
		r.result.violation(typeName, "the provider has no actions")
		return r.result
	}
	validated, ok := call(r, typeName, server.ValidateActionConfig, &tfprotov6.ValidateActionConfigRequest{ActionType: typeName, Config: config})
	if !ok || r.result.add(typeName, validated.Diagnostics) {
		return r.result
	}
	planned, ok := call(r, typeName, server.PlanAction, &tfprotov6.PlanActionRequest{ActionType: typeName, Config: config})
	if !ok || r.result.add(typeName, planned.Diagnostics) {
		return r.result
	}
	call(r, typeName, func(ctx context.Context, request *tfprotov6.InvokeActionRequest) (any, error) {
		stream, err := server.InvokeAction(ctx, request)
		if err != nil {
			return nil, err
		}
		isDone := false
		for event := range stream.Events {
			switch event := event.Type.(type) {
			case tfprotov6.ProgressInvokeActionEventType:
				r.result.Progress = append(r.result.Progress, event.Message)
			case tfprotov6.CompletedInvokeActionEventType:
				isDone = true
				r.result.add(typeName, event.Diagnostics)
			}
		}
		if !isDone {
			r.result.violation(typeName, "the action never ended")
		}
		return nil, nil //nolint:nilnil // all has gone into the result
	}, &tfprotov6.InvokeActionRequest{ActionType: typeName, Config: config})
	return r.result
}

// Query lists what a list resource lists, with the whole resources.
func (c *CLI) Query(ctx context.Context, typeName, args string) *Result {
	r, config := c.single(ctx, c.Schemas.ListResourceSchemas[typeName], typeName, args)
	if config == nil {
		return r.result
	}
	server, ok := r.server.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // as above
	if !ok {
		r.result.violation(typeName, "the provider has no list resources")
		return r.result
	}
	validated, ok := call(r, typeName, server.ValidateListResourceConfig, &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: config})
	if !ok || r.result.add(typeName, validated.Diagnostics) {
		return r.result
	}
	call(r, typeName, func(ctx context.Context, request *tfprotov6.ListResourceRequest) (any, error) {
		stream, err := server.ListResource(ctx, request)
		if err != nil {
			return nil, err
		}
		for listed := range stream.Results {
			if r.result.add(typeName, listed.Diagnostics) {
				continue
			}
			r.listed(typeName, listed)
		}
		return nil, nil //nolint:nilnil // all has gone into the result
	}, &tfprotov6.ListResourceRequest{TypeName: typeName, Config: config, IncludeResource: true, Limit: 100})
	return r.result
}

// listed takes over an object that was listed, which needs a name, an identity and
// the whole resource.
func (r *run) listed(typeName string, one tfprotov6.ListResourceResult) {
	if one.DisplayName == "" || one.Identity == nil || one.Resource == nil {
		r.result.violation(typeName, "an object was listed without its name, its identity or the whole resource")
		return
	}
	if value, ok := r.arrived(typeName, r.cli.Schemas.ResourceSchemas[typeName].ValueType(), one.Resource); ok {
		r.known(typeName+" "+one.DisplayName, value)
	}
}

// known shows a value that has to be known in full.
func (r *run) known(address string, value tftypes.Value) {
	for _, at := range unknowns(value) {
		r.result.violation(address, "%s is unknown although it was read", at)
	}
	plain, err := unknownAsNull(value)
	if err == nil {
		r.result.Shown[address], err = toJSON(plain)
	}
	if err != nil {
		r.result.violation(address, "%v", err)
	}
}
