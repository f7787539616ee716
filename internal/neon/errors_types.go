package neon

// ErrorBody is Neon's ordinary error answer.
type ErrorBody struct {
	RequestID string `json:"request_id,omitempty"`
	Code      string `json:"code"` // often ""
	Message   string `json:"message"`
}

// Limit is a rule that a transfer to an organization would break. Name is
// projects_count, subscription_type or project_region; the values are strings.
type Limit struct {
	Name     string `json:"name"`
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
}

// LimitsBody is the 406 answer of both transfers to an organization.
type LimitsBody struct {
	Limits []Limit `json:"limits"`
}

// ProjectIntegration is a project that can't move while it has an integration.
type ProjectIntegration struct {
	ID          string `json:"id"`
	Integration string `json:"integration"` // vercel or github
}

// IntegrationsBody is the 422 answer of both transfers to an organization.
type IntegrationsBody struct {
	Projects []ProjectIntegration `json:"projects"`
}

// Reason is why the receiver's plan can't take a claimed project.
type Reason struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ReasonsBody is the 406 answer of accepting a transfer request.
type ReasonsBody struct {
	Reasons []Reason `json:"reasons"`
}
