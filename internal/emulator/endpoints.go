package emulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const (
	endpointReadWrite = "read_write"
	endpointReadOnly  = "read_only"

	endpointInit   = "init"
	endpointActive = "active"
	endpointIdle   = "idle"
)

func endpointRoutes() []route {
	const collection, item = "/projects/{project_id}/endpoints", "/projects/{project_id}/endpoints/{endpoint_id}"
	return []route{
		{method: http.MethodGet, pattern: "/projects/{project_id}/branches/{branch_id}/endpoints", handle: listBranchEndpoints},
		{method: http.MethodGet, pattern: collection, handle: listEndpoints},
		{method: http.MethodPost, pattern: collection, body: endpointCreateShape, handle: createEndpoint},
		{method: http.MethodGet, pattern: item, handle: getEndpoint},
		{method: http.MethodPatch, pattern: item, body: endpointUpdateShape, handle: updateEndpoint},
		{method: http.MethodDelete, pattern: item, handle: deleteEndpoint},
		{method: http.MethodPost, pattern: item + "/start", handle: startEndpoint},
		{method: http.MethodPost, pattern: item + "/suspend", handle: suspendEndpoint},
		{method: http.MethodPost, pattern: item + "/restart", handle: restartEndpoint},
	}
}

type endpointEnvelope struct {
	Endpoint neon.Endpoint `json:"endpoint"`
}

type endpointsList struct {
	Endpoints []neon.Endpoint `json:"endpoints"`
}

// changedEndpoint is an endpoint with the operations that a change started.
type changedEndpoint struct {
	Endpoint   neon.Endpoint    `json:"endpoint"`
	Operations []neon.Operation `json:"operations"`
}

func isReadWrite(e *Endpoint) bool { return e.Type == endpointReadWrite }

// newEndpoint gives a branch a compute that starts now.
func (w *world) newEndpoint(p *Project, b *Branch, kind string, spec endpointSpec) *Endpoint {
	defaults := p.DefaultEndpointSettings
	id := w.ids.endpointID()
	e := &Endpoint{Endpoint: neon.Endpoint{
		ID: id, Host: id + "." + proxyHostOf(p.RegionID), ProxyHost: proxyHostOf(p.RegionID), RegionID: p.RegionID,
		ProjectID: p.ID, BranchID: b.ID, Type: kind,
		AutoscalingLimitMinCU: *defaults.AutoscalingLimitMinCU, AutoscalingLimitMaxCU: *defaults.AutoscalingLimitMaxCU,
		SuspendTimeoutSeconds: *defaults.SuspendTimeoutSeconds,
		Settings:              neon.EndpointSettings{PgSettings: defaults.PgSettings, PgbouncerSettings: defaults.PgbouncerSettings},
		PoolerMode:            "transaction", PasswordlessAccess: true, Provisioner: provisioner, CreationSource: creationSource,
		CreatedAt: w.second(), UpdatedAt: w.second(),
	}}
	spec.apply(e)
	e.CurrentState = endpointInit
	w.run(e)
	b.Endpoints = append(b.Endpoints, e)
	return e
}

// run lets a compute become active, unless it is disabled.
func (w *world) run(e *Endpoint) {
	if e.Disabled {
		w.halt(e)
		return
	}
	e.PendingState, e.SettledAt = endpointActive, w.done()
	e.StartedAt = new(w.done().Truncate(time.Second))
	e.LastActive = e.StartedAt
}

// halt lets a compute become idle.
func (w *world) halt(e *Endpoint) {
	e.PendingState, e.SettledAt = endpointIdle, w.done()
	e.SuspendedAt = new(w.done().Truncate(time.Second))
}

// at gives an endpoint as it stands at a time.
func (e *Endpoint) at(now time.Time) neon.Endpoint {
	shown := e.Endpoint
	if shown.PendingState != "" && !now.Before(e.SettledAt) {
		shown.CurrentState, shown.PendingState = shown.PendingState, ""
	}
	return shown
}

// endpoint finds the endpoint of the path, in a project that allows for a level.
func (x *exchange) endpoint(need level) (*Project, *Branch, *Endpoint, error) {
	p, err := x.project(need)
	if err != nil {
		return nil, nil, nil, err
	}
	b, e := p.endpoint(x.params["endpoint_id"])
	if e == nil {
		return nil, nil, nil, notFound("endpoint not found")
	}
	return p, b, e, nil
}

// endpointToChange is endpoint, settled, and refuses with 423 while operations run.
func (x *exchange) endpointToChange() (*Project, *Branch, *Endpoint, error) {
	p, b, e, err := x.endpoint(writing)
	if err != nil {
		return nil, nil, nil, err
	}
	if x.w.busy(p) {
		return nil, nil, nil, busy()
	}
	e.Endpoint = e.at(x.w.now)
	return p, b, e, nil
}

func (p *Project) endpoint(id string) (*Branch, *Endpoint) {
	for _, b := range p.Branches {
		for _, e := range b.Endpoints {
			if e.ID == id {
				return b, e
			}
		}
	}
	return nil, nil
}

func (x *exchange) shownEndpoints(branches []*Branch) endpointsList {
	list := endpointsList{Endpoints: []neon.Endpoint{}}
	for _, b := range branches {
		for _, e := range b.Endpoints {
			list.Endpoints = append(list.Endpoints, e.at(x.w.now))
		}
	}
	return list
}

func listEndpoints(x *exchange) (reply, error) {
	p, err := x.project(reading)
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, x.shownEndpoints(p.Branches))
}

func listBranchEndpoints(x *exchange) (reply, error) {
	_, b, err := x.branch(reading)
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, x.shownEndpoints([]*Branch{b}))
}

func getEndpoint(x *exchange) (reply, error) {
	_, _, e, err := x.endpoint(reading)
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, endpointEnvelope{Endpoint: e.at(x.w.now)})
}

// deleteEndpoint answers 204 for one that is gone already.
func deleteEndpoint(x *exchange) (reply, error) {
	p, err := x.project(writing)
	if err != nil {
		return reply{}, err
	}
	b, e := p.endpoint(x.params["endpoint_id"])
	if e == nil {
		return noContent()
	}
	if x.w.busy(p) {
		return reply{}, busy()
	}
	b.Endpoints = slices.DeleteFunc(b.Endpoints, func(other *Endpoint) bool { return other == e })
	return ok(http.StatusOK, changedEndpoint{Endpoint: e.at(x.w.now), Operations: x.start(p, step{"suspend_compute", b, e})})
}

func startEndpoint(x *exchange) (reply, error) {
	p, b, e, err := x.endpointToChange()
	if err != nil {
		return reply{}, err
	}
	if e.Disabled {
		return reply{}, refuse(http.StatusUnprocessableEntity, "the endpoint is disabled; enable it before starting it")
	}
	if e.CurrentState == endpointActive {
		return ok(http.StatusOK, changedEndpoint{Endpoint: e.Endpoint, Operations: x.start(p)})
	}
	x.w.run(e)
	return ok(http.StatusOK, changedEndpoint{Endpoint: e.Endpoint, Operations: x.start(p, step{"start_compute", b, e})})
}

func suspendEndpoint(x *exchange) (reply, error) {
	p, b, e, err := x.endpointToChange()
	if err != nil {
		return reply{}, err
	}
	if e.CurrentState == endpointIdle {
		return ok(http.StatusOK, changedEndpoint{Endpoint: e.Endpoint, Operations: x.start(p)})
	}
	x.w.halt(e)
	return ok(http.StatusOK, changedEndpoint{Endpoint: e.Endpoint, Operations: x.start(p, step{"suspend_compute", b, e})})
}

func restartEndpoint(x *exchange) (reply, error) {
	p, b, e, err := x.endpointToChange()
	if err != nil {
		return reply{}, err
	}
	if e.Disabled {
		return reply{}, refuse(http.StatusUnprocessableEntity, "the endpoint is disabled; enable it before restarting it")
	}
	x.w.run(e)
	return ok(http.StatusOK, changedEndpoint{Endpoint: e.Endpoint, Operations: x.start(p, step{"suspend_compute", b, e}, step{"start_compute", b, e})})
}
