package emulator

import (
	"net/http"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func organizationRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/organizations/{org_id}", keys: noScopedKey, handle: getOrganization},
	}
}

func (o *Organization) wire() neon.Organization {
	return neon.Organization{
		ID: o.ID, Name: o.Name, Handle: o.Handle, Plan: o.Plan, ManagedBy: o.ManagedBy,
		CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt,
		RequireMFA: o.RequireMFA, AllowHipaaProjects: o.AllowHipaaProjects,
	}
}

func getOrganization(x *exchange) (reply, error) {
	org, err := x.organization(x.params["org_id"])
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, org.wire())
}

// listMyOrganizations is GET /users/me/organizations. An organization's key,
// a scoped one too, sees that one organization.
func listMyOrganizations(x *exchange) (reply, error) {
	list := neon.OrganizationsList{Organizations: []neon.Organization{}}
	for _, org := range x.w.orgs {
		if x.caller.levelIn(org) > nothing {
			list.Organizations = append(list.Organizations, org.wire())
		}
	}
	return ok(http.StatusOK, list)
}
