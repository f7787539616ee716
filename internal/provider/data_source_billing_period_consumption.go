package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type billingPeriodConsumptionDataSource struct{ dataSourceBase }

var (
	_ datasource.DataSource                     = (*billingPeriodConsumptionDataSource)(nil)
	_ datasource.DataSourceWithConfigure        = (*billingPeriodConsumptionDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*billingPeriodConsumptionDataSource)(nil)
)

func newBillingPeriodConsumptionDataSource() datasource.DataSource {
	return &billingPeriodConsumptionDataSource{}
}

type billingPeriodConsumptionModel struct {
	OrgID      types.String           `tfsdk:"org_id"`
	ProjectIDs types.List             `tfsdk:"project_ids"`
	Projects   []billingPeriodModel   `tfsdk:"projects"`
	Totals     map[string]types.Int64 `tfsdk:"totals"`
}

type billingPeriodModel struct {
	ProjectID              types.String      `tfsdk:"project_id"`
	Name                   types.String      `tfsdk:"name"`
	ActiveTimeSeconds      types.Int64       `tfsdk:"active_time_seconds"`
	ComputeTimeSeconds     types.Int64       `tfsdk:"compute_time_seconds"`
	WrittenDataBytes       types.Int64       `tfsdk:"written_data_bytes"`
	DataTransferBytes      types.Int64       `tfsdk:"data_transfer_bytes"`
	DataStorageBytesHour   types.Int64       `tfsdk:"data_storage_bytes_hour"`
	ConsumptionPeriodStart timetypes.RFC3339 `tfsdk:"consumption_period_start"`
	ConsumptionPeriodEnd   timetypes.RFC3339 `tfsdk:"consumption_period_end"`
}

// Metadata implements datasource.DataSource.
func (d *billingPeriodConsumptionDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_billing_period_consumption"
}

// Schema implements datasource.DataSource.
func (d *billingPeriodConsumptionDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What projects have consumed so far in their running billing period, which is what quotas are held against. Every plan has this, and it works with a key that is confined to a project. " +
			"The numbers grow from plan to plan.\n\nEach project is read by itself, at up to 700 a minute; for thousands of projects `neon_project_consumption` needs far fewer requests.",
		Attributes: map[string]schema.Attribute{
			"org_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization all of whose projects are told of, such as `org-cool-breeze-12345678`. Defaults to the provider's `org_id`, and with an organization key to that organization. It conflicts with `project_ids`.",
			},
			"project_ids": consumptionProjectIDs("The projects to tell of, any number of them, of whichever organization. A project that the API key does not see is an error. Defaults to all of the organization."),
			"projects": shownObjects("The projects, in the order of their ids.", map[string]schema.Attribute{
				"project_id":               shownString("The project's id, such as `cool-breeze-12345678`."),
				"name":                     shownString("The project's name."),
				"active_time_seconds":      shownInt64("For how many seconds computes were active."),
				"compute_time_seconds":     shownInt64("How many CPU seconds computes used."),
				"written_data_bytes":       shownInt64("How many bytes were written to all branches together."),
				"data_transfer_bytes":      shownInt64("How many bytes were transferred out of all branches together."),
				"data_storage_bytes_hour":  shownInt64("How many bytes were stored, times hours."),
				"consumption_period_start": shownTime("When the billing period began, or the project in it, in RFC 3339."),
				"consumption_period_end":   shownTime("When the billing period ends, in RFC 3339."),
			}),
			"totals": shownMetrics("What all the projects together have consumed, by the names of the five numbers."),
		},
	}
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *billingPeriodConsumptionDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.Conflicting(path.MatchRoot("org_id"), path.MatchRoot("project_ids"))}
}

// Read implements datasource.DataSource.
func (d *billingPeriodConsumptionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model billingPeriodConsumptionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ids := namedProjects(model.ProjectIDs)
	if ids == nil {
		var diags diag.Diagnostics
		ids, diags = d.projectsOf(ctx, model.OrgID)
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	projects, diags := d.readProjects(ctx, slices.Compact(slices.Sorted(slices.Values(ids))), !model.ProjectIDs.IsNull())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := model.readFrom(projects); err != nil {
		resp.Diagnostics.Append(failure{summary: "Consumption not read"}.diagnostics(err)...)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (d *billingPeriodConsumptionDataSource) projectsOf(ctx context.Context, own types.String) ([]string, diag.Diagnostics) {
	ids := []string{}
	orgID := d.organization(own)
	for item, err := range d.client.ListProjects(ctx, neon.ProjectFilter{OrgID: orgID}) {
		if err != nil {
			return nil, projectsFailure(own, orgID, err).diagnostics(err)
		}
		ids = append(ids, item.ID)
	}
	return ids, nil
}

// readProjects reads each project by itself, as only that has the counters. One that
// was listed and is not to be seen any more has gone meanwhile; one that somebody
// has named must not be left out silently.
func (d *billingPeriodConsumptionDataSource) readProjects(ctx context.Context, ids []string, isNamed bool) ([]neon.Project, diag.Diagnostics) {
	var projects []neon.Project
	var hidden []string
	var refusal error
	for answer, err := range d.client.GetProjects(ctx, ids) {
		switch {
		case err != nil:
			return nil, failure{summary: "Consumption not read"}.diagnostics(err)
		case answer.Err == nil:
			projects = append(projects, *answer.Project)
		case isNamed:
			hidden, refusal = append(hidden, answer.ID), answer.Err
		}
	}
	if len(hidden) == 0 {
		return projects, nil
	}
	f := failure{summary: "Projects not seen", at: path.Root("project_ids")}
	f.advice = fmt.Sprintf("The API key does not see %s. The data source neon_projects lists those that it sees, and with recoverable = true those that were deleted in the last seven days. "+
		"A project that was claimed, or transferred to another organization, is seen by its new owner only.", strings.Join(hidden, ", "))
	return nil, f.diagnostics(refusal)
}

func (m *billingPeriodConsumptionModel) readFrom(projects []neon.Project) error {
	totals := map[string]int64{}
	m.Projects = make([]billingPeriodModel, len(projects))
	for i, p := range projects {
		m.Projects[i] = billingPeriodModel{
			ProjectID: types.StringValue(p.ID), Name: types.StringValue(p.Name),
			ActiveTimeSeconds: types.Int64Value(p.ActiveTimeSeconds), ComputeTimeSeconds: types.Int64Value(p.ComputeTimeSeconds),
			WrittenDataBytes: types.Int64Value(p.WrittenDataBytes), DataTransferBytes: types.Int64Value(p.DataTransferBytes),
			DataStorageBytesHour:   types.Int64Value(p.DataStorageBytesHour),
			ConsumptionPeriodStart: rfc3339(p.ConsumptionPeriodStart), ConsumptionPeriodEnd: rfc3339(p.ConsumptionPeriodEnd),
		}
		if err := neon.AddMetrics(totals, countersOf(p)); err != nil {
			return err
		}
	}
	if len(projects) == 0 {
		totals = countersOf(neon.Project{})
	}
	m.Totals = int64s(totals)
	return nil
}

func countersOf(p neon.Project) map[string]int64 {
	return map[string]int64{
		"active_time_seconds": p.ActiveTimeSeconds, "compute_time_seconds": p.ComputeTimeSeconds,
		"written_data_bytes": p.WrittenDataBytes, "data_transfer_bytes": p.DataTransferBytes, "data_storage_bytes_hour": p.DataStorageBytesHour,
	}
}
