package emulator

import (
	"net/http"
	"testing"
	"time"
)

func TestEndpoints(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	dev := a.branch(`{"branch":{"name":"dev"}}`).Branch.ID
	created := a.post(a.path+"/endpoints", `{"endpoint":{"branch_id":"`+dev+`","type":"read_write","name":"main compute","settings":{"pg_settings":{"work_mem":"8MB"}}}}`).want(http.StatusCreated)
	id := created.at("endpoint.id")
	item := a.path + "/endpoints/" + id
	equal(t, "starting", created.at("endpoint.current_state")+" "+created.at("endpoint.pending_state"), "init active")
	equal(t, "running", a.get(item).want(http.StatusOK).at("endpoint.current_state"), "active")
	equal(t, "setting", a.get(item).at("endpoint.settings.pg_settings.work_mem"), "8MB")
	equal(t, "all", a.get(a.path+"/endpoints").want(http.StatusOK).at("endpoints.1.id"), id)
	equal(t, "of the branch", a.get(a.path+"/branches/"+dev+"/endpoints").want(http.StatusOK).at("endpoints.0.id"), id)

	equal(t, "no operation", a.post(item+"/start", "").want(http.StatusOK).at("operations.0.action"), "")
	equal(t, "suspend", a.post(item+"/suspend", "").want(http.StatusOK).at("operations.0.action"), "suspend_compute")
	equal(t, "idle", a.get(item).at("endpoint.current_state"), "idle")
	equal(t, "again", a.post(item+"/suspend", "").want(http.StatusOK).at("operations.0.action"), "")
	a.w.advance(time.Minute)
	equal(t, "start", a.post(item+"/start", "").want(http.StatusOK).at("operations.0.action"), "start_compute")
	equal(t, "restart", a.post(item+"/restart", "").want(http.StatusOK).at("operations.1.action"), "start_compute")
	equal(t, "last active", a.get(a.path).at("project.compute_last_active_at"), "2026-03-15T12:01:00Z")

	changed := a.patch(item, `{"endpoint":{"autoscaling_limit_max_cu":4,"suspend_timeout_seconds":600,"disabled":true}}`).want(http.StatusOK)
	equal(t, "size", changed.at("endpoint.autoscaling_limit_max_cu"), "4")
	equal(t, "operations", changed.at("operations.0.action")+" "+changed.at("operations.1.action"), "apply_config suspend_compute")
	a.post(item+"/start", "").want(http.StatusUnprocessableEntity, "disabled")
	a.post(item+"/restart", "").want(http.StatusUnprocessableEntity, "disabled")

	a.delete(item).want(http.StatusOK, "suspend_compute")
	a.delete(item).want(http.StatusNoContent)
	a.get(item).want(http.StatusNotFound, "endpoint not found")
}

func TestEndpointMovesToAnotherBranch(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	dev := a.branch(`{"branch":{"name":"dev"}}`).Branch.ID
	item := a.path + "/endpoints/" + a.created.Endpoints[0].ID
	a.patch(item, `{"endpoint":{"branch_id":"`+dev+`"}}`).want(http.StatusOK)
	equal(t, "branch", a.get(item).at("endpoint.branch_id"), dev)
	equal(t, "endpoints of main", a.get(a.path+"/branches/"+a.created.Branch.ID+"/endpoints").at("endpoints.0.id"), "")
	a.patch(item, `{"endpoint":{"branch_id":"br-none"}}`).want(http.StatusNotFound)
}

func TestEndpointRequestsAreChecked(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	main := a.created.Branch.ID
	for body, want := range map[string]struct {
		status  int
		message string
	}{
		`{"endpoint":{"type":"read_write"}}`:                                                              {400, "endpoint.branch_id is required"},
		`{"endpoint":{"branch_id":"` + main + `","type":"read_write"}}`:                                   {409, "already has a read-write endpoint"},
		`{"endpoint":{"branch_id":"br-none","type":"read_only"}}`:                                         {404, "branch not found"},
		`{"endpoint":{"branch_id":"` + main + `","type":"read_only","region_id":"aws-us-west-2"}}`:        {400, "region_id"},
		`{"endpoint":{"branch_id":"` + main + `","type":"read_only","pooler_mode":"session"}}`:            {400, "pooler_mode must be one of transaction"},
		`{"endpoint":{"branch_id":"` + main + `","type":"read_only","autoscaling_limit_min_cu":8}}`:       {400, "more than"},
		`{"endpoint":{"branch_id":"` + main + `","type":"read_only","settings":{"pg_settings":{"a":1}}}}`: {400, "endpoint.settings.pg_settings.a must be a string"},
	} {
		a.post(a.path+"/endpoints", body).want(want.status, want.message)
	}
	item := a.path + "/endpoints/" + a.created.Endpoints[0].ID
	a.patch(item, `{"endpoint":{"type":"read_only"}}`).want(http.StatusBadRequest, "endpoint.type is not a known field")
	a.patch(item, `{"endpoint":{"autoscaling_limit_min_cu":8}}`).want(http.StatusBadRequest, "more than")
}
