package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// NewServer makes the factory of the provider's protocol server. It is what
// providerserver makes of New, and takes null for an argument of a function
// from OpenTofu as well.
func NewServer(version string, options Options) func() tfprotov6.ProviderServer {
	makeServer := providerserver.NewProtocol6(New(version, options)())
	return func() tfprotov6.ProviderServer {
		server := makeServer()
		if whole, ok := server.(frameworkServer); ok {
			return nullArgumentsServer{whole}
		}
		return server
	}
}

// frameworkServer is all that a server of the plugin framework can do. What is
// not in here would be lost by wrapping it, since callers ask for it by type.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// nullArgumentsServer restores null arguments of functions. Terraform sends
// null as a value; OpenTofu (up to 1.12 at least) sends no value at all, which
// the framework refuses as a defect of the provider.
type nullArgumentsServer struct {
	frameworkServer
}

// CallFunction implements tfprotov6.FunctionServer.
func (s nullArgumentsServer) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	for i, argument := range req.Arguments {
		if argument == nil || len(argument.MsgPack) == 0 && len(argument.JSON) == 0 {
			req.Arguments[i] = &tfprotov6.DynamicValue{JSON: []byte("null")}
		}
	}
	return s.frameworkServer.CallFunction(ctx, req)
}
