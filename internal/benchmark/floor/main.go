// Command floor serves the Neon provider without its input and output: it says of
// every resource that it is as the state has it, and of every change that it came
// about as planned. What a CLI then takes is what the provider is measured
// against, as no provider with this schema can do better.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/neon-orgs/terraform-provider-neon/internal/provider"
)

func main() {
	inner := provider.NewServer("floor", provider.Options{})
	err := provider.Serve(func() tfprotov6.ProviderServer { return newServer(inner()) })
	if err != nil {
		log.Fatal(err)
	}
}

type server struct {
	tfprotov6.ProviderServer
	types map[string]tftypes.Type // of resources, by name
}

func newServer(inner tfprotov6.ProviderServer) *server {
	return &server{ProviderServer: inner, types: map[string]tftypes.Type{}}
}

// GetProviderSchema implements tfprotov6.ProviderServer.
func (s *server) GetProviderSchema(ctx context.Context, req *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	resp, err := s.ProviderServer.GetProviderSchema(ctx, req)
	if err == nil {
		for name, schema := range resp.ResourceSchemas {
			s.types[name] = schema.ValueType()
		}
	}
	return resp, err
}

// ReadResource implements tfprotov6.ProviderServer.
func (s *server) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, NewIdentity: req.CurrentIdentity, Private: req.Private}, nil
}

// ApplyResourceChange implements tfprotov6.ProviderServer. What the plan leaves
// open becomes null.
func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if len(s.types) == 0 {
		if _, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err != nil {
			return nil, err
		}
	}
	valueType := s.types[req.TypeName]
	planned, err := req.PlannedState.Unmarshal(valueType)
	if err != nil {
		return nil, err
	}
	if !planned.IsFullyKnown() {
		planned, err = tftypes.Transform(planned, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
			if v.IsKnown() {
				return v, nil
			}
			return tftypes.NewValue(v.Type(), nil), nil
		})
		if err != nil {
			return nil, err
		}
	}
	state, err := tfprotov6.NewDynamicValue(valueType, planned)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: &state, NewIdentity: req.PlannedIdentity, Private: req.PlannedPrivate}, nil
}
