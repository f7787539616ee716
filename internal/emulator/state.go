package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Seed is a world as plain data: what the emulator starts with. Most fields may
// be left out; README.md says what they then become.
type Seed struct {
	Users         []User         `json:"users"`
	Organizations []Organization `json:"organizations"`
	Projects      []Project      `json:"projects"`
	// ClaimedProjectStatus is what a former owner gets for a project that was
	// claimed or moved away: 404 (the default) or 403.
	ClaimedProjectStatus int `json:"claimed_project_status,omitempty"`
	// HideAcceptedInvitations leaves invitations that were accepted out of lists,
	// which otherwise show them.
	HideAcceptedInvitations bool `json:"hide_accepted_invitations,omitempty"`
	// ClockAdvance is how far the emulator's time is ahead, such as "24h0m0s".
	ClockAdvance Duration `json:"clock_advance,omitzero"`
	// RandomState lets a restored world go on with the sequence of ids it had.
	RandomState []byte `json:"random_state,omitempty"`
	// LastKeyID and LastDatabaseID keep a restored world from giving an id twice.
	LastKeyID      int64 `json:"last_key_id,omitempty"`
	LastDatabaseID int64 `json:"last_database_id,omitempty"`
}

// Snapshot is the whole world as plain data. It is a Seed with nothing left to
// be filled in, so it can be restored as it is.
type Snapshot = Seed

// User is a person with a Neon account.
type User struct {
	ID       string `json:"id,omitempty"` // a UUID
	Email    string `json:"email"`
	Name     string `json:"name,omitempty"`
	LastName string `json:"last_name,omitempty"`
	// Plan and ProjectsLimit are those of the personal account.
	Plan          string    `json:"plan,omitempty"`
	ProjectsLimit *int64    `json:"projects_limit,omitempty"`
	Keys          []*Key    `json:"keys,omitempty"`
	CreatedAt     time.Time `json:"created_at,omitzero"`
	HasMFA        bool      `json:"has_mfa,omitempty"`
	// DeactivatedAt is when the account was deactivated; nil for an active one.
	DeactivatedAt *time.Time `json:"deactivated_at,omitempty"`
}

// Organization is a Neon organization.
type Organization struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Handle    string    `json:"handle,omitempty"`
	Plan      string    `json:"plan"`
	ManagedBy string    `json:"managed_by,omitempty"` // "console" or "vercel"
	Members   []*Member `json:"members,omitempty"`
	// Invitations are all that were ever sent, oldest first.
	Invitations []*Invitation `json:"invitations,omitempty"`
	// Roles are those that members may have; all when empty.
	Roles []string `json:"roles,omitempty"`
	Keys  []*Key   `json:"keys,omitempty"`
	// ProjectsLimit is how many projects the organization may have; the plan's number when nil.
	ProjectsLimit *int64 `json:"projects_limit,omitempty"`
	// Regions are the ids of the regions the organization may use; all when empty.
	Regions                 []string  `json:"regions,omitempty"`
	TransferRequestsEnabled *bool     `json:"transfer_requests_enabled,omitempty"` // true when nil
	SpendingLimitCents      *int64    `json:"spending_limit_cents,omitempty"`
	RequireMFA              *bool     `json:"require_mfa,omitempty"`
	AllowHipaaProjects      *bool     `json:"allow_hipaa_projects,omitempty"`
	CreatedAt               time.Time `json:"created_at,omitzero"`
	UpdatedAt               time.Time `json:"updated_at,omitzero"`
}

// Member is a user's seat in an organization.
type Member struct {
	ID       string    `json:"id,omitempty"` // a UUID, not the user's
	UserID   string    `json:"user_id,omitempty"`
	Email    string    `json:"email"`
	Role     string    `json:"role"`
	JoinedAt time.Time `json:"joined_at,omitzero"`
}

// Invitation is an invitation to an organization.
type Invitation struct {
	ID        string    `json:"id,omitempty"` // a UUID
	Email     string    `json:"email"`
	Role      string    `json:"role,omitempty"`       // member when empty
	InvitedBy string    `json:"invited_by,omitempty"` // a user's id
	InvitedAt time.Time `json:"invited_at,omitzero"`
	// AcceptedAt is when the person joined; nil while the invitation is pending.
	AcceptedAt *time.Time `json:"accepted_at,omitempty"`
}

// Key is an API key. In a seed it may be written as the bare string.
type Key struct {
	Secret string `json:"key"`
	ID     int64  `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	// ProjectID confines an organization's key to one project.
	ProjectID    string     `json:"project_id,omitempty"`
	CreatedAt    time.Time  `json:"created_at,omitzero"`
	CreatedBy    string     `json:"created_by,omitempty"` // a user's id
	LastUsedAt   *time.Time `json:"last_used_at,omitempty"`
	LastUsedFrom string     `json:"last_used_from_addr,omitempty"`
}

// Project is a project with everything that hangs on it, deleted ones included.
type Project struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	OrgID string `json:"org_id,omitempty"`
	// OwnerID is the organization's id, or the user's for a personal project.
	OwnerID string `json:"owner_id,omitempty"`
	// OwnerEmail names the owner of a personal project in a seed.
	OwnerEmail string `json:"owner_email,omitempty"`
	// Count makes so many projects of one entry; "%d" in Name and ID is the number.
	Count                   int                           `json:"count,omitempty"`
	RegionID                string                        `json:"region_id,omitempty"`
	PgVersion               int64                         `json:"pg_version,omitempty"`
	Integration             string                        `json:"integration,omitempty"` // "vercel" or "github"
	StorePasswords          *bool                         `json:"store_passwords,omitempty"`
	HistoryRetentionSeconds *int64                        `json:"history_retention_seconds,omitempty"` // seconds
	Settings                *neon.ProjectSettings         `json:"settings,omitempty"`
	DefaultEndpointSettings *neon.DefaultEndpointSettings `json:"default_endpoint_settings,omitempty"`
	HipaaEnabledAt          *time.Time                    `json:"hipaa_enabled_at,omitempty"`
	// Consumption changes how much the project consumes; nil is as usual.
	Consumption      *Consumption       `json:"consumption,omitempty"`
	CreatedAt        time.Time          `json:"created_at,omitzero"`
	UpdatedAt        time.Time          `json:"updated_at,omitzero"`
	DeletedAt        *time.Time         `json:"deleted_at,omitempty"`
	Permissions      []*Permission      `json:"permissions,omitempty"`
	TransferRequests []*TransferRequest `json:"transfer_requests,omitempty"`
	// FormerOwners are the accounts that the project was claimed or moved away from.
	FormerOwners []string  `json:"former_owners,omitempty"`
	Branches     []*Branch `json:"branches,omitempty"`
	// FormerBranches are those that were deleted or expired: what they consumed stays.
	FormerBranches []FormerBranch `json:"former_branches,omitempty"`
	Operations     []*Operation   `json:"operations,omitempty"` // oldest first
}

// Consumption is how much more than usual a project consumes.
type Consumption struct {
	// Factor is 1 for as much as usual, 0 for a project that nobody uses; up to 1000.
	Factor int64 `json:"factor"`
}

func (c *Consumption) factor() int64 {
	if c == nil {
		return 1
	}
	return c.Factor
}

// FormerBranch is what is left of a branch.
type FormerBranch struct {
	ID        string    `json:"id"`
	ParentID  string    `json:"parent_id,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	EndedAt   time.Time `json:"ended_at"`
}

// Permission shares a project with somebody outside its organization.
type Permission struct {
	ID        string    `json:"id,omitempty"` // a UUID
	Email     string    `json:"email"`
	GrantedAt time.Time `json:"granted_at,omitzero"`
}

// TransferRequest is an offer to hand a project over.
type TransferRequest struct {
	neon.TransferRequest
	UsedAt *time.Time `json:"used_at,omitempty"`
}

// Branch is a branch with what is in it.
type Branch struct {
	neon.Branch
	// ReadyAt is when the branch leaves its pending state.
	ReadyAt             time.Time         `json:"ready_at,omitzero"`
	Annotations         map[string]string `json:"annotations,omitempty"`
	AnnotationUpdatedAt time.Time         `json:"annotation_updated_at,omitzero"`
	Roles               []*neon.Role      `json:"roles,omitempty"`
	Databases           []*neon.Database  `json:"databases,omitempty"`
	Endpoints           []*Endpoint       `json:"endpoints,omitempty"`
}

// Endpoint is a compute endpoint.
type Endpoint struct {
	neon.Endpoint
	// SettledAt is when the endpoint leaves its pending state.
	SettledAt time.Time `json:"settled_at,omitzero"`
}

// Operation is work that runs from StartsAt to EndsAt by the emulator's clock.
type Operation struct {
	neon.Operation
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at"`
}

// Duration is a time.Duration written as text, such as "30s" or "24h".
type Duration time.Duration

// MarshalText writes the duration.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads a duration; an error says how one is written.
func (d *Duration) UnmarshalText(data []byte) error {
	parsed, err := time.ParseDuration(string(data))
	*d = Duration(parsed)
	return err
}

// UnmarshalJSON reads a key: the bare string, or an object.
func (k *Key) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &k.Secret)
	}
	type plain Key
	return decodeStrictly(data, (*plain)(k))
}

// decodeStrictly refuses fields that v doesn't have, and names them.
func decodeStrictly(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON document")
	}
	return nil
}
