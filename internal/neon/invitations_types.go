package neon

import "time"

// Invitation is an invitation to an organization. Neon tells neither whether it
// was accepted nor whether it expires.
type Invitation struct {
	ID        string    `json:"id" neon:"filled,key"`
	Email     string    `json:"email" neon:"filled,is=body.invitations.email,anycase"`
	OrgID     string    `json:"org_id" neon:"filled,is=path.org_id"`
	InvitedBy string    `json:"invited_by" neon:"required"` // a user's id
	InvitedAt time.Time `json:"invited_at" neon:"required"`
	Role      string    `json:"role" neon:"filled"`
}

// InvitationsList is the answer of GET and POST /organizations/{org_id}/invitations.
type InvitationsList struct {
	Invitations []Invitation `json:"invitations" neon:"required"`
}

// InvitationCreate asks for one invitation.
type InvitationCreate struct {
	Email string `json:"email"`
	Role  string `json:"role"`
}

// InvitationsCreateRequest is the body of POST /organizations/{org_id}/invitations.
type InvitationsCreateRequest struct {
	Invitations []InvitationCreate `json:"invitations"`
}
