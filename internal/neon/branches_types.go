package neon

import "time"

// Branch is a branch of a project.
type Branch struct {
	ID                 string             `json:"id" neon:"filled,key"`
	ProjectID          string             `json:"project_id" neon:"filled,is=path.project_id,is=answer.project.id"`
	ParentID           string             `json:"parent_id,omitempty"`
	ParentLSN          string             `json:"parent_lsn,omitempty"`
	ParentTimestamp    *time.Time         `json:"parent_timestamp,omitempty"`
	Name               string             `json:"name" neon:"filled,is=body.project.branch.name"`
	CurrentState       string             `json:"current_state" neon:"required"`
	PendingState       string             `json:"pending_state,omitempty"`
	StateChangedAt     time.Time          `json:"state_changed_at" neon:"required"`
	LogicalSize        *int64             `json:"logical_size,omitempty"` // bytes
	CreationSource     string             `json:"creation_source" neon:"required"`
	Primary            bool               `json:"primary"` // deprecated by Neon, equals Default
	Default            bool               `json:"default" neon:"required"`
	Protected          bool               `json:"protected" neon:"required"`
	CPUUsedSec         int64              `json:"cpu_used_sec"`
	ComputeTimeSeconds int64              `json:"compute_time_seconds" neon:"required"`
	ActiveTimeSeconds  int64              `json:"active_time_seconds" neon:"required"`
	WrittenDataBytes   int64              `json:"written_data_bytes" neon:"required"`
	DataTransferBytes  int64              `json:"data_transfer_bytes" neon:"required"`
	CreatedAt          time.Time          `json:"created_at" neon:"required"`
	UpdatedAt          time.Time          `json:"updated_at" neon:"required"`
	TTLIntervalSeconds *int64             `json:"ttl_interval_seconds,omitempty"`
	ExpiresAt          *time.Time         `json:"expires_at,omitempty"`
	LastResetAt        *time.Time         `json:"last_reset_at,omitempty"`
	CreatedBy          *BranchCreator     `json:"created_by,omitempty"`
	InitSource         string             `json:"init_source,omitempty"`
	RestoreStatus      string             `json:"restore_status,omitempty"`
	RestoredFrom       string             `json:"restored_from,omitempty"`
	RestoredAs         string             `json:"restored_as,omitempty"`
	RestrictedActions  []RestrictedAction `json:"restricted_actions,omitempty"`
	Recovery           *BranchRecovery    `json:"recovery,omitempty"`
}

// BranchCreator says who made a branch.
type BranchCreator struct {
	Name  string `json:"name,omitempty"`
	Image string `json:"image,omitempty"`
}

// RestrictedAction is something that can't be done with a branch, and why.
type RestrictedAction struct {
	Name   string `json:"name" neon:"required"`
	Reason string `json:"reason" neon:"required"`
}

// BranchRecovery says until when a deleted branch can be brought back.
type BranchRecovery struct {
	DeletedAt        time.Time `json:"deleted_at" neon:"required"`
	RecoverableUntil time.Time `json:"recoverable_until" neon:"required"`
	DeletionMethod   string    `json:"deletion_method" neon:"required"` // user or ttl
}

// BranchesPage is one page of GET /projects/{project_id}/branches.
type BranchesPage struct {
	Branches    []Branch              `json:"branches" neon:"required"`
	Annotations map[string]Annotation `json:"annotations" neon:"required"` // by branch id
	Pagination  *CursorPagination     `json:"pagination,omitempty"`
}

// Annotation is a free string map kept with an object.
type Annotation struct {
	Object    AnnotationObject  `json:"object" neon:"required"`
	Value     map[string]string `json:"value" neon:"required"`
	CreatedAt *time.Time        `json:"created_at,omitempty"`
	UpdatedAt *time.Time        `json:"updated_at,omitempty"`
}

// AnnotationObject names what an annotation belongs to.
type AnnotationObject struct {
	Type string `json:"type" neon:"required"`
	ID   string `json:"id" neon:"filled"`
}

// Endpoint is a compute endpoint of a branch.
type Endpoint struct {
	ID                    string           `json:"id" neon:"filled,key"`
	Host                  string           `json:"host" neon:"filled"`
	Name                  string           `json:"name,omitempty"`
	ProjectID             string           `json:"project_id" neon:"filled,is=path.project_id,is=answer.project.id"`
	BranchID              string           `json:"branch_id" neon:"filled"`
	AutoscalingLimitMinCU float64          `json:"autoscaling_limit_min_cu" neon:"required"`
	AutoscalingLimitMaxCU float64          `json:"autoscaling_limit_max_cu" neon:"required"`
	RegionID              string           `json:"region_id" neon:"required"`
	Type                  string           `json:"type" neon:"required"`          // read_write or read_only
	CurrentState          string           `json:"current_state" neon:"required"` // init, active or idle
	PendingState          string           `json:"pending_state,omitempty"`
	Settings              EndpointSettings `json:"settings" neon:"required"`
	PoolerEnabled         bool             `json:"pooler_enabled"`
	PoolerMode            string           `json:"pooler_mode"`
	Disabled              bool             `json:"disabled" neon:"required"`
	PasswordlessAccess    bool             `json:"passwordless_access" neon:"required"`
	LastActive            *time.Time       `json:"last_active,omitempty"`
	CreationSource        string           `json:"creation_source" neon:"required"`
	CreatedAt             time.Time        `json:"created_at" neon:"required"`
	UpdatedAt             time.Time        `json:"updated_at" neon:"required"`
	StartedAt             *time.Time       `json:"started_at,omitempty"`
	SuspendedAt           *time.Time       `json:"suspended_at,omitempty"`
	ProxyHost             string           `json:"proxy_host" neon:"required"`
	SuspendTimeoutSeconds int64            `json:"suspend_timeout_seconds" neon:"required"` // seconds
	Provisioner           string           `json:"provisioner" neon:"required"`
	ComputeReleaseVersion string           `json:"compute_release_version,omitempty"`
}

// EndpointsList is the answer of GET /projects/{project_id}/endpoints.
type EndpointsList struct {
	Endpoints []Endpoint `json:"endpoints" neon:"required"`
}

// EndpointSettings are the Postgres settings of one endpoint.
type EndpointSettings struct {
	PgSettings        map[string]string `json:"pg_settings,omitempty"`
	PgbouncerSettings map[string]string `json:"pgbouncer_settings,omitempty"`
	PreloadLibraries  *PreloadLibraries `json:"preload_libraries,omitempty"`
}

// Role is a Postgres role of a branch. Password is a secret.
type Role struct {
	BranchID             string    `json:"branch_id" neon:"filled"`
	Name                 string    `json:"name" neon:"filled"`
	Password             string    `json:"password,omitempty"`
	Protected            *bool     `json:"protected,omitempty"`
	AuthenticationMethod string    `json:"authentication_method,omitempty"`
	CreatedAt            time.Time `json:"created_at" neon:"required"`
	UpdatedAt            time.Time `json:"updated_at" neon:"required"`
}

// Database is a Postgres database of a branch.
type Database struct {
	ID        int64     `json:"id" neon:"filled,key"`
	BranchID  string    `json:"branch_id" neon:"filled"`
	Name      string    `json:"name" neon:"filled"`
	OwnerName string    `json:"owner_name" neon:"filled"`
	CreatedAt time.Time `json:"created_at" neon:"required"`
	UpdatedAt time.Time `json:"updated_at" neon:"required"`
}

// ConnectionDetails is a connection string and its parts. All of it is secret.
type ConnectionDetails struct {
	ConnectionURI        string               `json:"connection_uri" neon:"filled"`
	ConnectionParameters ConnectionParameters `json:"connection_parameters" neon:"required"`
}

// ConnectionParameters are the parts of a connection string.
type ConnectionParameters struct {
	Database   string `json:"database" neon:"filled"`
	Password   string `json:"password" neon:"required"`
	Role       string `json:"role" neon:"filled"`
	Host       string `json:"host" neon:"filled"`
	PoolerHost string `json:"pooler_host" neon:"required"`
}

// BranchEnvelope is the answer of GET /projects/{project_id}/branches/{branch_id}.
type BranchEnvelope struct {
	Branch Branch `json:"branch"`
}

// BranchUpdateRequest is the body of PATCH /projects/{project_id}/branches/{branch_id}.
type BranchUpdateRequest struct {
	Branch BranchUpdate `json:"branch"`
}

// BranchUpdate is what to change of a branch. Nil fields stay.
type BranchUpdate struct {
	Name      *string `json:"name,omitempty"`
	Protected *bool   `json:"protected,omitempty"`
}

// DatabasesList is the answer of GET
// /projects/{project_id}/branches/{branch_id}/databases.
type DatabasesList struct {
	Databases []Database `json:"databases"`
}

// DatabaseUpdateRequest is the body of PATCH
// /projects/{project_id}/branches/{branch_id}/databases/{database_name}.
type DatabaseUpdateRequest struct {
	Database DatabaseUpdate `json:"database"`
}

// DatabaseUpdate is what to change of a database. Nil fields stay.
type DatabaseUpdate struct {
	Name      *string `json:"name,omitempty"`
	OwnerName *string `json:"owner_name,omitempty"`
}
