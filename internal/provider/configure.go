package provider

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type providerModel struct {
	APIKey            types.String `tfsdk:"api_key"`
	OrgID             types.String `tfsdk:"org_id"`
	BaseURL           types.String `tfsdk:"base_url"`
	RequestsPerMinute types.Int64  `tfsdk:"requests_per_minute"`
}

// configured is what the provider gives to its resources and data sources.
type configured struct {
	client *neon.Client
	// orgID is the default organization, or empty.
	orgID string

	// claims are to seats and spending limits.
	claims      orgClaims
	names       seatNames
	adminsGoing adminsGoing

	handovers handovers
	transfers orgTransfers
	retired   retiredRequests
}

// Configure implements provider.Provider. It sends nothing: a key that Neon does
// not accept shows with the first request.
func (p *neonProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	refuseUnknown(config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	getenv := p.options.Getenv
	if getenv == nil {
		getenv = os.Getenv
	}
	apiKey := cmp.Or(config.APIKey.ValueString(), getenv("NEON_API_KEY"))
	orgID := cmp.Or(config.OrgID.ValueString(), getenv("NEON_ORG_ID"))
	baseURL := cmp.Or(config.BaseURL.ValueString(), getenv("NEON_API_HOST"), neon.DefaultBaseURL)

	if apiKey == "" {
		resp.Diagnostics.AddAttributeError(path.Root("api_key"), "No Neon API key",
			"The provider has no API key: neither api_key nor the environment variable NEON_API_KEY is set. "+
				"Make a key in the Neon Console, under Account settings > API keys for a personal key or under the organization's Settings > API keys, "+
				"and hand it over by NEON_API_KEY, so that it stands in no file.")
	}
	// Values from the environment have not met the schema's validators.
	if orgID != "" {
		if problem := checkOrgID(orgID); problem != nil {
			resp.Diagnostics.AddAttributeError(path.Root("org_id"), problem.summary, problem.detail)
		}
	}
	if _, problem := parseBaseURL(baseURL); problem != nil {
		resp.Diagnostics.AddAttributeError(path.Root("base_url"), problem.summary, problem.detail)
	}
	if resp.Diagnostics.HasError() {
		return
	}

	client, err := neon.New(neon.Options{
		BaseURL:           baseURL,
		APIKey:            apiKey,
		UserAgent:         userAgent(p.version, req.TerraformVersion),
		HTTPClient:        p.options.HTTPClient,
		Clock:             p.options.Clock,
		PollInterval:      p.options.PollInterval,
		RequestsPerMinute: int(config.RequestsPerMinute.ValueInt64()),

		ConsumptionRequestsPerMinute: p.options.ConsumptionRequestsPerMinute,
		Log:                          logEvent,
	})
	if err != nil {
		resp.Diagnostics.AddError("Invalid provider configuration", err.Error()+".")
		return
	}
	data := &configured{client: client, orgID: orgID}
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.EphemeralResourceData = data
	resp.ListResourceData = data
	resp.ActionData = data
}

// refuseUnknown says of each argument that is not known yet which one it is and
// what to do, since a provider can't be configured halfway.
func refuseUnknown(config providerModel, diags *diag.Diagnostics) {
	arguments := []struct {
		name  string
		value attr.Value
	}{
		{"api_key", config.APIKey},
		{"org_id", config.OrgID},
		{"base_url", config.BaseURL},
		{"requests_per_minute", config.RequestsPerMinute},
	}
	for _, argument := range arguments {
		if argument.value.IsUnknown() {
			diags.AddAttributeError(path.Root(argument.name), "Provider argument not known yet",
				fmt.Sprintf("%s comes from something that is not created yet, but the provider needs it to make a plan. "+
					"Set it to a value that is known beforehand, or apply what it comes from first with -target.", argument.name))
		}
	}
}

// userAgent names the provider and the CLI. OpenTofu gives itself out for a
// Terraform here, so the CLI's name says no more than it was told.
func userAgent(version, cliVersion string) string {
	return fmt.Sprintf("terraform-provider-neon/%s Terraform/%s (%s; %s)",
		version, cmp.Or(cliVersion, "unknown"), runtime.GOOS, runtime.GOARCH)
}

// logEvent writes an attempt to the CLI's log, as a subsystem of its own:
// TF_LOG_PROVIDER=DEBUG shows it.
func logEvent(ctx context.Context, e neon.Event) {
	const subsystem = "api"
	ctx = tflog.NewSubsystem(ctx, subsystem)
	fields := map[string]any{
		"method": e.Method, "route": e.Route, "attempt": e.Attempt, "status": e.Status,
		"request_id": e.RequestID, "duration_ms": e.Duration.Milliseconds(),
	}
	if e.Err != nil {
		fields["error"] = e.Err.Error()
	}
	tflog.SubsystemDebug(ctx, subsystem, "Neon API request", fields)
}

// organization gives the organization a resource works in: its own, else the
// provider's default. It may be empty: an organization key implies its own.
func (c *configured) organization(own types.String) string {
	return cmp.Or(own.ValueString(), c.orgID)
}

// withConfigured holds the provider's data for a resource or data source.
type withConfigured struct {
	*configured
}

// set takes the data that the framework hands on. It is nil before the provider
// is configured, as in `validate`.
func (w *withConfigured) set(data any, diags *diag.Diagnostics) {
	if data == nil {
		return
	}
	configured, ok := data.(*configured)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("The provider handed on a %T. This is a fault of the provider; please report it.", data))
		return
	}
	w.configured = configured
}

// resourceBase is what all resources and list resources share.
type resourceBase struct{ withConfigured }

// Configure implements resource.ResourceWithConfigure.
func (r *resourceBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.set(req.ProviderData, &resp.Diagnostics)
}

// dataSourceBase is what all data sources share.
type dataSourceBase struct{ withConfigured }

// Configure implements datasource.DataSourceWithConfigure.
func (d *dataSourceBase) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.set(req.ProviderData, &resp.Diagnostics)
}

// actionBase is what all actions share.
type actionBase struct{ withConfigured }

// Configure implements action.ActionWithConfigure.
func (a *actionBase) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.set(req.ProviderData, &resp.Diagnostics)
}

// ephemeralBase is what all ephemeral resources share.
type ephemeralBase struct{ withConfigured }

// Configure implements ephemeral.EphemeralResourceWithConfigure.
func (e *ephemeralBase) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.set(req.ProviderData, &resp.Diagnostics)
}
