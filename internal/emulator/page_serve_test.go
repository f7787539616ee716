package emulator

import (
	"net/http"
	"strings"
	"testing"
)

func TestPagesRefuseOtherNames(t *testing.T) {
	t.Parallel()
	w := start(t)
	l := w.offered("")
	_, port, _ := strings.Cut(strings.TrimPrefix(w.url, "http://"), ":")
	for host, status := range map[string]int{
		"evil.test": 421, "evil.test:" + port: 421, "127.0.0.1.evil.test": 421, "localhost.evil.test:" + port: 421, "192.0.2.1": 421,
		"localhost:" + port: 200, "LOCALHOST": 200, "127.0.0.1": 200, "127.8.8.8:" + port: 200, "[::1]:" + port: 200, "[::ffff:127.0.0.1]": 200,
	} {
		for _, path := range []string{"/", l.path()} {
			res := w.visitor().send(http.MethodGet, path, "", map[string]string{"Host": host}).wantHeaders()
			equal(t, host+path, res.status, status)
			if status != http.StatusOK {
				res.lacks("Acme", l.request)
			}
		}
	}
	v := w.visitor()
	form := v.filled(l, bloom)
	v.submitWith(form, map[string]string{"Host": "evil.test", "Origin": "http://evil.test", "Sec-Fetch-Site": "same-origin"}).want(http.StatusMisdirectedRequest)
	equal(t, "owner", w.project(l.project).OwnerID, acme)
}

func TestOtherNamesGetNoStateEither(t *testing.T) {
	t.Parallel()
	w := start(t)
	for host, status := range map[string]int{"evil.test": 421, "localhost": 200, "host.docker.internal:7777": 200} {
		res := w.visitor().send(http.MethodGet, "/_emulator/state", "", map[string]string{"Host": host})
		equal(t, host, res.status, status)
		if status != http.StatusOK {
			res.lacks("napi_partner_admin")
		}
	}
}

func TestPagesTakeTheirMethodsAlone(t *testing.T) {
	t.Parallel()
	w := start(t)
	l := w.offered("")
	for _, tt := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{http.MethodHead, "/", 200, ""},
		{http.MethodHead, l.path(), 200, ""},
		{http.MethodPost, "/", 405, "GET"},
		{http.MethodDelete, "/", 405, "GET"},
		{http.MethodPut, l.path(), 405, "GET, POST"},
		{http.MethodOptions, l.path(), 405, "GET, POST"},
	} {
		res := w.visitor().send(tt.method, tt.path, "", nil).wantHeaders()
		equal(t, tt.method+" "+tt.path, res.status, tt.status)
		equal(t, tt.method+" "+tt.path+" Allow", res.header.Get("Allow"), tt.allow)
	}
	equal(t, "owner", w.project(l.project).OwnerID, acme)
}

func TestPagesLoadTheirStyleAndIcon(t *testing.T) {
	t.Parallel()
	w := start(t)
	style := w.visitor().get(stylePath).wantHeaders().want(http.StatusOK, "prefers-color-scheme: dark")
	equal(t, "style", style.header.Get("Content-Type"), "text/css; charset=utf-8")
	icon := w.visitor().get(iconPath).wantHeaders().want(http.StatusOK, "<svg")
	equal(t, "icon", icon.header.Get("Content-Type"), "image/svg+xml")
	w.visitor().get("/app").want(http.StatusNotFound)
	w.visitor().get("/pages/style.css").want(http.StatusNotFound)
}
