package emulator

import (
	"net/http"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func accountRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/auth", handle: describeAuth},
		{method: http.MethodGet, pattern: "/regions", keys: personalOnly, query: []param{{name: "org_id", shape: idShape}}, handle: listRegions},
		{method: http.MethodGet, pattern: "/users/me", keys: personalOnly, handle: getCurrentUser},
		{method: http.MethodGet, pattern: "/users/me/organizations", handle: listMyOrganizations},
	}
}

func getCurrentUser(x *exchange) (reply, error) {
	u := x.caller.user
	a := account{user: u}
	return ok(http.StatusOK, neon.CurrentUser{
		ID: u.ID, Email: u.Email, Login: u.Email, Name: u.Name, LastName: u.LastName, Plan: u.Plan,
		ProjectsLimit: a.projectsLimit(), BranchesLimit: a.plan().branchesLimit, MaxAutoscalingLimit: a.plan().maxCU,
		AuthAccounts: []neon.AuthAccount{{Email: u.Email, Login: u.Email, Name: u.Name, Provider: "keycloak"}},
	})
}
