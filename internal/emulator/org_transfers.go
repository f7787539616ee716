package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func orgTransferRoutes() []route {
	return []route{
		{method: http.MethodPost, pattern: "/organizations/{source_org_id}/projects/transfer", keys: personalOnly, body: transferShape, handle: transferFromOrganization},
		{method: http.MethodPost, pattern: "/users/me/projects/transfer", keys: personalOnly, body: transferShape, handle: transferFromUser},
	}
}

var transferShape = object{
	required: []string{"destination_org_id", "project_ids"},
	fields: map[string]shape{
		"destination_org_id": idShape,
		"project_ids":        array{of: idShape, min: 1, max: 400},
	},
}

func transferFromOrganization(x *exchange) (reply, error) {
	source, err := x.organizationToManage(x.params["source_org_id"], "transfer its projects")
	if err != nil {
		return reply{}, err
	}
	if source.managedByVercel() {
		return reply{}, badRequest("organization %s is managed by Vercel: its projects can't be transferred", source.ID)
	}
	return x.transfer(account{org: source})
}

// transferFromUser is deprecated by Neon and still works here.
func transferFromUser(x *exchange) (reply, error) { return x.transfer(x.caller.account()) }

// transfer moves all the projects that the request names, or none.
func (x *exchange) transfer(source account) (reply, error) {
	request, err := decode[neon.TransferProjects](x)
	if err != nil {
		return reply{}, err
	}
	org, err := x.organization(request.DestinationOrgID)
	if err != nil {
		return reply{}, err
	}
	destination := account{org: org}
	switch {
	case org == source.org:
		return reply{}, badRequest("destination_org_id is the organization that the projects are in")
	case x.caller.levelIn(org) < writing:
		return reply{}, forbidden("projects can only be transferred to organization %s by its members who may create projects", org.ID)
	case org.managedByVercel():
		return reply{}, badRequest("organization %s is managed by Vercel and can't receive projects", org.ID)
	}
	var projects []*Project
	for _, id := range slices.Compact(slices.Sorted(slices.Values(request.ProjectIDs))) {
		p := x.w.project(id)
		if p == nil || p.DeletedAt != nil || p.OwnerID != source.id() {
			return reply{}, projectNotFound()
		}
		projects = append(projects, p)
	}
	if integrated := withIntegration(projects); len(integrated) > 0 {
		return reply{}, &apiError{status: http.StatusUnprocessableEntity, body: neon.IntegrationsBody{Projects: integrated}}
	}
	if limits := x.w.limitsAgainst(projects, source, destination); len(limits) > 0 {
		return reply{}, &apiError{status: http.StatusNotAcceptable, body: neon.LimitsBody{Limits: limits}}
	}
	for _, p := range projects {
		x.w.changeOwner(p, destination)
	}
	return ok(http.StatusOK, struct{}{})
}

func withIntegration(projects []*Project) []neon.ProjectIntegration {
	var found []neon.ProjectIntegration
	for _, p := range projects {
		if p.Integration != "" {
			found = append(found, neon.ProjectIntegration{ID: p.ID, Integration: p.Integration})
		}
	}
	return found
}

// limitsAgainst says which rules a transfer would break: the number of
// projects, the plans (to the same tier or a lower one), the regions.
func (w *world) limitsAgainst(projects []*Project, source, destination account) []neon.Limit {
	var limits []neon.Limit
	allowed := destination.projectsLimit()
	if would := w.projectCount(destination) + int64(len(projects)); would > allowed {
		limits = append(limits, neon.Limit{Name: "projects_count", Expected: strconv.FormatInt(allowed, 10), Actual: strconv.FormatInt(would, 10)})
	}
	if from, to := source.plan(), destination.plan(); from.tier < to.tier {
		limits = append(limits, neon.Limit{Name: "subscription_type", Expected: to.name, Actual: from.name})
	}
	for _, p := range projects {
		if !destination.hasRegion(p.RegionID) {
			limits = append(limits, neon.Limit{Name: "project_region", Expected: strings.Join(destination.org.Regions, ","), Actual: p.RegionID})
			break
		}
	}
	return limits
}
