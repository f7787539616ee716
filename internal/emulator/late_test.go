package emulator

import (
	"net/http"
	"testing"
	"time"
)

// gaveUp is a gateway's answer to a creation that is carried out 14 seconds later.
var gaveUp = Fault{Method: "POST", Path: "/projects", Times: 1, Effect: FaultEffect{Status: 504, Late: Duration(14 * time.Second)}}

func TestLateWorkIsDoneWhenItIsDue(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin := w.as(adminKey)
	w.fault(gaveUp)
	admin.post("/projects", newInAcme).want(504, `"message":"the emulator was told to answer 504`)
	at := w.emu.Requests()[0].At
	w.emu.ClearFaults()
	w.advance(13 * time.Second)
	equal(t, "projects before", len(w.emu.Snapshot().Projects), 0)
	w.advance(time.Hour)
	admin.get("/projects?org_id="+acme).want(200, `"id"`)
	made := w.emu.Snapshot().Projects
	equal(t, "projects after", len(made), 1)
	equal(t, "when it was created", made[0].CreatedAt, at.Add(14*time.Second).Truncate(time.Second))
	equal(t, "requests", len(w.emu.Requests()), 2)
}

func TestLateWorkMeetsTheWorldAsItIsThen(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	admin := w.as(adminKey)
	w.fault(Fault{Method: "DELETE", Path: "/projects/p-one", Times: 1, Effect: FaultEffect{Status: 504, Late: Duration(time.Minute)}})
	admin.delete("/projects/p-one").want(504)
	admin.get("/projects/p-one").want(200)
	admin.delete("/projects/p-one").want(200)
	w.advance(time.Hour)
	admin.get("/projects/p-one").want(404)
}

func TestResetForgetsLateWork(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.fault(gaveUp)
	w.as(adminKey).post("/projects", newInAcme).want(504)
	if err := w.emu.Reset(); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Hour)
	equal(t, "projects", len(w.emu.Snapshot().Projects), 0)
}

func TestLateGoesWithAStatusAlone(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, fault := range []string{
		`{"path":"/projects","fault":{"late":"1s"}}`,
		`{"path":"/projects","fault":{"status":504,"late":"-1s"}}`,
		`{"path":"/projects","fault":{"status":504,"late":"1s","after":true}}`,
		`{"path":"/projects","fault":{"hang":"1s","late":"1s"}}`,
	} {
		w.control(http.MethodPost, "/faults", fault).want(400, "a fault")
	}
	w.control(http.MethodPost, "/faults", `{"path":"/projects","fault":{"status":504,"late":"14s"}}`).want(201, `"late":"14s"`)
}
