package neon

import "time"

// Organization is a Neon organization. Neon has no call that makes or deletes one.
type Organization struct {
	ID                 string    `json:"id"`
	Name               string    `json:"name"`
	Handle             string    `json:"handle"`
	Plan               string    `json:"plan"`
	CreatedAt          time.Time `json:"created_at"`
	ManagedBy          string    `json:"managed_by"`
	UpdatedAt          time.Time `json:"updated_at"`
	AllowHipaaProjects *bool     `json:"allow_hipaa_projects,omitempty"`
	RequireMFA         *bool     `json:"require_mfa,omitempty"`
}

// OrganizationsList is the answer of GET /users/me/organizations.
type OrganizationsList struct {
	Organizations []Organization `json:"organizations"`
}
