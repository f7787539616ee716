package provider

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// consumptionFailure describes whose consumption could not be told.
type consumptionFailure struct {
	own   types.String // the data source's org_id
	orgID string       // the organization that was meant
	times consumptionTimesModel
}

func (f consumptionFailure) diagnostics(err error) diag.Diagnostics {
	if metrics, ok := errors.AsType[*neon.MetricsError](err); ok {
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("metrics"), "Metrics not possible", explainMetrics(metrics))}
	}
	if window, ok := errors.AsType[*neon.WindowError](err); ok {
		return f.explainWindow(window)
	}
	out := failure{summary: "Consumption not read"}
	if plan, ok := errors.AsType[*neon.ConsumptionPlanError](err); ok {
		out.summary = "Plan without consumption history"
		out.advice = fmt.Sprintf("Neon keeps no such consumption history of organization %s, or does not show it: its documentation names the plans %s. "+
			"Compare with the plan that the data source neon_organization shows. Projects of any plan have the counters of their billing period, which the data source neon_billing_period_consumption reads.",
			f.orgID, strings.Join(plan.Plans, ", "))
		return out.diagnostics(plan.Err)
	}
	if neon.IsNotFound(err) {
		out = out.blamingOrganization(f.orgID, f.own, path.Root("org_id"))
	}
	return out.diagnostics(err)
}

func explainMetrics(e *neon.MetricsError) string {
	known := strings.Join(e.Known, ", ")
	switch {
	case e.Metric == "":
		return "The set is empty. Leave it out for all metrics, or name some of " + known + "."
	case e.With != "":
		return fmt.Sprintf("%s and %s can't be told together, as Neon has them at different addresses. With %s go %s. Use two data sources.", e.With, e.Metric, e.With, known)
	default:
		return fmt.Sprintf("There is no metric %s here. There are %s.", quote(e.Metric), known)
	}
}

// explainWindow blames the attribute that the time comes from.
func (f consumptionFailure) explainWindow(e *neon.WindowError) diag.Diagnostics {
	bound := e.Bound
	if !f.times.Period.IsNull() {
		bound = "period"
	}
	from, to := e.Window.From.Format(time.RFC3339), e.Window.To.Format(time.RFC3339)
	const limits = "Neon tells the last 168 hours by granularity hourly, the last 60 days by daily and the last year by monthly, and nothing from before March 2024."
	switch {
	case e.Err != nil:
		out := failure{summary: "Times not accepted", advice: fmt.Sprintf("Neon does not tell %s consumption from %s to %s. %s", e.Window.Granularity, from, to, limits)}
		if bound != "" {
			out.at = path.Root(bound)
		}
		return out.diagnostics(e.Err)
	case !e.Earliest.IsZero():
		return windowProblem(bound, fmt.Sprintf("from is %s, and %s consumption goes back to %s at present. %s Choose a later time or a coarser granularity.",
			from, e.Window.Granularity, e.Earliest.Format(time.RFC3339), limits))
	case e.Bound == "from":
		return windowProblem(bound, fmt.Sprintf("from is %s, which is in the future. Choose a time that has passed.", from))
	default:
		return windowProblem(bound, fmt.Sprintf("There is nothing from %s to %s, as both are rounded down by granularity %s. Let to be later, or choose a finer granularity.", from, to, e.Window.Granularity))
	}
}

func windowProblem(bound, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root(bound), "Times without consumption history", detail)}
}
