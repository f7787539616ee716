package emulator

import (
	"math"
	"net/http"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func spendingLimitRoutes() []route {
	const pattern = "/organizations/{org_id}/billing/spending_limit"
	return []route{
		{method: http.MethodGet, pattern: pattern, keys: noScopedKey, handle: getSpendingLimit},
		{
			method: http.MethodPut, pattern: pattern, keys: noScopedKey, handle: setSpendingLimit,
			body: object{required: []string{"spending_limit_cents"}, fields: map[string]shape{"spending_limit_cents": integer{min: 1, max: math.MaxInt64}}},
		},
		{method: http.MethodDelete, pattern: pattern, keys: noScopedKey, handle: clearSpendingLimit},
	}
}

// requireSpendingLimits refuses for plans that have no spending limit.
func (o *Organization) requireSpendingLimits() error {
	if !mustPlan(o.Plan).spendingLimits {
		return forbidden("spending limits are available on the Launch and Scale plans only")
	}
	return nil
}

func getSpendingLimit(x *exchange) (reply, error) {
	org, err := x.organization(x.params["org_id"])
	if err != nil {
		return reply{}, err
	}
	if err := org.requireSpendingLimits(); err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, neon.SpendingLimit{SpendingLimitCents: org.SpendingLimitCents})
}

// limitedOrganization is the organization of the path, for callers who may change
// its spending limit.
func (x *exchange) limitedOrganization() (*Organization, error) {
	org, err := x.organizationToManage(x.params["org_id"], "change its spending limit")
	if err != nil {
		return nil, err
	}
	if err := org.requireSpendingLimits(); err != nil {
		return nil, err
	}
	return org, nil
}

func setSpendingLimit(x *exchange) (reply, error) {
	org, err := x.limitedOrganization()
	if err != nil {
		return reply{}, err
	}
	request, err := decode[neon.SpendingLimitUpdate](x)
	if err != nil {
		return reply{}, err
	}
	org.SpendingLimitCents = &request.SpendingLimitCents
	return ok(http.StatusOK, neon.SpendingLimit{SpendingLimitCents: org.SpendingLimitCents})
}

func clearSpendingLimit(x *exchange) (reply, error) {
	org, err := x.limitedOrganization()
	if err != nil {
		return reply{}, err
	}
	org.SpendingLimitCents = nil
	return ok(http.StatusOK, struct{}{})
}
