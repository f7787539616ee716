package neon

import "time"

// ProjectFields are the properties that a project has in lists and by itself.
type ProjectFields struct {
	ID                          string                   `json:"id" neon:"filled,key,is=path.project_id"`
	PlatformID                  string                   `json:"platform_id" neon:"required"`
	RegionID                    string                   `json:"region_id" neon:"filled"`
	Name                        string                   `json:"name" neon:"filled,is=body.project.name"`
	Provisioner                 string                   `json:"provisioner" neon:"required"`
	DefaultEndpointSettings     *DefaultEndpointSettings `json:"default_endpoint_settings,omitempty"`
	Settings                    *ProjectSettings         `json:"settings,omitempty"`
	PgVersion                   int64                    `json:"pg_version" neon:"filled"`
	ProxyHost                   string                   `json:"proxy_host" neon:"required"`
	BranchLogicalSizeLimit      int64                    `json:"branch_logical_size_limit" neon:"required"`       // MiB
	BranchLogicalSizeLimitBytes int64                    `json:"branch_logical_size_limit_bytes" neon:"required"` // bytes
	StorePasswords              bool                     `json:"store_passwords" neon:"required"`
	CPUUsedSec                  int64                    `json:"cpu_used_sec"` // seconds; deprecated by Neon
	CreationSource              string                   `json:"creation_source" neon:"required"`
	CreatedAt                   time.Time                `json:"created_at" neon:"required"`
	UpdatedAt                   time.Time                `json:"updated_at" neon:"required"`
	SyntheticStorageSize        *int64                   `json:"synthetic_storage_size,omitempty"` // bytes
	QuotaResetAt                *time.Time               `json:"quota_reset_at,omitempty"`
	MaintenanceStartsAt         *time.Time               `json:"maintenance_starts_at,omitempty"`
	ComputeLastActiveAt         *time.Time               `json:"compute_last_active_at,omitempty"`
	HipaaEnabledAt              *time.Time               `json:"hipaa_enabled_at,omitempty"`
	// OwnerID is the organization's id, or the user's for a personal project.
	OwnerID string `json:"owner_id" neon:"filled,is=query.org_id,is=body.project.org_id"`
	// OrgID is empty for a personal project.
	OrgID                      string `json:"org_id,omitempty"`
	EffectiveProjectPermission string `json:"effective_project_permission,omitempty"`
}

// ProjectListItem is a project as GET /projects lists it: without its owner and
// without the consumption counters of the billing period.
type ProjectListItem struct {
	ProjectFields
	ActiveTime              int64      `json:"active_time" neon:"required"` // seconds
	OrgName                 string     `json:"org_name,omitempty"`
	HistoryRetentionSeconds *int64     `json:"history_retention_seconds,omitempty"`
	DeletedAt               *time.Time `json:"deleted_at,omitempty"`        // only with recoverable=true
	RecoverableUntil        *time.Time `json:"recoverable_until,omitempty"` // only with recoverable=true
}

// Project is a project as GET /projects/{project_id} gives it. The counters
// cover the current billing period.
type Project struct {
	ProjectFields
	HistoryRetentionSeconds int64         `json:"history_retention_seconds" neon:"required"`
	DataStorageBytesHour    int64         `json:"data_storage_bytes_hour" neon:"required"` // byte-hours
	DataTransferBytes       int64         `json:"data_transfer_bytes" neon:"required"`     // bytes
	WrittenDataBytes        int64         `json:"written_data_bytes" neon:"required"`      // bytes
	ComputeTimeSeconds      int64         `json:"compute_time_seconds" neon:"required"`    // seconds
	ActiveTimeSeconds       int64         `json:"active_time_seconds" neon:"required"`     // seconds
	ConsumptionPeriodStart  time.Time     `json:"consumption_period_start" neon:"required"`
	ConsumptionPeriodEnd    time.Time     `json:"consumption_period_end" neon:"required"`
	Owner                   *ProjectOwner `json:"owner,omitempty"`
	MaintenanceScheduledFor *time.Time    `json:"maintenance_scheduled_for,omitempty"`
}

// ProjectOwner says who pays for a project.
type ProjectOwner struct {
	Email            string `json:"email" neon:"required"`
	Name             string `json:"name" neon:"required"`
	BranchesLimit    int64  `json:"branches_limit" neon:"required"`
	SubscriptionType string `json:"subscription_type" neon:"required"`
}

// DefaultEndpointSettings are the settings new computes of a project get.
type DefaultEndpointSettings struct {
	PgSettings            map[string]string `json:"pg_settings,omitempty"`
	PgbouncerSettings     map[string]string `json:"pgbouncer_settings,omitempty"` // deprecated by Neon
	AutoscalingLimitMinCU *float64          `json:"autoscaling_limit_min_cu,omitempty"`
	AutoscalingLimitMaxCU *float64          `json:"autoscaling_limit_max_cu,omitempty"`
	// SuspendTimeoutSeconds: -1 never, 0 Neon's default, else 60 to 604800 seconds.
	SuspendTimeoutSeconds *int64 `json:"suspend_timeout_seconds,omitempty"`
}

// ProjectSettings are a project's settings. A nil field is left as it is.
type ProjectSettings struct {
	Quota                    *ProjectQuota      `json:"quota,omitempty"`
	AllowedIPs               *AllowedIPs        `json:"allowed_ips,omitempty"`
	EnableLogicalReplication *bool              `json:"enable_logical_replication,omitempty"` // can't be undone
	MaintenanceWindow        *MaintenanceWindow `json:"maintenance_window,omitempty"`
	BlockPublicConnections   *bool              `json:"block_public_connections,omitempty"`
	BlockVPCConnections      *bool              `json:"block_vpc_connections,omitempty"`
	AuditLogLevel            *string            `json:"audit_log_level,omitempty"` // base, extended or full
	Hipaa                    *bool              `json:"hipaa,omitempty"`
	PreloadLibraries         *PreloadLibraries  `json:"preload_libraries,omitempty"`
}

// ProjectQuota limits a project's consumption in a billing period. 0 is unlimited.
type ProjectQuota struct {
	ActiveTimeSeconds  *int64 `json:"active_time_seconds,omitempty"`
	ComputeTimeSeconds *int64 `json:"compute_time_seconds,omitempty"`
	WrittenDataBytes   *int64 `json:"written_data_bytes,omitempty"`
	DataTransferBytes  *int64 `json:"data_transfer_bytes,omitempty"`
	LogicalSizeBytes   *int64 `json:"logical_size_bytes,omitempty"` // per branch
}

// AllowedIPs restricts who may connect. An empty list lets everybody in, so a
// non-nil pointer to an empty slice is sent as [] and a nil one is not sent.
type AllowedIPs struct {
	IPs                   *[]string `json:"ips,omitempty"`
	ProtectedBranchesOnly *bool     `json:"protected_branches_only,omitempty"`
}

// MaintenanceWindow is when Neon may restart computes. Times are UTC, "HH:MM".
type MaintenanceWindow struct {
	Weekdays  []int64 `json:"weekdays" neon:"required"` // 1 is Monday, 7 is Sunday
	StartTime string  `json:"start_time" neon:"required"`
	EndTime   string  `json:"end_time" neon:"required"`
}

// PreloadLibraries are the shared libraries computes load at start.
type PreloadLibraries struct {
	UseDefaults      *bool    `json:"use_defaults,omitempty"`
	EnabledLibraries []string `json:"enabled_libraries,omitempty"`
}

// ProjectCreate is what POST /projects takes. Everything is optional.
type ProjectCreate struct {
	Settings                *ProjectSettings         `json:"settings,omitempty"`
	Name                    *string                  `json:"name,omitempty"` // 1 to 256 characters
	Branch                  *ProjectCreateBranch     `json:"branch,omitempty"`
	AutoscalingLimitMinCU   *float64                 `json:"autoscaling_limit_min_cu,omitempty"` // deprecated by Neon
	AutoscalingLimitMaxCU   *float64                 `json:"autoscaling_limit_max_cu,omitempty"` // deprecated by Neon
	Provisioner             *string                  `json:"provisioner,omitempty"`
	RegionID                *string                  `json:"region_id,omitempty"`
	DefaultEndpointSettings *DefaultEndpointSettings `json:"default_endpoint_settings,omitempty"`
	PgVersion               *int64                   `json:"pg_version,omitempty"`
	StorePasswords          *bool                    `json:"store_passwords,omitempty"`
	HistoryRetentionSeconds *int64                   `json:"history_retention_seconds,omitempty"`
	OrgID                   *string                  `json:"org_id,omitempty"`
}

// ProjectCreateBranch names what a new project starts with.
type ProjectCreateBranch struct {
	Name         *string           `json:"name,omitempty"`
	RoleName     *string           `json:"role_name,omitempty"`
	DatabaseName *string           `json:"database_name,omitempty"`
	Annotations  map[string]string `json:"annotations,omitempty"`
}

// ProjectUpdate is what PATCH /projects/{project_id} takes. Nil fields stay.
type ProjectUpdate struct {
	Settings                *ProjectSettings         `json:"settings,omitempty"`
	Name                    *string                  `json:"name,omitempty"`
	DefaultEndpointSettings *DefaultEndpointSettings `json:"default_endpoint_settings,omitempty"`
	HistoryRetentionSeconds *int64                   `json:"history_retention_seconds,omitempty"`
}

// ProjectEnvelope wraps a project in answers.
type ProjectEnvelope struct {
	Project Project `json:"project" neon:"required"`
}

// ProjectCreateRequest is the body of POST /projects.
type ProjectCreateRequest struct {
	Project ProjectCreate `json:"project"`
}

// ProjectUpdateRequest is the body of PATCH /projects/{project_id}.
type ProjectUpdateRequest struct {
	Project ProjectUpdate `json:"project"`
}

// CreatedProject is the answer of POST /projects. It carries connection strings
// and passwords: never log it.
type CreatedProject struct {
	Project        Project             `json:"project" neon:"required"`
	ConnectionURIs []ConnectionDetails `json:"connection_uris" neon:"required"`
	Roles          []Role              `json:"roles" neon:"required"`
	Databases      []Database          `json:"databases" neon:"required"`
	Operations     []Operation         `json:"operations" neon:"required"`
	Branch         Branch              `json:"branch" neon:"required"`
	Endpoints      []Endpoint          `json:"endpoints" neon:"required"`
}

// UpdatedProject is the answer of PATCH /projects/{project_id}.
type UpdatedProject struct {
	Project    Project     `json:"project" neon:"required"`
	Operations []Operation `json:"operations" neon:"required"`
}

// RecoveredProject is the answer of POST /projects/{project_id}/recover.
type RecoveredProject struct {
	Project  Project  `json:"project" neon:"required"`
	Branches []Branch `json:"branches" neon:"required"`
}

// ProjectsPage is one page of GET /projects.
type ProjectsPage struct {
	Projects []ProjectListItem `json:"projects" neon:"required"`
	// UnavailableProjectIDs exist but could not be fetched in time.
	UnavailableProjectIDs []string            `json:"unavailable_project_ids,omitempty" neon:"key"`
	Pagination            *Pagination         `json:"pagination,omitempty"`
	Applications          map[string][]string `json:"applications" neon:"required"`
	Integrations          map[string][]string `json:"integrations" neon:"required"`
}

// Pagination is the cursor of lists that page by id.
type Pagination struct {
	Cursor string `json:"cursor" neon:"required"`
}

// CursorPagination is the cursor of lists that page by an opaque token.
type CursorPagination struct {
	Next      string `json:"next,omitempty"`
	SortBy    string `json:"sort_by,omitempty"`
	SortOrder string `json:"sort_order,omitempty"`
}
