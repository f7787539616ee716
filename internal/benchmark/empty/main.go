// Command empty serves the least that the plugin framework can be asked for, under
// the Neon provider's address: a resource neon_project with an id and a name that
// are whatever the state says. The provider's start and memory are measured
// against it.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

func main() {
	const address = "registry.terraform.io/neon-orgs/neon"
	if err := tf6server.Serve(address, providerserver.NewProtocol6(emptyProvider{})); err != nil {
		log.Fatal(err)
	}
}

type emptyProvider struct{}

func (emptyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "neon"
}
func (emptyProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (emptyProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (emptyProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (emptyProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return emptyProject{} }}
}

type emptyProject struct{}

func (emptyProject) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "neon_project"
}

func (emptyProject) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":   schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"name": schema.StringAttribute{Optional: true},
	}}
}
func (emptyProject) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (emptyProject) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (emptyProject) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (emptyProject) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
