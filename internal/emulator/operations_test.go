package emulator

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func TestOperationsRunAndHoldChangesOff(t *testing.T) {
	t.Parallel()
	w := start(t, delayed(10*time.Second))
	admin := w.as(adminKey)
	created := admin.create(acme, "app")
	path := "/projects/" + created.Project.ID
	statuses := func() string {
		var list []string
		for _, op := range created.Operations {
			list = append(list, admin.get(path+"/operations/"+op.ID).want(http.StatusOK).at("operation.status"))
		}
		return strings.Join(list, ", then ")
	}
	equal(t, "at first", statuses(), "running, then scheduling")
	equal(t, "branch", admin.get(path+"/branches/"+created.Branch.ID).at("branch.pending_state"), "ready")
	equal(t, "endpoint", admin.get(path+"/endpoints/"+created.Endpoints[0].ID).at("endpoint.current_state"), "init")
	for _, refused := range []response{
		admin.patch(path, `{"project":{"name":"new"}}`),
		admin.delete(path),
		admin.post(path+"/branches", ""),
		admin.post(path+"/endpoints/"+created.Endpoints[0].ID+"/suspend", ""),
		admin.delete(path + "/branches/" + created.Branch.ID),
	} {
		refused.want(http.StatusLocked, `"code":"","message":"project already has running conflicting operations, scheduling of new ones is prohibited"`)
	}
	w.advance(5 * time.Second)
	equal(t, "half way", statuses(), "finished, then running")
	w.advance(5 * time.Second)
	equal(t, "at last", statuses(), "finished, then finished")
	last := read[neon.OperationEnvelope](admin.get(path + "/operations/" + created.Operations[1].ID)).Operation
	equal(t, "duration", last.TotalDurationMS, 5000)
	equal(t, "updated", last.UpdatedAt, noon.Add(10*time.Second))
	equal(t, "branch", admin.get(path+"/branches/"+created.Branch.ID).at("branch.current_state"), "ready")
	equal(t, "endpoint", admin.get(path+"/endpoints/"+created.Endpoints[0].ID).at("endpoint.current_state"), "active")
	admin.patch(path, `{"project":{"name":"new"}}`).want(http.StatusOK)
}

func TestOperationsArePagedNewestFirst(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin := w.as(adminKey)
	created := admin.create(acme, "app")
	path := "/projects/" + created.Project.ID + "/operations"
	first := admin.get(path + "?limit=1").want(http.StatusOK)
	equal(t, "newest", first.at("operations.0.id"), created.Operations[1].ID)
	second := admin.get(path + "?limit=1&cursor=" + first.at("pagination.cursor")).want(http.StatusOK)
	equal(t, "oldest", second.at("operations.0.id"), created.Operations[0].ID)
	third := admin.get(path + "?cursor=" + second.at("pagination.cursor")).want(http.StatusOK)
	equal(t, "beyond", third.at("operations.0.id"), "")
	admin.get(path+"?cursor=nothing").want(http.StatusBadRequest, "cursor")
	admin.get(path+"?limit=1001").want(http.StatusBadRequest, "limit")
	admin.get(path+"/not-a-uuid").want(http.StatusBadRequest, "operation_id")
	admin.get(path+"/6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01").want(http.StatusNotFound, "operation not found")
}

func TestOperationsCanBeToldToFail(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.fault(Fault{Method: "POST", Path: "/projects", Times: 1, Effect: FaultEffect{FailOperations: true}})
	admin := w.as(adminKey)
	created := admin.create(acme, "app")
	equal(t, "in the answer", created.Operations[0].Status, neon.OperationRunning)
	op := read[neon.OperationEnvelope](admin.get("/projects/" + created.Project.ID + "/operations/" + created.Operations[0].ID)).Operation
	equal(t, "status", op.Status, neon.OperationFailed)
	equal(t, "error", op.Error != "", true)
	equal(t, "failures", op.FailuresCount, 1)
	other := admin.create(acme, "other")
	op = read[neon.OperationEnvelope](admin.get("/projects/" + other.Project.ID + "/operations/" + other.Operations[0].ID)).Operation
	equal(t, "status of the next", op.Status, neon.OperationFinished)
}
