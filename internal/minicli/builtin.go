package minicli

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// terraformData is the type that the CLIs have built in. Here it is a string that
// other blocks can be replaced by, and makes no request.
const terraformData = "terraform_data"

var terraformDataSchema = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
	{Name: "id", Type: tftypes.String, Computed: true},
	{Name: "input", Type: tftypes.String, Optional: true},
	{Name: "output", Type: tftypes.String, Computed: true},
}}}

// builtin is the part of a provider that terraform_data needs.
type builtin struct {
	tfprotov6.ProviderServer
}

// serverOf returns the provider of a type.
func (r *run) serverOf(typeName string) tfprotov6.ProviderServer {
	if typeName == terraformData {
		return builtin{}
	}
	return r.server
}

func (r *run) resourceSchema(typeName string) *tfprotov6.Schema {
	if typeName == terraformData {
		return terraformDataSchema
	}
	return r.cli.Schemas.ResourceSchemas[typeName]
}

// ValidateResourceConfig implements tfprotov6.ProviderServer.
func (builtin) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

// UpgradeResourceState implements tfprotov6.ProviderServer.
func (builtin) UpgradeResourceState(_ context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	value, err := req.RawState.Unmarshal(terraformDataSchema.ValueType())
	if err != nil {
		return nil, err
	}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: dynamic(value)}, nil
}

// ReadResource implements tfprotov6.ProviderServer.
func (builtin) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState}, nil
}

// PlanResourceChange implements tfprotov6.ProviderServer.
func (builtin) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	proposed, err := req.ProposedNewState.Unmarshal(terraformDataSchema.ValueType())
	if err != nil || proposed.IsNull() {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: req.ProposedNewState}, err
	}
	id := attribute(proposed, "id")
	if id.IsNull() {
		id = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: dynamic(terraformDataValue(id, attribute(proposed, "input")))}, nil
}

// ApplyResourceChange implements tfprotov6.ProviderServer.
func (builtin) ApplyResourceChange(_ context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	planned, err := req.PlannedState.Unmarshal(terraformDataSchema.ValueType())
	if err != nil || planned.IsNull() {
		return &tfprotov6.ApplyResourceChangeResponse{NewState: req.PlannedState}, err
	}
	id := attribute(planned, "id")
	if !id.IsKnown() {
		id = tftypes.NewValue(tftypes.String, "one")
	}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: dynamic(terraformDataValue(id, attribute(planned, "input")))}, nil
}

func terraformDataValue(id, input tftypes.Value) tftypes.Value {
	return tftypes.NewValue(terraformDataSchema.ValueType(), map[string]tftypes.Value{"id": id, "input": input, "output": input})
}
