package neon

import "time"

// Branch is a branch of a project.
type Branch struct {
	ID                 string             `json:"id"`
	ProjectID          string             `json:"project_id"`
	ParentID           string             `json:"parent_id,omitempty"`
	ParentLSN          string             `json:"parent_lsn,omitempty"`
	ParentTimestamp    *time.Time         `json:"parent_timestamp,omitempty"`
	Name               string             `json:"name"`
	CurrentState       string             `json:"current_state"`
	PendingState       string             `json:"pending_state,omitempty"`
	StateChangedAt     time.Time          `json:"state_changed_at"`
	LogicalSize        *int64             `json:"logical_size,omitempty"` // bytes
	CreationSource     string             `json:"creation_source"`
	Primary            bool               `json:"primary"` // deprecated by Neon, equals Default
	Default            bool               `json:"default"`
	Protected          bool               `json:"protected"`
	CPUUsedSec         int64              `json:"cpu_used_sec"`
	ComputeTimeSeconds int64              `json:"compute_time_seconds"`
	ActiveTimeSeconds  int64              `json:"active_time_seconds"`
	WrittenDataBytes   int64              `json:"written_data_bytes"`
	DataTransferBytes  int64              `json:"data_transfer_bytes"`
	CreatedAt          time.Time          `json:"created_at"`
	UpdatedAt          time.Time          `json:"updated_at"`
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
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// BranchRecovery says until when a deleted branch can be brought back.
type BranchRecovery struct {
	DeletedAt        time.Time `json:"deleted_at"`
	RecoverableUntil time.Time `json:"recoverable_until"`
	DeletionMethod   string    `json:"deletion_method"` // user or ttl
}

// BranchesPage is one page of GET /projects/{project_id}/branches.
type BranchesPage struct {
	Branches    []Branch              `json:"branches"`
	Annotations map[string]Annotation `json:"annotations"` // by branch id
	Pagination  *CursorPagination     `json:"pagination,omitempty"`
}

// Annotation is a free string map kept with an object.
type Annotation struct {
	Object    AnnotationObject  `json:"object"`
	Value     map[string]string `json:"value"`
	CreatedAt *time.Time        `json:"created_at,omitempty"`
	UpdatedAt *time.Time        `json:"updated_at,omitempty"`
}

// AnnotationObject names what an annotation belongs to.
type AnnotationObject struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Endpoint is a compute endpoint of a branch.
type Endpoint struct {
	ID                    string           `json:"id"`
	Host                  string           `json:"host"`
	Name                  string           `json:"name,omitempty"`
	ProjectID             string           `json:"project_id"`
	BranchID              string           `json:"branch_id"`
	AutoscalingLimitMinCU float64          `json:"autoscaling_limit_min_cu"`
	AutoscalingLimitMaxCU float64          `json:"autoscaling_limit_max_cu"`
	RegionID              string           `json:"region_id"`
	Type                  string           `json:"type"`          // read_write or read_only
	CurrentState          string           `json:"current_state"` // init, active or idle
	PendingState          string           `json:"pending_state,omitempty"`
	Settings              EndpointSettings `json:"settings"`
	PoolerEnabled         bool             `json:"pooler_enabled"`
	PoolerMode            string           `json:"pooler_mode"`
	Disabled              bool             `json:"disabled"`
	PasswordlessAccess    bool             `json:"passwordless_access"`
	LastActive            *time.Time       `json:"last_active,omitempty"`
	CreationSource        string           `json:"creation_source"`
	CreatedAt             time.Time        `json:"created_at"`
	UpdatedAt             time.Time        `json:"updated_at"`
	StartedAt             *time.Time       `json:"started_at,omitempty"`
	SuspendedAt           *time.Time       `json:"suspended_at,omitempty"`
	ProxyHost             string           `json:"proxy_host"`
	SuspendTimeoutSeconds int64            `json:"suspend_timeout_seconds"` // seconds
	Provisioner           string           `json:"provisioner"`
	ComputeReleaseVersion string           `json:"compute_release_version,omitempty"`
}

// EndpointSettings are the Postgres settings of one endpoint.
type EndpointSettings struct {
	PgSettings        map[string]string `json:"pg_settings,omitempty"`
	PgbouncerSettings map[string]string `json:"pgbouncer_settings,omitempty"`
	PreloadLibraries  *PreloadLibraries `json:"preload_libraries,omitempty"`
}

// Role is a Postgres role of a branch. Password is a secret.
type Role struct {
	BranchID             string    `json:"branch_id"`
	Name                 string    `json:"name"`
	Password             string    `json:"password,omitempty"`
	Protected            *bool     `json:"protected,omitempty"`
	AuthenticationMethod string    `json:"authentication_method,omitempty"`
	CreatedAt            time.Time `json:"created_at"`
	UpdatedAt            time.Time `json:"updated_at"`
}

// Database is a Postgres database of a branch.
type Database struct {
	ID        int64     `json:"id"`
	BranchID  string    `json:"branch_id"`
	Name      string    `json:"name"`
	OwnerName string    `json:"owner_name"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// ConnectionDetails is a connection string and its parts. All of it is secret.
type ConnectionDetails struct {
	ConnectionURI        string               `json:"connection_uri"`
	ConnectionParameters ConnectionParameters `json:"connection_parameters"`
}

// ConnectionParameters are the parts of a connection string.
type ConnectionParameters struct {
	Database   string `json:"database"`
	Password   string `json:"password"`
	Role       string `json:"role"`
	Host       string `json:"host"`
	PoolerHost string `json:"pooler_host"`
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
