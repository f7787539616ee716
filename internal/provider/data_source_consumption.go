package provider

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// consumptionDataSourceBase is what the data sources of consumption history share.
type consumptionDataSourceBase struct {
	dataSourceBase
	// checkMetrics tells why Neon does not have metrics.
	checkMetrics func([]string) error
}

// ConfigValidators implements datasource.DataSourceWithConfigValidators.
func (d *consumptionDataSourceBase) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("period"), path.MatchRoot("from")),
		datasourcevalidator.RequiredTogether(path.MatchRoot("from"), path.MatchRoot("to")),
	}
}

// ValidateConfig implements datasource.DataSourceWithValidateConfig. It checks what
// attributes say together, as far as they are known.
func (d *consumptionDataSourceBase) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var times consumptionTimesModel
	var metrics types.Set
	for name, target := range map[string]any{"granularity": &times.Granularity, "period": &times.Period, "from": &times.From, "to": &times.To, "metrics": &metrics} {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), target)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if times.isKnown() {
		_, wrong := times.window(d.now())
		resp.Diagnostics.Append(wrong...)
	}
	if named, isKnown := knownStrings(metrics.IsUnknown(), metrics.Elements()); isKnown && !metrics.IsNull() {
		if err := d.checkMetrics(named); err != nil {
			resp.Diagnostics.Append(consumptionFailure{}.diagnostics(err)...)
		}
	}
}

// consumptionOrganization is the organization to ask for: the data source's own, the
// provider's, or the one that the key belongs to. Neon wants it named.
func (w *withConfigured) consumptionOrganization(ctx context.Context, own types.String) (string, diag.Diagnostics) {
	if id := w.organization(own); id != "" {
		return id, nil
	}
	owner, err := w.client.KeyOwner(ctx)
	if err != nil {
		return "", failure{summary: "Consumption not read"}.diagnostics(err)
	}
	if owner.AuthMethod == neon.AuthMethodOrgKey {
		return owner.AccountID, nil
	}
	return "", diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("org_id"), "No organization",
		"The API key is a personal one, so that it has to be said which organization's consumption is meant. "+
			"Set org_id here, or org_id of the provider, or NEON_ORG_ID. The data source neon_organizations lists the organizations that the key sees.")}
}

// consumer is a project or branch with its totals.
type consumer struct {
	neon.Consumption
	totals map[string]int64
}

// collectConsumption reads everything, sorts it by id, so that plans don't depend on
// Neon's order, and adds it up.
func collectConsumption(metrics []string, found iter.Seq2[neon.Consumption, error]) (all []consumer, totals map[string]int64, err error) {
	totals, _ = neon.Totals(metrics, nil)
	for c, err := range found {
		if err != nil {
			return nil, nil, err
		}
		own, err := neon.Totals(metrics, c.Periods)
		if err != nil {
			return nil, nil, err
		}
		if err := neon.AddMetrics(totals, own); err != nil {
			return nil, nil, err
		}
		all = append(all, consumer{c, own})
	}
	slices.SortFunc(all, func(a, b consumer) int {
		return cmp.Or(cmp.Compare(a.ProjectID, b.ProjectID), cmp.Compare(a.BranchID, b.BranchID))
	})
	return all, totals, nil
}

type consumptionSeq = iter.Seq2[neon.Consumption, error]

// readConsumers reads what projects or branches have consumed, and their sum. It
// fills in what the arguments left open.
func (d *consumptionDataSourceBase) readConsumers(ctx context.Context, m *consumptionInputModel, projectIDs types.List, allMetrics []string, read func(neon.ConsumptionQuery) consumptionSeq) ([]consumer, map[string]int64, diag.Diagnostics) {
	orgID, diags := d.consumptionOrganization(ctx, m.OrgID)
	if diags.HasError() {
		return nil, nil, diags
	}
	q, isEmpty, diags := m.query(d.now(), orgID, allMetrics)
	if diags.HasError() {
		return nil, nil, diags
	}
	found := consumptionSeq(func(func(neon.Consumption, error) bool) {})
	if !isEmpty {
		q.ProjectIDs = namedProjects(projectIDs)
		found = read(q)
	}
	all, totals, err := collectConsumption(q.Metrics, found)
	if err != nil {
		return nil, nil, consumptionFailure{own: m.OrgID, orgID: orgID, times: m.consumptionTimesModel}.diagnostics(err)
	}
	if isEmpty {
		return all, totals, nil
	}
	return all, totals, warnOfMissingProjects(q.ProjectIDs, all)
}

// warnOfMissingProjects says which of the named projects Neon has told nothing of: a
// budget must not take an id that is misspelt for a project that costs nothing.
func warnOfMissingProjects(named []string, found []consumer) diag.Diagnostics {
	missing := map[string]bool{}
	for _, id := range named {
		missing[id] = true
	}
	for _, c := range found {
		delete(missing, c.ProjectID)
	}
	if len(missing) == 0 {
		return nil
	}
	const most = 20
	ids := slices.Sorted(maps.Keys(missing))
	listed := strings.Join(ids[:min(most, len(ids))], ", ")
	if more := len(ids) - most; more > 0 {
		listed += fmt.Sprintf(" and %d more", more)
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("project_ids"), "No consumption told of some projects",
		fmt.Sprintf("Neon's answer has nothing on %d of the projects in project_ids, so that the result lacks them: %s. "+
			"Neon leaves out projects that are not the organization's or do not exist, and perhaps some that have consumed nothing. Check the ids.", len(ids), listed))}
}
