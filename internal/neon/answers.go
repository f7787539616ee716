package neon

import (
	"fmt"
	"reflect"
)

// answers are the calls that the client makes, and what Neon answers them with; nil
// is no body, with status 204. A call that is not here is not made.
var answers = map[string]reflect.Type{
	"GET /auth":                   reflect.TypeFor[AuthDetails](),
	"GET /users/me":               reflect.TypeFor[CurrentUser](),
	"GET /users/me/organizations": reflect.TypeFor[OrganizationsList](),

	"GET /projects":                        reflect.TypeFor[ProjectsPage](),
	"POST /projects":                       reflect.TypeFor[CreatedProject](),
	"GET /projects/{project_id}":           reflect.TypeFor[ProjectEnvelope](),
	"PATCH /projects/{project_id}":         reflect.TypeFor[UpdatedProject](),
	"DELETE /projects/{project_id}":        reflect.TypeFor[ProjectEnvelope](),
	"POST /projects/{project_id}/recover":  reflect.TypeFor[RecoveredProject](),
	"GET /projects/{project_id}/branches":  reflect.TypeFor[BranchesPage](),
	"GET /projects/{project_id}/endpoints": reflect.TypeFor[EndpointsList](),

	"GET /projects/{project_id}/operations":                     reflect.TypeFor[OperationsPage](),
	"GET /projects/{project_id}/connection_uri":                 reflect.TypeFor[ConnectionURI](),
	"GET /projects/{project_id}/permissions":                    reflect.TypeFor[ProjectPermissions](),
	"POST /projects/{project_id}/permissions":                   reflect.TypeFor[ProjectPermission](),
	"DELETE /projects/{project_id}/permissions/{permission_id}": reflect.TypeFor[ProjectPermission](),

	"POST /projects/{project_id}/transfer_requests":             reflect.TypeFor[TransferRequest](),
	"PUT /projects/{project_id}/transfer_requests/{request_id}": nil,
	"POST /organizations/{source_org_id}/projects/transfer":     reflect.TypeFor[struct{}](),
	"POST /users/me/projects/transfer":                          reflect.TypeFor[struct{}](),

	"GET /organizations/{org_id}":                           reflect.TypeFor[Organization](),
	"GET /organizations/{org_id}/api_keys":                  reflect.TypeFor[[]APIKey](),
	"POST /organizations/{org_id}/api_keys":                 reflect.TypeFor[CreatedAPIKey](),
	"DELETE /organizations/{org_id}/api_keys/{key_id}":      reflect.TypeFor[RevokedAPIKey](),
	"GET /organizations/{org_id}/members":                   reflect.TypeFor[MembersPage](),
	"GET /organizations/{org_id}/members/{member_id}":       reflect.TypeFor[Member](),
	"PATCH /organizations/{org_id}/members/{member_id}":     reflect.TypeFor[Member](),
	"DELETE /organizations/{org_id}/members/{member_id}":    reflect.TypeFor[struct{}](),
	"GET /organizations/{org_id}/invitations":               reflect.TypeFor[InvitationsList](),
	"POST /organizations/{org_id}/invitations":              reflect.TypeFor[InvitationsList](),
	"GET /organizations/{org_id}/billing/spending_limit":    reflect.TypeFor[SpendingLimit](),
	"PUT /organizations/{org_id}/billing/spending_limit":    reflect.TypeFor[SpendingLimit](),
	"DELETE /organizations/{org_id}/billing/spending_limit": reflect.TypeFor[struct{}](),

	"GET /consumption_history/v2/projects": reflect.TypeFor[ConsumptionHistoryPerProjectV2Response](),
	"GET /consumption_history/v2/branches": reflect.TypeFor[ConsumptionHistoryPerBranchV2Response](),
	"GET /consumption_history/projects":    reflect.TypeFor[ConsumptionHistoryPerProjectResponse](),
	"GET /consumption_history/account":     reflect.TypeFor[ConsumptionHistoryPerAccountResponse](),
}

// newCall finds what the answer to a request must be. Out, unless nil, points to
// what the answer is to be read into.
func newCall(r request, out any) (*call, error) {
	name := r.method + " " + r.route
	answer, isKnown := answers[name]
	if !isKnown {
		return nil, fmt.Errorf("neon: %s is not among the answers that the client can check", name)
	}
	if out != nil && (answer == nil || reflect.TypeOf(out) != reflect.PointerTo(answer)) {
		return nil, fmt.Errorf("neon: the answer of %s is a %v, and can't be read into a %T", name, answer, out)
	}
	return &call{request: r, answer: answer}, nil
}
