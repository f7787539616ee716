package emulator

import (
	"maps"
	"net/http"
	"slices"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

var (
	endpointSettingsShape = object{fields: map[string]shape{
		"pg_settings": textMap{}, "pgbouncer_settings": textMap{}, "preload_libraries": preloadLibrariesShape,
	}}

	endpointUpdateShape = object{required: []string{"endpoint"}, fields: map[string]shape{"endpoint": object{fields: endpointFields(nil)}}}

	endpointCreateShape = object{required: []string{"endpoint"}, fields: map[string]shape{"endpoint": object{
		required: []string{"branch_id", "type"},
		fields: endpointFields(map[string]shape{
			"region_id": text{}, "type": text{oneOf: []string{endpointReadOnly, endpointReadWrite}},
		}),
	}}}
)

// endpointFields are the fields that creating and updating share, and more.
func endpointFields(more map[string]shape) map[string]shape {
	fields := map[string]shape{
		"branch_id":                idShape,
		"settings":                 endpointSettingsShape,
		"autoscaling_limit_min_cu": cuShape,
		"autoscaling_limit_max_cu": cuShape,
		"provisioner":              text{},
		"pooler_enabled":           boolean{},
		"pooler_mode":              text{oneOf: []string{"transaction"}},
		"disabled":                 boolean{},
		"passwordless_access":      boolean{},
		"suspend_timeout_seconds":  suspendTime,
		"name":                     text{min: 1, max: 64},
	}
	maps.Copy(fields, more)
	return fields
}

// endpointSpec is what a request says about a compute. Nil fields say nothing.
type endpointSpec struct {
	Settings              *neon.EndpointSettings `json:"settings"`
	AutoscalingLimitMinCU *float64               `json:"autoscaling_limit_min_cu"`
	AutoscalingLimitMaxCU *float64               `json:"autoscaling_limit_max_cu"`
	Provisioner           *string                `json:"provisioner"`
	PoolerEnabled         *bool                  `json:"pooler_enabled"`
	PoolerMode            *string                `json:"pooler_mode"`
	Disabled              *bool                  `json:"disabled"`
	PasswordlessAccess    *bool                  `json:"passwordless_access"`
	SuspendTimeoutSeconds *int64                 `json:"suspend_timeout_seconds"`
	Name                  *string                `json:"name"`
}

func (s endpointSpec) apply(e *Endpoint) {
	e.Settings = mergeEndpointSettings(e.Settings, s.Settings)
	e.AutoscalingLimitMinCU = valueOr(s.AutoscalingLimitMinCU, e.AutoscalingLimitMinCU)
	e.AutoscalingLimitMaxCU = valueOr(s.AutoscalingLimitMaxCU, e.AutoscalingLimitMaxCU)
	e.Provisioner = valueOr(s.Provisioner, e.Provisioner)
	e.PoolerEnabled = valueOr(s.PoolerEnabled, e.PoolerEnabled)
	e.PoolerMode = valueOr(s.PoolerMode, e.PoolerMode)
	e.Disabled = valueOr(s.Disabled, e.Disabled)
	e.PasswordlessAccess = valueOr(s.PasswordlessAccess, e.PasswordlessAccess)
	e.SuspendTimeoutSeconds = valueOr(s.SuspendTimeoutSeconds, e.SuspendTimeoutSeconds)
	e.Name = valueOr(s.Name, e.Name)
}

func mergeEndpointSettings(old neon.EndpointSettings, change *neon.EndpointSettings) neon.EndpointSettings {
	if change == nil {
		return old
	}
	if change.PgSettings != nil {
		old.PgSettings = change.PgSettings
	}
	if change.PgbouncerSettings != nil {
		old.PgbouncerSettings = change.PgbouncerSettings
	}
	old.PreloadLibraries = override(old.PreloadLibraries, change.PreloadLibraries)
	return old
}

// check holds what a new compute would be against the plan.
func (s endpointSpec) check(p *Project, plan plan) error {
	d := p.DefaultEndpointSettings
	return checkCompute("endpoint", valueOr(s.AutoscalingLimitMinCU, *d.AutoscalingLimitMinCU), valueOr(s.AutoscalingLimitMaxCU, *d.AutoscalingLimitMaxCU),
		valueOr(s.SuspendTimeoutSeconds, *d.SuspendTimeoutSeconds), plan)
}

type endpointCreateRequest struct {
	Endpoint struct {
		BranchID string `json:"branch_id"`
		RegionID string `json:"region_id"`
		Type     string `json:"type"`
		endpointSpec
	} `json:"endpoint"`
}

func createEndpoint(x *exchange) (reply, error) {
	p, err := x.projectToChange()
	if err != nil {
		return reply{}, err
	}
	body, err := decode[endpointCreateRequest](x)
	if err != nil {
		return reply{}, err
	}
	wanted := body.Endpoint
	b := p.branch(wanted.BranchID)
	switch {
	case b == nil:
		return reply{}, notFound("branch not found")
	case wanted.RegionID != "" && wanted.RegionID != p.RegionID:
		return reply{}, badRequest("endpoint.region_id must be the project's region %s", p.RegionID)
	case wanted.Type == endpointReadWrite && slices.ContainsFunc(b.Endpoints, isReadWrite):
		return reply{}, readWriteExists()
	}
	if err := wanted.check(p, x.w.owner(p).plan()); err != nil {
		return reply{}, err
	}
	e := x.w.newEndpoint(p, b, wanted.Type, wanted.endpointSpec)
	return ok(http.StatusCreated, changedEndpoint{Endpoint: e.Endpoint, Operations: x.start(p, step{"start_compute", b, e})})
}

func readWriteExists() *apiError {
	return refuse(http.StatusConflict, "the branch already has a read-write endpoint")
}

type endpointUpdateRequest struct {
	Endpoint struct {
		BranchID string `json:"branch_id"`
		endpointSpec
	} `json:"endpoint"`
}

func updateEndpoint(x *exchange) (reply, error) {
	p, b, e, err := x.endpointToChange()
	if err != nil {
		return reply{}, err
	}
	body, err := decode[endpointUpdateRequest](x)
	if err != nil {
		return reply{}, err
	}
	changed := *e
	body.Endpoint.apply(&changed)
	if err := checkCompute("endpoint", changed.AutoscalingLimitMinCU, changed.AutoscalingLimitMaxCU, changed.SuspendTimeoutSeconds, x.w.owner(p).plan()); err != nil {
		return reply{}, err
	}
	target := b
	if id := body.Endpoint.BranchID; id != "" && id != b.ID {
		if target = p.branch(id); target == nil {
			return reply{}, notFound("branch not found")
		}
		if isReadWrite(e) && slices.ContainsFunc(target.Endpoints, isReadWrite) {
			return reply{}, readWriteExists()
		}
	}
	steps := []step{{"apply_config", target, e}}
	if changed.Disabled && !e.Disabled {
		steps = append(steps, step{"suspend_compute", target, e})
		x.w.halt(&changed)
	}
	*e = changed
	e.UpdatedAt = x.w.second()
	if target != b {
		b.Endpoints = slices.DeleteFunc(b.Endpoints, func(other *Endpoint) bool { return other == e })
		e.BranchID = target.ID
		target.Endpoints = append(target.Endpoints, e)
	}
	return ok(http.StatusOK, changedEndpoint{Endpoint: e.Endpoint, Operations: x.start(p, steps...)})
}
