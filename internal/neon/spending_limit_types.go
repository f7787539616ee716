package neon

// SpendingLimit is the answer of GET and PUT
// /organizations/{org_id}/billing/spending_limit.
type SpendingLimit struct {
	SpendingLimitCents *int64 `json:"spending_limit_cents"` // US cents a month; nil for no limit
}

// SpendingLimitUpdate is the body of PUT /organizations/{org_id}/billing/spending_limit.
type SpendingLimitUpdate struct {
	SpendingLimitCents int64 `json:"spending_limit_cents"` // US cents a month, at least 1
}
