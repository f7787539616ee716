package neon

// SpendingLimit is the answer of GET and PUT
// /organizations/{org_id}/billing/spending_limit.
type SpendingLimit struct {
	// SpendingLimitCents are US cents a month; nil is no limit.
	SpendingLimitCents *int64 `json:"spending_limit_cents" neon:"required,nullable,is=body.spending_limit_cents"`
}

// SpendingLimitUpdate is the body of PUT /organizations/{org_id}/billing/spending_limit.
type SpendingLimitUpdate struct {
	SpendingLimitCents int64 `json:"spending_limit_cents"` // US cents a month, at least 1
}
