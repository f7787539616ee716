package emulator

import (
	"math"
	"net/http"
)

const (
	defaultPgVersion = 17
	minPgVersion     = 14
	maxPgVersion     = 18

	defaultRetention = 86400 // seconds
	defaultPageSize  = 10
	maxPageSize      = 400
)

func projectRoutes() []route {
	page := []param{
		{name: "cursor", shape: text{}},
		{name: "limit", shape: integer{min: 1, max: maxPageSize}},
		{name: "search", shape: text{}},
		{name: "timeout", shape: integer{min: 100, max: 30000}},
	}
	owned := append([]param{{name: "org_id", shape: idShape}, {name: "recoverable", shape: boolean{}}}, page...)
	return []route{
		{method: http.MethodGet, pattern: "/projects", query: owned, handle: listProjects},
		{method: http.MethodPost, pattern: "/projects", keys: noScopedKey, body: projectCreateShape, handle: createProject},
		{method: http.MethodGet, pattern: "/projects/shared", keys: personalOnly, query: page, handle: listSharedProjects},
		{method: http.MethodGet, pattern: "/projects/{project_id}", handle: getProject},
		{method: http.MethodPatch, pattern: "/projects/{project_id}", body: projectUpdateShape, handle: updateProject},
		{method: http.MethodDelete, pattern: "/projects/{project_id}", keys: noScopedKey, handle: deleteProject},
		{method: http.MethodPost, pattern: "/projects/{project_id}/recover", keys: noScopedKey, handle: recoverProject},
	}
}

var (
	retentionShape = integer{min: 0, max: 2592000}

	projectCreateShape = object{required: []string{"project"}, fields: map[string]shape{"project": object{fields: map[string]shape{
		"settings": settingsShape,
		"name":     nameShape,
		"branch": object{fields: map[string]shape{
			"name": nameShape, "role_name": text{}, "database_name": text{}, "annotations": textMap{},
		}},
		"autoscaling_limit_min_cu":  cuShape,
		"autoscaling_limit_max_cu":  cuShape,
		"provisioner":               text{},
		"region_id":                 text{},
		"default_endpoint_settings": defaultEndpointSettingsShape,
		"pg_version":                integer{min: minPgVersion, max: maxPgVersion},
		"store_passwords":           boolean{},
		"history_retention_seconds": retentionShape,
		"org_id":                    idShape,
	}}}}

	projectUpdateShape = object{required: []string{"project"}, fields: map[string]shape{"project": object{fields: map[string]shape{
		"settings":                  settingsShape,
		"name":                      nameShape,
		"default_endpoint_settings": defaultEndpointSettingsShape,
		"history_retention_seconds": retentionShape,
	}}}}

	defaultEndpointSettingsShape = object{fields: map[string]shape{
		"pg_settings":              textMap{},
		"pgbouncer_settings":       textMap{},
		"autoscaling_limit_min_cu": cuShape,
		"autoscaling_limit_max_cu": cuShape,
		"suspend_timeout_seconds":  suspendTime,
	}}

	preloadLibrariesShape = object{fields: map[string]shape{"use_defaults": boolean{}, "enabled_libraries": array{of: text{}}}}

	settingsShape = object{fields: map[string]shape{
		"quota": object{fields: map[string]shape{
			"active_time_seconds": countShape, "compute_time_seconds": countShape, "written_data_bytes": countShape,
			"data_transfer_bytes": countShape, "logical_size_bytes": countShape,
		}},
		"allowed_ips":                object{fields: map[string]shape{"ips": array{of: text{}}, "protected_branches_only": boolean{}}},
		"enable_logical_replication": boolean{},
		"maintenance_window": object{required: []string{"weekdays", "start_time", "end_time"}, fields: map[string]shape{
			"weekdays": array{of: integer{min: math.MinInt32, max: math.MaxInt32}}, "start_time": text{}, "end_time": text{},
		}},
		"block_public_connections": boolean{},
		"block_vpc_connections":    boolean{},
		"audit_log_level":          text{oneOf: []string{"base", "extended", "full"}},
		"hipaa":                    boolean{},
		"preload_libraries":        preloadLibrariesShape,
	}}
)
