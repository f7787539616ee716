package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type accountConsumptionDataSource struct{ consumptionDataSourceBase }

var (
	_ datasource.DataSource                     = (*accountConsumptionDataSource)(nil)
	_ datasource.DataSourceWithConfigure        = (*accountConsumptionDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*accountConsumptionDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig   = (*accountConsumptionDataSource)(nil)
)

func newAccountConsumptionDataSource() datasource.DataSource {
	return &accountConsumptionDataSource{consumptionDataSourceBase{checkMetrics: neon.CheckProjectMetrics}}
}

type accountConsumptionModel struct {
	consumptionInputModel
	Source  types.String             `tfsdk:"source"`
	Periods []consumptionPeriodModel `tfsdk:"periods"`
	Totals  map[string]types.Int64   `tfsdk:"totals"`
}

// Metadata implements datasource.DataSource.
func (d *accountConsumptionDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_account_consumption"
}

// Schema implements datasource.DataSource.
func (d *accountConsumptionDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := consumptionInputAttributes("What to tell: metrics of one of the two kinds that the data source `neon_project_consumption` has. Defaults to all that Neon bills by.")
	maps.Copy(attributes, map[string]schema.Attribute{
		"source": shownString("Where the numbers come from: `account` where they are Neon's own totals, `projects` where they are the sum over all projects. " +
			"Neon has totals for `active_time_seconds`, `compute_time_seconds`, `written_data_bytes`, `synthetic_storage_size_bytes` and `data_storage_bytes_hour` alone, and has announced their end. " +
			"It is null where no timeframe of the period is over yet, so that nothing was asked."),
		"periods": shownConsumptionPeriods(),
		"totals":  shownMetrics("What the organization has consumed in the whole time, by metric. " + totalsOverTime),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "What an organization has consumed, all projects together, by hour, day or month. " + whatNeonTellsLate,
		Attributes:          attributes,
	}
}

// Read implements datasource.DataSource.
func (d *accountConsumptionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model accountConsumptionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	orgID, diags := d.consumptionOrganization(ctx, model.OrgID)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	q, isEmpty, diags := model.query(d.now(), orgID, neon.ProjectMetrics())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	found := &neon.AccountConsumption{}
	if !isEmpty {
		var err error
		if found, err = d.client.GetAccountConsumption(ctx, q); err != nil {
			resp.Diagnostics.Append(consumptionFailure{own: model.OrgID, orgID: orgID, times: model.consumptionTimesModel}.diagnostics(err)...)
			return
		}
	}
	totals, err := neon.Totals(q.Metrics, found.Periods)
	if err != nil {
		resp.Diagnostics.Append(failure{summary: "Consumption not read"}.diagnostics(err)...)
		return
	}
	model.Source, model.Totals, model.Periods = stringOrNull(found.Source), int64s(totals), model.periods(found.Periods)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
