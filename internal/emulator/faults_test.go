package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const newInAcme = `{"project":{"org_id":"` + acme + `"}}`

func TestStatusFaults(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin := w.as(adminKey)
	w.fault(Fault{Method: "POST", Path: "/projects", Times: 1, Effect: FaultEffect{Status: 503, Headers: map[string]string{"Retry-After": "2"}}})
	w.fault(Fault{Method: "POST", Path: "/projects", Times: 1, Effect: FaultEffect{Status: 502, After: true, Body: json.RawMessage(`{"oops":1}`)}})
	before := admin.post("/projects", newInAcme).want(503, `"message":"the emulator was told to answer 503`)
	equal(t, "header", before.header.Get("Retry-After"), "2")
	equal(t, "marked", before.header.Get("X-Emulator-Fault"), "status 503")
	equal(t, "projects", len(w.emu.Snapshot().Projects), 0)
	admin.post("/projects", newInAcme).want(502, `{"oops":1}`)
	equal(t, "projects", len(w.emu.Snapshot().Projects), 1)
	equal(t, "no fault left", admin.post("/projects", newInAcme).want(201).header.Get("X-Emulator-Fault"), "")
	records := w.emu.Requests()
	equal(t, "journal", records[0].Fault+", "+records[1].Fault+", "+records[2].Fault, "status 503, status 502, ")
}

func TestFaultsSkipAndCount(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	admin := w.as(adminKey)
	w.fault(Fault{Path: "/projects/*", Skip: 1, Times: 2, Effect: FaultEffect{Status: 500}})
	for i, want := range []int{200, 500, 500, 200} {
		if got := admin.get("/projects/p-one").status; got != want {
			t.Errorf("request %d: got %d, want %d", i, got, want)
		}
	}
	w.fault(Fault{Method: "delete", Path: "/projects/p-one", Effect: FaultEffect{Status: 500}})
	admin.delete("/projects/p-one").want(500)
	admin.get("/projects/p-one").want(200)
	admin.get("/projects/p-one/branches").want(200)
	w.emu.ClearFaults()
	admin.delete("/projects/p-one").want(200)
}

func TestDropFaults(t *testing.T) {
	t.Parallel()
	for drop, projects := range map[string]int{"before": 0, "after": 1} {
		t.Run(drop, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.fault(Fault{Path: "/projects", Effect: FaultEffect{Drop: drop}})
			if r, err := w.as(adminKey).try("POST", "/projects", newInAcme); err == nil {
				t.Errorf("got an answer: %d", r.status)
			}
			equal(t, "projects", len(w.emu.Snapshot().Projects), projects)
			record := w.emu.Requests()[0]
			equal(t, "journal", record.Fault, "drop "+drop)
			equal(t, "status", record.Status, 0)
			equal(t, "key", record.Key, "personal admin@partner.test")
		})
	}
}

func TestTruncateAndGarbage(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin := w.as(adminKey)
	w.fault(Fault{Path: "/projects", Times: 1, Effect: FaultEffect{Truncate: new(10)}})
	r, err := admin.try("POST", "/projects", newInAcme)
	if err == nil {
		t.Error("the answer arrived whole")
	}
	equal(t, "what arrived", string(r.data), `{"project"`)
	equal(t, "projects", len(w.emu.Snapshot().Projects), 1)
	w.fault(Fault{Path: "/projects", Times: 1, Effect: FaultEffect{Garbage: true}})
	garbage := admin.post("/projects", newInAcme).want(201, "<html>")
	equal(t, "content type", garbage.header.Get("Content-Type"), "text/html")
	equal(t, "projects", len(w.emu.Snapshot().Projects), 2)
}

func TestHangEndsWithTheClient(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.fault(Fault{Path: "/projects", Times: 1, Effect: FaultEffect{Hang: Duration(time.Hour)}})
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+apiPrefix+"/projects", strings.NewReader(newInAcme))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+adminKey)
	ended := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			err = res.Body.Close()
		}
		ended <- err
	}()
	for len(w.emu.Requests()) == 0 { // the request is in the journal as soon as it has arrived
		if t.Context().Err() != nil {
			t.Fatal("the request never arrived")
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a cancelled request", err)
	}
	equal(t, "projects", len(w.emu.Snapshot().Projects), 0)
}

func TestHangGoesOn(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, after := range []bool{false, true} {
		w.fault(Fault{Path: "/projects", Times: 1, Effect: FaultEffect{Hang: Duration(time.Millisecond), After: after}})
		w.as(adminKey).post("/projects", newInAcme).want(201)
	}
	equal(t, "projects", len(w.emu.Snapshot().Projects), 2)
}

func TestUnavailableProjects(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	w.fault(Fault{Method: "GET", Path: "/projects", Effect: FaultEffect{Unavailable: []string{"p-two", "p-elsewhere"}}})
	page := read[neon.ProjectsPage](w.as(adminKey).get("/projects?org_id=" + acme).want(200))
	equal(t, "shown", len(page.Projects), 2)
	equal(t, "unavailable", strings.Join(page.UnavailableProjectIDs, ","), "p-two")
	equal(t, "cursor", page.Pagination.Cursor, "p-web")
	w.as(adminKey).get("/projects/p-two").want(200)
}

func TestFaultsAreChecked(t *testing.T) {
	t.Parallel()
	w := start(t)
	for want, f := range map[string]Fault{
		"must begin with /":       {Path: "projects", Effect: FaultEffect{Status: 500}},
		"exactly one of":          {Path: "/projects"},
		"needs exactly one of":    {Path: "/projects", Effect: FaultEffect{Status: 500, Garbage: true}},
		"from 200 to 599":         {Path: "/projects", Effect: FaultEffect{Status: 99}},
		"before or after":         {Path: "/projects", Effect: FaultEffect{Drop: "now"}},
		"skip and times":          {Path: "/projects", Skip: -1, Effect: FaultEffect{Status: 500}},
		"headers and body go":     {Path: "/projects", Effect: FaultEffect{Garbage: true, Body: json.RawMessage("{}")}},
		"after goes with":         {Path: "/projects", Effect: FaultEffect{Garbage: true, After: true}},
		"hang can't be negative":  {Path: "/projects", Effect: FaultEffect{Hang: -1}},
		"does one of accept_inv":  {Path: "/projects", Effect: FaultEffect{World: &WorldChange{Do: "vanish"}}},
		"truncate can't be negat": {Path: "/projects", Effect: FaultEffect{Truncate: new(-1)}},
	} {
		if err := w.emu.AddFault(f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one that says %q", err, want)
		}
	}
}
