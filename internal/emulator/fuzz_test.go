package emulator

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// A seed is refused with a reason, or makes a world that can be had back.
func FuzzSeed(f *testing.F) {
	f.Fuzz(func(t *testing.T, document []byte) {
		seed, err := ParseSeed(document)
		if err != nil {
			return
		}
		for _, project := range seed.Projects {
			if project.Count > 100 {
				t.Skip("so many projects take too long")
			}
		}
		emu, err := New(Options{Seed: &seed})
		if err != nil {
			return
		}
		if err := emu.Restore(emu.Snapshot()); err != nil {
			t.Errorf("what comes out can't go in again: %v", err)
		}
	})
}

// Whatever is asked is answered, and never by a failure of the emulator's own.
func FuzzAPI(f *testing.F) {
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		seed := DefaultSeed()
		seed.Projects = []Project{{ID: "calm-river-12345678", Name: "shop", OrgID: acme}}
		emu, err := New(Options{Seed: &seed})
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(method, func(r rune) bool { return r <= ' ' || r > '~' }) || method == "" {
			t.Skip("net/http lets no such method through")
		}
		request := &http.Request{
			Method: method, URL: &url.URL{Path: apiPrefix + "/" + path, RawQuery: query}, Host: "127.0.0.1",
			Header: http.Header{"Authorization": {"Bearer " + adminKey}, "Content-Type": {"application/json"}},
			Body:   http.NoBody, RemoteAddr: "127.0.0.1:1",
		}
		if body != "" {
			request = request.WithContext(t.Context())
			request.Body = httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body)).Body
		}
		recorder := httptest.NewRecorder()
		emu.ServeHTTP(recorder, request)
		if recorder.Code >= http.StatusInternalServerError {
			t.Errorf("%s %s?%s %q: %d %s", method, path, query, body, recorder.Code, recorder.Body)
		}
		if err := emu.Restore(emu.Snapshot()); err != nil {
			t.Errorf("the world is broken: %v", err)
		}
	})
}

// The control API refuses what it doesn't understand.
func FuzzControl(f *testing.F) {
	f.Fuzz(func(t *testing.T, path, body string) {
		emu, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(body, `"count"`) {
			t.Skip("so many projects take too long")
		}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.URL.Path = controlPrefix + "/" + path
		recorder := httptest.NewRecorder()
		emu.ServeHTTP(recorder, request)
		if recorder.Code >= http.StatusInternalServerError {
			t.Errorf("%s %q: %d %s", path, body, recorder.Code, recorder.Body)
		}
	})
}
