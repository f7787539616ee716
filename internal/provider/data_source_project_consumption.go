package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectConsumptionDataSource struct{ consumptionDataSourceBase }

var (
	_ datasource.DataSource                     = (*projectConsumptionDataSource)(nil)
	_ datasource.DataSourceWithConfigure        = (*projectConsumptionDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*projectConsumptionDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig   = (*projectConsumptionDataSource)(nil)
)

func newProjectConsumptionDataSource() datasource.DataSource {
	return &projectConsumptionDataSource{consumptionDataSourceBase{checkMetrics: neon.CheckProjectMetrics}}
}

type projectConsumptionModel struct {
	consumptionInputModel
	ProjectIDs types.List             `tfsdk:"project_ids"`
	Projects   []consumedProjectModel `tfsdk:"projects"`
	Totals     map[string]types.Int64 `tfsdk:"totals"`
}

type consumedProjectModel struct {
	ProjectID types.String             `tfsdk:"project_id"`
	Periods   []consumptionPeriodModel `tfsdk:"periods"`
	Totals    map[string]types.Int64   `tfsdk:"totals"`
}

// Metadata implements datasource.DataSource.
func (d *projectConsumptionDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_project_consumption"
}

// Schema implements datasource.DataSource.
func (d *projectConsumptionDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := consumptionInputAttributes("What to tell. Either metrics that Neon bills by: `compute_unit_seconds`, `root_branch_bytes_month`, `child_branch_bytes_month`, " +
		"`instant_restore_bytes_month`, `public_network_transfer_bytes`, `private_network_transfer_bytes`, `extra_branches_month`, `snapshot_storage_bytes_month`, " +
		"which the plans Launch, Scale, Agent, Business and Enterprise have. Or those of older plans: `active_time_seconds`, `compute_time_seconds`, `written_data_bytes`, `synthetic_storage_size_bytes`, " +
		"`data_storage_bytes_hour`, `logical_size_bytes`, `logical_size_bytes_hour`, which Scale, Business and Enterprise have. The two can't be mixed. Defaults to all of the former.")
	maps.Copy(attributes, map[string]schema.Attribute{
		"project_ids": consumptionProjectIDs("The projects to tell of, any number of them; each is told once. Defaults to all of the organization. " +
			"Naming them is faster, as Neon is then asked for several hundred at once."),
		"projects": shownObjects("The projects, in the order of their ids. Neon may leave out some that have consumed nothing.", map[string]schema.Attribute{
			"project_id": shownString("The project's id, such as `cool-breeze-12345678`."),
			"periods":    shownConsumptionPeriods(),
			"totals":     shownMetrics("What the project has consumed in the whole time, by metric. " + totalsOverTime),
		}),
		"totals": shownMetrics("What all the projects together have consumed in the whole time, by metric. " + totalsOverTime),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "What the projects of an organization have consumed, by hour, day or month: for showback, budgets and checks. " + whatNeonTellsLate +
			"\n\nNeon answers about 50 consumption requests a minute, each for 100 projects; more have to wait.",
		Attributes: attributes,
	}
}

// Read implements datasource.DataSource.
func (d *projectConsumptionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model projectConsumptionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	all, totals, diags := d.readConsumers(ctx, &model.consumptionInputModel, model.ProjectIDs, neon.ProjectMetrics(), func(q neon.ConsumptionQuery) consumptionSeq {
		return d.client.ListProjectConsumption(ctx, q)
	})
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	model.Totals, model.Projects = int64s(totals), make([]consumedProjectModel, len(all))
	for i, c := range all {
		model.Projects[i] = consumedProjectModel{ProjectID: types.StringValue(c.ProjectID), Periods: model.periods(c.Periods), Totals: int64s(c.totals)}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
