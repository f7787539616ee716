// Package provider is the Terraform side: schemas, plans, states and
// diagnostics. How to talk to Neon is the business of package neon.
package provider

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Address is where the registry has the provider.
const Address = "registry.terraform.io/neon-orgs/neon"

// Options replace what the provider takes from its surroundings, for tests. The
// zero value is the real thing.
type Options struct {
	Getenv       func(string) string // default os.Getenv
	Clock        func() time.Time    // default time.Now
	HTTPClient   *http.Client        // default a client of its own
	PollInterval time.Duration       // first pause between looks at an operation; default one second
	// ConsumptionRequestsPerMinute is the budget for consumption history; default 50.
	ConsumptionRequestsPerMinute int
}

// New makes the provider server's factory.
func New(version string, options Options) func() provider.Provider {
	return func() provider.Provider { return &neonProvider{version: version, options: options} }
}

type neonProvider struct {
	version string
	options Options
}

var (
	_ provider.Provider                       = (*neonProvider)(nil)
	_ provider.ProviderWithActions            = (*neonProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*neonProvider)(nil)
	_ provider.ProviderWithFunctions          = (*neonProvider)(nil)
	_ provider.ProviderWithListResources      = (*neonProvider)(nil)
)

// Metadata implements provider.Provider.
func (p *neonProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "neon"
	resp.Version = p.version
}

// Schema implements provider.Provider.
func (p *neonProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages [Neon](https://neon.com) projects across organizations: " +
			"provision a project for a customer and hand it over by a claim URL, and move projects between organizations without ever recreating them.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "The Neon API key. Defaults to the environment variable `NEON_API_KEY`. " +
					"A personal key may do what its user may; an organization key works inside its organization and can't move projects to another one.",
			},
			"org_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The organization to work in where a resource or data source names none, such as `org-cool-breeze-12345678`. " +
					"Defaults to the environment variable `NEON_ORG_ID`. Changing it moves nothing that exists: a project stays where it is unless its own `org_id` changes.",
				Validators: []validator.String{orgIDValidator()},
			},
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The root of the Neon API. Defaults to the environment variable `NEON_API_HOST`, then to `https://console.neon.tech/api/v2`. " +
					"Set it to test against the emulator. Plain `http` is accepted for a loopback address only, because every request carries the API key.",
				Validators: []validator.String{baseURLValidator()},
			},
			"requests_per_minute": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: "How many API requests a minute to send at most, at least 1. Defaults to 700, which is what Neon allows an account. " +
					"Lower it when other programs use the same account at the same time.",
				Validators: []validator.Int64{int64validator.AtLeast(1)},
			},
		},
	}
}

// Resources implements provider.Provider.
func (p *neonProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		newOrgAPIKeyResource,
		newOrgSpendingLimitResource,
		newProjectPermissionResource,
		newProjectResource,
		newProjectTransferRequestResource,
		newProjectTransferAcceptanceResource,
		newOrgInvitationResource,
		newOrgMemberResource,
		newOrgProjectTransferResource,
	}
}

// DataSources implements provider.Provider.
func (p *neonProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newAccountConsumptionDataSource,
		newBillingPeriodConsumptionDataSource,
		newBranchConsumptionDataSource,
		newConnectionURIDataSource,
		newCurrentUserDataSource,
		newOrganizationDataSource,
		newOrganizationsDataSource,
		newOrgInvitationsDataSource,
		newOrgMembersDataSource,
		newProjectConsumptionDataSource,
		newProjectDataSource,
		newProjectPermissionsDataSource,
		newProjectsDataSource,
	}
}

// EphemeralResources implements provider.ProviderWithEphemeralResources.
func (p *neonProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		newConnectionURIEphemeral,
		newOrgAPIKeyEphemeral,
	}
}

// Functions implements provider.ProviderWithFunctions.
func (p *neonProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		newClaimURLFunction,
		newParseClaimURLFunction,
		newParseConnectionURIFunction,
		newIsOrgIDFunction,
	}
}

// ListResources implements provider.ProviderWithListResources. Terraform has them
// from 1.14 on; for other CLIs they are not there.
func (p *neonProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		newOrgAPIKeyListResource,
		newOrgInvitationListResource,
		newOrgMemberListResource,
		newProjectListResource,
		newProjectPermissionListResource,
	}
}

// Actions implements provider.ProviderWithActions. Terraform has them from 1.14
// on; for other CLIs they are not there.
func (p *neonProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		newTransferProjectsAction,
		newRecoverProjectAction,
	}
}
