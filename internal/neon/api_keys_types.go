package neon

import "time"

// APIKeyFields are what Neon tells of a key besides its secret.
type APIKeyFields struct {
	ID        int64     `json:"id" neon:"filled,key,is=path.key_id"`
	Name      string    `json:"name" neon:"filled,is=body.key_name"`
	CreatedAt time.Time `json:"created_at" neon:"required"`
}

// APIKeyUse tells when and from where a key was used last; nil and empty where it
// never was.
type APIKeyUse struct {
	LastUsedAt       *time.Time `json:"last_used_at"`
	LastUsedFromAddr string     `json:"last_used_from_addr" neon:"required"`
}

// APIKeyCreator is the user who created a key, in lists.
type APIKeyCreator struct {
	ID    string `json:"id" neon:"filled"`
	Name  string `json:"name" neon:"required"`
	Image string `json:"image" neon:"required"`
}

// APIKey is a key in the list of a person's or an organization's keys.
type APIKey struct {
	APIKeyFields
	CreatedBy APIKeyCreator `json:"created_by" neon:"required"`
	APIKeyUse
	// ProjectID confines an organization's key to one project.
	ProjectID string `json:"project_id,omitempty"`
}

// APIKeyCreate is the body of POST /api_keys and POST /organizations/{org_id}/api_keys.
type APIKeyCreate struct {
	KeyName string `json:"key_name"` // up to 64 characters; need not be unique
	// ProjectID confines the key to one project; organization keys only.
	ProjectID string `json:"project_id,omitempty"`
}

// CreatedAPIKey is the answer to the creation of a key, the only one that has the
// secret.
type CreatedAPIKey struct {
	APIKeyFields
	Key       string `json:"key" neon:"filled"`
	CreatedBy string `json:"created_by" neon:"filled"` // a user's id
	ProjectID string `json:"project_id,omitempty" neon:"is=body.project_id"`
}

// RevokedAPIKey is the answer to the revocation of a key.
type RevokedAPIKey struct {
	APIKeyFields
	CreatedBy string `json:"created_by" neon:"filled"` // a user's id
	APIKeyUse
	Revoked   bool   `json:"revoked" neon:"filled"`
	ProjectID string `json:"project_id,omitempty"`
}
