package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// controlBodies are bodies that would have an effect, by call. Calls that are
// not here take none.
func controlBodies() map[string]string {
	return map[string]string{
		"PUT /state":               `{"users":[],"organizations":[]}`,
		"POST /faults":             `{"path":"/auth","fault":{"status":500}}`,
		"POST /clock":              `{"advance":"24h"}`,
		"POST /invitations/accept": `{"email":"ann@example.test"}`,
		"POST /changes":            `{"do":"change_role","org_id":"org-partner-acme-10000001","email":"dev@partner.test","role":"viewer"}`,
	}
}

// busyWorld has something for every call of the control API to change.
func busyWorld(t *testing.T) *testWorld {
	t.Helper()
	w := start(t, seeded(func(s *Seed) {
		s.Organizations[0].Invitations = []*Invitation{{Email: "ann@example.test"}}
	}))
	w.as(adminKey).create(acme, "shop")
	w.fault(Fault{Path: "/regions", Effect: FaultEffect{Status: 503}})
	w.advance(time.Hour)
	return w
}

// everything is all that the control API can change.
func (w *testWorld) everything() any {
	return map[string]any{"world": w.emu.Snapshot(), "journal": len(w.emu.Requests()), "faults": w.emu.faults.list()}
}

// eachChange calls f for every call of the control API that changes something.
func eachChange(f func(method, path, body string)) {
	for _, path := range slices.Sorted(maps.Keys(controlRoutes)) {
		for _, method := range slices.Sorted(maps.Keys(controlRoutes[path])) {
			if method != http.MethodGet {
				f(method, path, controlBodies()[method+" "+path])
			}
		}
	}
}

func TestOtherSitesCantUseTheControlAPI(t *testing.T) {
	t.Parallel()
	w := busyWorld(t)
	before := w.everything()
	for name, headers := range map[string]map[string]string{
		"another site":             {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"},
		"an old browser":           {"Origin": "https://evil.test"},
		"another port":             {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"},
		"another name":             {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
		"a sandboxed frame":        {"Origin": "null"},
		"a link":                   {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
		"a sister site":            {"Sec-Fetch-Site": "same-site"},
		"a site of its own choice": {"Origin": "https://evil.test", "Sec-Fetch-Site": "none"},
		"a broken origin":          {"Origin": "%"},
	} {
		sent := map[string]string{"Content-Type": "application/json"}
		maps.Copy(sent, headers)
		eachChange(func(method, path, body string) {
			res := w.visitor().send(method, controlPrefix+path, body, sent)
			equal(t, name+": "+res.call, res.status, http.StatusForbidden)
		})
		res := w.visitor().send(http.MethodGet, controlPrefix+"/state", "", headers)
		equal(t, name+": "+res.call, res.status, http.StatusForbidden)
		res.lacks(adminKey)
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("another site changed something:\n%s", diff)
	}
}

// TestControlTakesNoSimpleRequests sends what a browser lets every site send
// without asking first.
func TestControlTakesNoSimpleRequests(t *testing.T) {
	t.Parallel()
	w := busyWorld(t)
	before := w.everything()
	for _, contentType := range []string{
		"", "text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
		"text/plain; application/json", "application/jsonx", "application/json, text/plain",
	} {
		headers := map[string]string{}
		if contentType != "" {
			headers["Content-Type"] = contentType
		}
		eachChange(func(method, path, body string) {
			w.visitor().send(method, controlPrefix+path, body, headers).want(http.StatusUnsupportedMediaType, "Content-Type: application/json")
		})
		w.visitor().send(http.MethodGet, controlPrefix+"/clock", `{}`, headers).want(http.StatusUnsupportedMediaType)
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("a simple request changed something:\n%s", diff)
	}
}

func TestControlServesToolsAndItsOwnPages(t *testing.T) {
	t.Parallel()
	for name, headers := range map[string]map[string]string{
		"a tool":               {"Content-Type": "application/json"},
		"a tool that is wordy": {"Content-Type": "Application/JSON; charset=utf-8"},
		"a page of its own":    {"Content-Type": "application/json", "Origin": "itself", "Sec-Fetch-Site": "same-origin"},
		"the address bar":      {"Content-Type": "application/json", "Sec-Fetch-Site": "none"},
	} {
		w := busyWorld(t)
		if headers["Origin"] != "" {
			headers["Origin"] = w.url
		}
		eachChange(func(method, path, body string) {
			if res := w.visitor().send(method, controlPrefix+path, body, headers); res.status >= http.StatusMultipleChoices {
				t.Errorf("%s: %s answered %d: %s", name, res.call, res.status, res.data)
			}
			w.emu.ClearFaults()
			if err := w.emu.Reset(); err != nil {
				t.Fatal(err)
			}
		})
		delete(headers, "Content-Type")
		w.visitor().send(http.MethodGet, controlPrefix+"/state", "", headers).want(http.StatusOK)
	}
}

// TestOtherSitesGetNoPages lets other sites link to a page, and do nothing else with it.
func TestOtherSitesGetNoPages(t *testing.T) {
	t.Parallel()
	w := start(t)
	l := w.offered("")
	for _, tt := range []struct {
		headers map[string]string
		status  int
	}{
		{map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, http.StatusOK},
		{map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, http.StatusOK},
		{map[string]string{"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, http.StatusOK},
		{map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": w.url}, http.StatusOK},
		{nil, http.StatusOK},
		{map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, http.StatusForbidden},
		{map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, http.StatusForbidden},
		{map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, http.StatusForbidden},
		{map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"}, http.StatusForbidden},
		{map[string]string{"Origin": "https://evil.test"}, http.StatusForbidden},
		{map[string]string{"Origin": "null"}, http.StatusForbidden},
	} {
		for _, path := range []string{statusPath, l.path()} {
			res := w.visitor().send(http.MethodGet, path, "", tt.headers).wantHeaders()
			equal(t, fmt.Sprintf("%s with %v", res.call, tt.headers), res.status, tt.status)
			if tt.status == http.StatusForbidden {
				res.want(tt.status, "another site").lacks("Acme", l.request)
			}
		}
	}
}
