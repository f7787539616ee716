package neon

import "time"

// TransferRequest is an offer to hand a project over. Its ID is a secret:
// whoever knows it can take the project. Neon gives it back only once.
type TransferRequest struct {
	ID        string    `json:"id" neon:"filled"`
	ProjectID string    `json:"project_id" neon:"filled,is=path.project_id"`
	CreatedAt time.Time `json:"created_at" neon:"required"`
	ExpiresAt time.Time `json:"expires_at" neon:"required"`
}

// TransferRequestCreate is the body of POST /projects/{project_id}/transfer_requests.
type TransferRequestCreate struct {
	TTLSeconds *int64 `json:"ttl_seconds,omitempty"` // seconds; Neon's default is 86400
}

// TransferRequestAccept is the body of PUT /projects/{project_id}/transfer_requests/{request_id}.
type TransferRequestAccept struct {
	// OrgID receives the project; nil is the caller's own account.
	OrgID *string `json:"org_id,omitempty"`
}

// TransferProjects is the body of both transfers to an organization.
type TransferProjects struct {
	DestinationOrgID string   `json:"destination_org_id"`
	ProjectIDs       []string `json:"project_ids"` // 1 to 400
}
