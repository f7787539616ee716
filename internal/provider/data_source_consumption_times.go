package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// consumptionTimesModel is of which time consumption is told, and how finely.
type consumptionTimesModel struct {
	Granularity types.String `tfsdk:"granularity"`
	Period      types.String `tfsdk:"period"`
	From        types.String `tfsdk:"from"`
	To          types.String `tfsdk:"to"`
}

func consumptionTimesAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"granularity": schema.StringAttribute{
			Optional: true, Computed: true,
			Validators: []validator.String{stringvalidator.OneOf(string(neon.Hourly), string(neon.Daily), string(neon.Monthly))},
			MarkdownDescription: "How long the timeframes are: `hourly`, `daily` or `monthly`, in UTC. Neon goes back 168 hours, 60 days or a year, and never before March 2024. " +
				"Defaults to what suits the `period`, and to `daily` where `from` and `to` are given.",
		},
		"period": schema.StringAttribute{
			Optional: true, Validators: []validator.String{consumptionPeriodValidator()},
			MarkdownDescription: "A span of time up to now, instead of `from` and `to`. It consists of whole timeframes, so that it is the same until the next hour, day or month begins:\n" +
				"  - `1h` to `168h`: the last hours, up to the full hour (`hourly`)\n" +
				"  - `1d` to `60d`: the last days, up to midnight UTC (`daily`); up to `7d` also `hourly`, and then up to the full hour\n" +
				"  - `1mo` to `12mo`: the last calendar months (`monthly`)\n" +
				"  - `today`: since midnight UTC, up to the full hour (`hourly`)\n" +
				"  - `yesterday`: the day before (`daily` or `hourly`)\n" +
				"  - `this_month`: since the first of the month, up to midnight UTC (`daily`)\n" +
				"  - `last_month`: the calendar month before (`monthly`)\n\n" +
				"  In the first hour of the day there is no `today` yet, and on the first of a month no `this_month`: the result is empty then, and its totals are zero. " +
				"Exactly one of `period` and `from` is required.",
		},
		"from": schema.StringAttribute{
			Optional: true, Computed: true, Validators: []validator.String{rfc3339Validator()},
			MarkdownDescription: "The beginning, in RFC 3339, such as `2026-01-31T00:00:00Z`. Neon rounds it down to the granularity. It goes with `to`; with a `period` it shows what that stands for.",
		},
		"to": schema.StringAttribute{
			Optional: true, Computed: true, Validators: []validator.String{rfc3339Validator()},
			MarkdownDescription: "The end, in RFC 3339, such as `2026-02-28T00:00:00Z`. Neon rounds it down to the granularity, so that a timeframe it lies in is not part of the result. " +
				"A time in the future brings the running timeframe as far as it has got, which changes from plan to plan. It goes with `from`; with a `period` it shows what that stands for.",
		},
	}
}

// isKnown tells whether the times can be told yet.
func (m *consumptionTimesModel) isKnown() bool {
	return !m.Granularity.IsUnknown() && !m.Period.IsUnknown() && !m.From.IsUnknown() && !m.To.IsUnknown()
}

// window is what the times are for Neon. It may be empty where it comes from a
// period. A zero now is one that is not known: a period then gives no times. What
// is not well formed has met its validator, and is no window here.
func (m *consumptionTimesModel) window(now time.Time) (neon.Window, diag.Diagnostics) {
	if m.Period.IsNull() {
		return m.givenWindow(now)
	}
	period, malformed := parseConsumptionPeriod(m.Period.ValueString())
	if malformed != nil {
		return neon.Window{}, nil
	}
	window := neon.Window{Granularity: period.granularities[0]}
	if !m.Granularity.IsNull() {
		window.Granularity = neon.Granularity(m.Granularity.ValueString())
	}
	if p := period.checkGranularity(m.Period.ValueString(), window.Granularity); p != nil {
		return neon.Window{}, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("granularity"), p.summary, p.detail)}
	}
	if !now.IsZero() {
		window.From, window.To = period.span(window.Granularity, now)
	}
	return window, nil
}

func (m *consumptionTimesModel) givenWindow(now time.Time) (neon.Window, diag.Diagnostics) {
	window := neon.Window{Granularity: neon.Daily}
	if !m.Granularity.IsNull() {
		window.Granularity = neon.Granularity(m.Granularity.ValueString())
	}
	var malformedFrom, malformedTo error
	window.From, malformedFrom = time.Parse(time.RFC3339, m.From.ValueString())
	window.To, malformedTo = time.Parse(time.RFC3339, m.To.ValueString())
	if malformedFrom != nil || malformedTo != nil {
		return neon.Window{}, nil
	}
	if err := window.Check(now); err != nil {
		return neon.Window{}, consumptionFailure{}.diagnostics(err)
	}
	return window, nil
}

// show fills in what was left open.
func (m *consumptionTimesModel) show(window neon.Window) {
	m.Granularity = types.StringValue(string(window.Granularity))
	if !m.Period.IsNull() {
		m.From = types.StringValue(window.From.Format(time.RFC3339))
		m.To = types.StringValue(window.To.Format(time.RFC3339))
	}
}

// now is the client's time, or zero where the provider is not configured yet.
func (w *withConfigured) now() time.Time {
	if w.configured == nil {
		return time.Time{}
	}
	return w.client.Now()
}
