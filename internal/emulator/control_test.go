package emulator

import (
	"net/http"
	"testing"
	"time"
)

func (w *testWorld) control(method, path, body string) response {
	w.t.Helper()
	r, err := w.try(method, w.url+controlPrefix+path, body, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func TestControlState(t *testing.T) {
	t.Parallel()
	w := start(t)
	id := w.as(adminKey).create(acme, "app").Project.ID
	state := w.control("GET", "/state", "").want(200, id)
	w.as(adminKey).delete("/projects/" + id).want(200)
	w.control("PUT", "/state", string(state.data)).want(204)
	w.as(adminKey).get("/projects/" + id).want(200)
	w.control("PUT", "/state", `{"user":[]}`).want(400, `unknown field \"user\"`)
	w.control("PUT", "/state", `{"organizations":[{"id":"acme","plan":"gold"}]}`).want(400, "org-cool-breeze-12345678")
	w.as(adminKey).get("/projects/" + id).want(200)
}

func TestControlReset(t *testing.T) {
	t.Parallel()
	w := start(t)
	id := w.as(adminKey).create(acme, "app").Project.ID
	w.control("POST", "/faults", `{"path":"/auth","fault":{"status":500}}`).want(201)
	w.control("POST", "/clock", `{"advance":"24h"}`).want(200, `"now":"2026-03-16T12:00:00Z","ahead":"24h0m0s"`)
	w.control("POST", "/reset", "").want(204)
	equal(t, "journal", len(w.emu.Requests()), 0)
	w.as(adminKey).get("/auth").want(200)
	w.as(adminKey).get("/projects/" + id).want(404)
	w.control("GET", "/clock", "").want(200, `"now":"2026-03-15T12:00:00Z"`)
	equal(t, "same ids again", w.as(adminKey).create(acme, "app").Project.ID, id)
}

func TestControlRequestsAndMetrics(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.as(adminKey).create(acme, "app")
	w.as(adminKey).get("/nowhere").want(404, "the emulator has no GET /nowhere")
	listed := w.control("GET", "/requests", "").want(200)
	equal(t, "route", listed.at("requests.0.route"), "POST /projects")
	equal(t, "body", listed.at("requests.0.request_body.project.name"), "app")
	metrics := w.control("GET", "/metrics", "").want(200)
	equal(t, "creations", metrics.at("requests.POST /projects"), "1")
	equal(t, "unknown", metrics.at("requests.GET (unknown)"), "1")
	equal(t, "projects", metrics.at("objects.projects"), "1")
	equal(t, "organizations", metrics.at("objects.organizations"), "3")
	w.control("DELETE", "/requests", "").want(204)
	equal(t, "cleared", w.control("GET", "/requests", "").at("requests.0.seq"), "")
}

func TestControlFaults(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.control("POST", "/faults", `{"method":"GET","path":"/auth","skip":1,"times":1,"fault":{"status":500}}`).want(201)
	w.as(adminKey).get("/auth").want(200)
	w.as(adminKey).get("/auth").want(500)
	w.as(adminKey).get("/auth").want(200)
	listed := w.control("GET", "/faults", "").want(200)
	equal(t, "taken", listed.at("faults.0.taken"), "1")
	w.control("POST", "/faults", `{"path":"/auth","fault":{"status":500,"colour":"red"}}`).want(400, "colour")
	w.control("POST", "/faults", `{"path":"/auth","fault":{"hang":"soon"}}`).want(400, "soon")
	w.control("DELETE", "/faults", "").want(204)
	equal(t, "cleared", w.control("GET", "/faults", "").at("faults.0.path"), "")
}

func TestControlRefusals(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.control("GET", "/nothing", "").want(404, "/state")
	equal(t, "allowed", w.control("DELETE", "/state", "").want(405).header.Get("Allow"), "GET, PUT")
	w.control("POST", "/clock", `{"advance":"-1h"}`).want(400, "can't go back")
	w.control("POST", "/clock", `{"advance":3}`).want(400)
	w.control("POST", "/clock", `{"advance":"1h"} x`).want(400, "something follows")
	r, err := w.try(http.MethodGet, w.url+"/elsewhere", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.want(404, "/_emulator")
}

func TestAdvanceAndRestore(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.advance(90 * time.Minute)
	snapshot := w.emu.Snapshot()
	equal(t, "advance", time.Duration(snapshot.ClockAdvance), 90*time.Minute)
	if err := w.emu.Reset(); err != nil {
		t.Fatal(err)
	}
	if err := w.emu.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	equal(t, "created", w.as(adminKey).create(acme, "app").Project.CreatedAt, noon.Add(90*time.Minute))
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.RateLimit = true })
	admin := w.as(adminKey)
	for range requestsPerSecond {
		admin.get("/auth").want(200)
	}
	refused := admin.get("/auth").want(429, "too many requests")
	equal(t, "retry after", refused.header.Get("Retry-After"), "1")
	admin.get("/users/me").want(200)
	w.as(devKey).get("/auth").want(200)
	w.advance(time.Second)
	for spent := requestsPerSecond + 1; spent < requestsPerMinute; spent++ {
		if admin.get("/users/me").status == 429 {
			t.Fatalf("refused after %d requests", spent)
		}
		w.advance(25 * time.Millisecond)
	}
	refused = admin.get("/regions").want(429)
	equal(t, "retry after", refused.header.Get("Retry-After"), "43")
	w.advance(43 * time.Second)
	admin.get("/regions").want(200)
	equal(t, "counted", w.control("GET", "/metrics", "").at("rate_limited"), "2")
}
