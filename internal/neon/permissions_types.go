package neon

import "time"

// ProjectPermission is a guest of a project: somebody it is shared with who need
// not be a member of its organization.
type ProjectPermission struct {
	ID             string     `json:"id" neon:"filled,key,is=path.permission_id"`
	GrantedToEmail string     `json:"granted_to_email" neon:"filled,is=body.email,anycase"`
	GrantedAt      time.Time  `json:"granted_at" neon:"required"`
	RevokedAt      *time.Time `json:"revoked_at,omitempty"`
}

// ProjectPermissions is the answer of GET /projects/{project_id}/permissions.
type ProjectPermissions struct {
	ProjectPermissions []ProjectPermission `json:"project_permissions" neon:"required"`
}

// GrantPermission is the body of POST /projects/{project_id}/permissions.
type GrantPermission struct {
	Email string `json:"email"` // 1 to 256 characters
}
