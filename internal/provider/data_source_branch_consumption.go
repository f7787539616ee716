package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type branchConsumptionDataSource struct{ consumptionDataSourceBase }

var (
	_ datasource.DataSource                     = (*branchConsumptionDataSource)(nil)
	_ datasource.DataSourceWithConfigure        = (*branchConsumptionDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*branchConsumptionDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig   = (*branchConsumptionDataSource)(nil)
)

func newBranchConsumptionDataSource() datasource.DataSource {
	return &branchConsumptionDataSource{consumptionDataSourceBase{checkMetrics: neon.CheckBranchMetrics}}
}

type branchConsumptionModel struct {
	consumptionInputModel
	ProjectIDs types.List             `tfsdk:"project_ids"`
	BranchIDs  types.List             `tfsdk:"branch_ids"`
	Branches   []consumedBranchModel  `tfsdk:"branches"`
	Totals     map[string]types.Int64 `tfsdk:"totals"`
}

type consumedBranchModel struct {
	ProjectID types.String             `tfsdk:"project_id"`
	BranchID  types.String             `tfsdk:"branch_id"`
	Periods   []consumptionPeriodModel `tfsdk:"periods"`
	Totals    map[string]types.Int64   `tfsdk:"totals"`
}

// Metadata implements datasource.DataSource.
func (d *branchConsumptionDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "neon_branch_consumption"
}

// Schema implements datasource.DataSource.
func (d *branchConsumptionDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := consumptionInputAttributes("What to tell: `compute_unit_seconds`, `root_branch_bytes_month`, `child_branch_bytes_month`, " +
		"`instant_restore_bytes_month`, `public_network_transfer_bytes` and `private_network_transfer_bytes`. Defaults to all of them.")
	maps.Copy(attributes, map[string]schema.Attribute{
		"project_ids": consumptionProjectIDs("The projects whose branches are told of, any number of them. Defaults to all projects that the organization has now."),
		"branch_ids": schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			Validators:          []validator.List{listvalidator.SizeBetween(1, neon.MaxBranchesPerConsumption)},
			MarkdownDescription: "The branches to tell of, 1 to 100, such as `br-cool-breeze-a1b2c3d4`. Defaults to all branches of the projects.",
		},
		"branches": shownObjects("The branches, in the order of the ids of their projects and of their own. Branches that were deleted may be among them.", map[string]schema.Attribute{
			"project_id": shownString("The id of the branch's project, such as `cool-breeze-12345678`."),
			"branch_id":  shownString("The branch's id, such as `br-cool-breeze-a1b2c3d4`."),
			"periods":    shownConsumptionPeriods(),
			"totals":     shownMetrics("What the branch has consumed in the whole time, by metric."),
		}),
		"totals": shownMetrics("What all the branches together have consumed in the whole time, by metric."),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "What the branches of an organization's projects have consumed, by hour, day or month. Neon calls this a beta, and has it on the plans Launch, Scale, Agent and Enterprise. " + whatNeonTellsLate +
			"\n\nNeon answers about 50 consumption requests a minute, each for the branches of 100 projects, and two requests are needed for them; more have to wait.",
		Attributes: attributes,
	}
}

// Read implements datasource.DataSource.
func (d *branchConsumptionDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model branchConsumptionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	all, totals, diags := d.readConsumers(ctx, &model.consumptionInputModel, model.ProjectIDs, neon.BranchMetrics(), func(q neon.ConsumptionQuery) consumptionSeq {
		q.BranchIDs = namedProjects(model.BranchIDs)
		return d.client.ListBranchConsumption(ctx, q)
	})
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	model.Totals, model.Branches = int64s(totals), make([]consumedBranchModel, len(all))
	for i, c := range all {
		model.Branches[i] = consumedBranchModel{
			ProjectID: types.StringValue(c.ProjectID), BranchID: types.StringValue(c.BranchID),
			Periods: model.periods(c.Periods), Totals: int64s(c.totals),
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
