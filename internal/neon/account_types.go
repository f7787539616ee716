package neon

// The authentication methods of GET /auth that an API key can have.
const (
	AuthMethodUserKey = "api_key_user"
	AuthMethodOrgKey  = "api_key_org"
)

// AuthDetails tells which kind of credentials a request carried.
type AuthDetails struct {
	// AccountID is the user's id, or the organization's for an organization key.
	AccountID  string `json:"account_id" neon:"filled"`
	AuthMethod string `json:"auth_method" neon:"filled"`
	AuthData   string `json:"auth_data,omitempty"`
}

// CurrentUser is the person a personal key belongs to (GET /users/me).
type CurrentUser struct {
	ID                  string        `json:"id" neon:"filled"`
	Email               string        `json:"email" neon:"filled"`
	Login               string        `json:"login"`
	Name                string        `json:"name" neon:"required"`
	LastName            string        `json:"last_name" neon:"required"`
	Image               string        `json:"image" neon:"required"`
	Plan                string        `json:"plan" neon:"required"`
	ProjectsLimit       int64         `json:"projects_limit" neon:"required"`
	BranchesLimit       int64         `json:"branches_limit" neon:"required"`
	MaxAutoscalingLimit float64       `json:"max_autoscaling_limit" neon:"required"` // compute units
	ActiveSecondsLimit  int64         `json:"active_seconds_limit" neon:"required"`  // seconds
	ComputeSecondsLimit *int64        `json:"compute_seconds_limit,omitempty"`
	AuthAccounts        []AuthAccount `json:"auth_accounts" neon:"required"`
}

// AuthAccount is a login of the current user.
type AuthAccount struct {
	Email    string `json:"email" neon:"required"`
	Image    string `json:"image" neon:"required"`
	Login    string `json:"login"`
	Name     string `json:"name" neon:"required"`
	Provider string `json:"provider" neon:"required"`
}

// Region is a place a project can live in.
type Region struct {
	RegionID string `json:"region_id"`
	Name     string `json:"name"`
	Default  bool   `json:"default"`
	GeoLat   string `json:"geo_lat"`
	GeoLong  string `json:"geo_long"`
}

// RegionsList is the answer of GET /regions.
type RegionsList struct {
	Regions []Region `json:"regions"`
}
