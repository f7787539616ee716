package neon

import "time"

// Organization is a Neon organization. Neon has no call that makes or deletes one.
type Organization struct {
	ID                 string    `json:"id" neon:"filled,key,is=path.org_id"`
	Name               string    `json:"name" neon:"filled"`
	Handle             string    `json:"handle" neon:"required"`
	Plan               string    `json:"plan" neon:"required"`
	CreatedAt          time.Time `json:"created_at" neon:"required"`
	ManagedBy          string    `json:"managed_by" neon:"required"`
	UpdatedAt          time.Time `json:"updated_at" neon:"required"`
	AllowHipaaProjects *bool     `json:"allow_hipaa_projects,omitempty"`
	RequireMFA         *bool     `json:"require_mfa,omitempty"`
}

// OrganizationsList is the answer of GET /users/me/organizations.
type OrganizationsList struct {
	Organizations []Organization `json:"organizations" neon:"required"`
}
