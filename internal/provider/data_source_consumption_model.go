package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// consumptionInputModel is what all data sources of consumption history ask.
type consumptionInputModel struct {
	OrgID      types.String `tfsdk:"org_id"`
	Metrics    types.Set    `tfsdk:"metrics"`
	TotalsOnly types.Bool   `tfsdk:"totals_only"`
	consumptionTimesModel
}

type consumptionPeriodModel struct {
	PeriodID    types.String                `tfsdk:"period_id"`
	PeriodPlan  types.String                `tfsdk:"period_plan"`
	PeriodStart timetypes.RFC3339           `tfsdk:"period_start"`
	PeriodEnd   timetypes.RFC3339           `tfsdk:"period_end"`
	Timeframes  []consumptionTimeframeModel `tfsdk:"timeframes"`
}

type consumptionTimeframeModel struct {
	TimeframeStart timetypes.RFC3339      `tfsdk:"timeframe_start"`
	TimeframeEnd   timetypes.RFC3339      `tfsdk:"timeframe_end"`
	Metrics        map[string]types.Int64 `tfsdk:"metrics"`
}

const whatNeonTellsLate = "Neon can take up to an hour to tell what was consumed, and its history begins when the organization came to a plan that has one."

// consumptionInputAttributes are the attributes of a consumptionInputModel.
func consumptionInputAttributes(metrics string) map[string]schema.Attribute {
	attributes := consumptionTimesAttributes()
	attributes["org_id"] = schema.StringAttribute{
		Optional: true, Validators: []validator.String{orgIDValidator()},
		MarkdownDescription: "The organization whose consumption is told, such as `org-cool-breeze-12345678`. Defaults to the provider's `org_id`, and with an organization key to that organization.",
	}
	attributes["totals_only"] = schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether to leave `periods` null and tell the totals alone. Defaults to `false`. " +
			"Thousands of projects with a timeframe for each day make a state of many megabytes, and plans that take seconds longer; with this they are small.",
	}
	attributes["metrics"] = schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: metrics}
	return attributes
}

func consumptionProjectIDs(description string) schema.ListAttribute {
	return schema.ListAttribute{
		Optional: true, ElementType: types.StringType, MarkdownDescription: description,
		Validators: []validator.List{listvalidator.ValueStringsAre(projectIDValidator())},
	}
}

func shownConsumptionPeriods() schema.ListNestedAttribute {
	return shownObjects("The billing periods in which something was consumed, oldest first. It is null with `totals_only`.", map[string]schema.Attribute{
		"period_id":    shownString("The id of the billing period. It is null where projects have different ones."),
		"period_plan":  shownString("The plan in the billing period, such as `scale`."),
		"period_start": shownTime("When the billing period began, in RFC 3339."),
		"period_end":   shownTime("When the billing period ended, in RFC 3339. It is null while it runs."),
		"timeframes": shownObjects("The hours, days or months in which something was consumed, oldest first. Those in which nothing was may be missing.", map[string]schema.Attribute{
			"timeframe_start": shownTime("When the timeframe begins, in RFC 3339."),
			"timeframe_end":   shownTime("When the timeframe ends, in RFC 3339."),
			"metrics":         shownMetrics("What was consumed, by metric. The unit is in the metric's name."),
		}),
	})
}

func shownMetrics(description string) schema.MapAttribute {
	return schema.MapAttribute{Computed: true, ElementType: types.Int64Type, MarkdownDescription: description}
}

const totalsOverTime = "A size at a time (`synthetic_storage_size_bytes`, `logical_size_bytes`) is the newest one, as sizes of different times do not add up."

// query is what the arguments mean, with all metrics where none are named. There is
// nothing to ask where the window is empty.
func (m *consumptionInputModel) query(now time.Time, orgID string, allMetrics []string) (q neon.ConsumptionQuery, isEmpty bool, diags diag.Diagnostics) {
	window, diags := m.window(now)
	if diags.HasError() {
		return q, false, diags
	}
	m.show(window)
	q = neon.ConsumptionQuery{OrgID: orgID, Window: window, Metrics: allMetrics}
	if !m.Metrics.IsNull() {
		q.Metrics, _ = knownStrings(false, m.Metrics.Elements())
	}
	return q, window.From.Equal(window.To), diags
}

// periods shows the billing periods, where they are wanted.
func (m *consumptionInputModel) periods(periods []neon.ConsumptionPeriod) []consumptionPeriodModel {
	if m.TotalsOnly.ValueBool() {
		return nil
	}
	models := make([]consumptionPeriodModel, len(periods))
	for i, p := range periods {
		models[i] = consumptionPeriodModel{
			PeriodID: stringOrNull(p.ID), PeriodPlan: types.StringValue(p.Plan),
			PeriodStart: rfc3339(p.Start), PeriodEnd: rfc3339OrNull(p.End),
			Timeframes: make([]consumptionTimeframeModel, len(p.Timeframes)),
		}
		for j, t := range p.Timeframes {
			models[i].Timeframes[j] = consumptionTimeframeModel{TimeframeStart: rfc3339(t.Start), TimeframeEnd: rfc3339(t.End), Metrics: int64s(t.Metrics)}
		}
	}
	return models
}

func int64s(numbers map[string]int64) map[string]types.Int64 {
	values := make(map[string]types.Int64, len(numbers))
	for name, n := range numbers {
		values[name] = types.Int64Value(n)
	}
	return values
}

// knownStrings gives the strings of a list or set, unless one of them is not known yet.
func knownStrings(isUnknown bool, elements []attr.Value) (values []string, isKnown bool) {
	values = make([]string, 0, len(elements))
	for _, element := range elements {
		s, ok := element.(types.String)
		if !ok || isUnset(s) {
			return nil, false
		}
		values = append(values, s.ValueString())
	}
	return values, !isUnknown
}

// namedProjects are those that the list names, or nil where it is left out.
func namedProjects(list types.List) []string {
	if list.IsNull() {
		return nil
	}
	ids, _ := knownStrings(false, list.Elements())
	return ids
}
