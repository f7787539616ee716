package provider

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	testresource "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// TestEphemeralExamples applies the examples of the ephemeral resources.
func TestEphemeralExamples(t *testing.T) {
	t.Parallel()
	t.Run("neon_connection_uri", func(t *testing.T) {
		t.Parallel()
		shown := readRepo(t, "examples", "ephemeral-resources", "neon_connection_uri", "ephemeral-resource.tf")
		shown = strings.Replace(shown, "cyrilgdn/postgresql", "neon-orgs/postgresql", 1)
		w := documented(t)
		seen := &connections{}
		factories := w.factories()
		factories["postgresql"] = func() (tfprotov6.ProviderServer, error) {
			return providerserver.NewProtocol6(postgresStub{seen})(), nil
		}
		requireCLI(t)
		testresource.UnitTest(t, testresource.TestCase{ProtoV6ProviderFactories: factories, Steps: []testresource.TestStep{
			{Config: shown, Check: func(*terraform.State) error {
				want := map[string]string{"host": w.endpointHost(), "username": "neondb_owner", "password": w.password(), "database": "neondb", "sslmode": "require"}
				if diff := cmp.Diff(want, seen.latest()); diff != "" {
					t.Errorf("the other provider's configuration (-want +got):\n%s", diff)
				}
				return nil
			}},
			{Config: shown, ConfigPlanChecks: unchanged()},
		}})
	})
	t.Run("neon_org_api_key", func(t *testing.T) {
		t.Parallel()
		w := documented(t, emulator.Project{ID: "calm-river-12345678", OrgID: coolBreeze}, emulator.Project{ID: guestShop + "1", OrgID: acme})
		w.run(testresource.TestStep{
			Config:            requiredProviders + readRepo(t, "examples", "ephemeral-resources", "neon_org_api_key", "ephemeral-resource.tf"),
			ConfigStateChecks: []statecheck.StateCheck{wantOutput("project_ids", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("calm-river-12345678")}))},
		})
		for _, o := range w.emu.Snapshot().Organizations {
			if o.ID == coolBreeze && len(o.Keys) > 0 {
				t.Errorf("%d keys are left", len(o.Keys))
			}
		}
	})
}

// connections notes how the stub of a Postgres provider was configured.
type connections struct {
	mu   sync.Mutex
	last map[string]string
}

func (c *connections) latest() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}

// postgresStub stands in for a provider of Postgres objects: it connects to nothing.
type postgresStub struct{ seen *connections }

var stubTexts = []string{"host", "username", "password", "database", "sslmode"}

func (postgresStub) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "postgresql"
}

func (postgresStub) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema.Attributes = map[string]providerschema.Attribute{"port": providerschema.Int64Attribute{Optional: true}}
	for _, name := range stubTexts {
		resp.Schema.Attributes[name] = providerschema.StringAttribute{Optional: true}
	}
}

func (p postgresStub) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.seen.mu.Lock()
	defer p.seen.mu.Unlock()
	p.seen.last = map[string]string{}
	for _, name := range stubTexts {
		var value types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), &value)...)
		p.seen.last[name] = value.ValueString()
	}
}

func (postgresStub) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (postgresStub) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return schemaStub{} }}
}

type schemaStub struct{}

func (schemaStub) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "postgresql_schema"
}

func (schemaStub) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema.Attributes = map[string]schema.Attribute{"name": schema.StringAttribute{Required: true}}
}

func (schemaStub) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (schemaStub) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (schemaStub) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (schemaStub) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
