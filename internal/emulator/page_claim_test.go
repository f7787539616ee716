package emulator

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const owner = "owner@customer.test"

func TestClaimPageAsksWhoOneIs(t *testing.T) {
	t.Parallel()
	w := start(t)
	l := w.offered("")
	res := w.visitor().get(l.path()).wantHeaders().want(http.StatusOK,
		`<html lang="en">`, "<main", "<h1>Claim a project</h1>", "Partner Acme", "shop", `value="admin@partner.test"`, `value="dev@partner.test"`, `value="`+owner+`"`)
	equal(t, "content type", res.header.Get("Content-Type"), "text/html; charset=utf-8")
	equal(t, "cookies before there is a form to submit", len(res.header.Values("Set-Cookie")), 0)
	w.visitor().get(l.path()+"&as=nobody@nowhere.test").want(http.StatusOK, "Continue as")
	equal(t, "owner after looking", w.project(l.project).OwnerID, acme)
}

func TestClaimPageAsksWhereTo(t *testing.T) {
	t.Parallel()
	w := start(t)
	res := w.visitor().get(w.offered("https://shop.test/done?id=1").path()+"&as="+owner).wantHeaders().want(http.StatusOK,
		"Olive", `value="`+bloom+`"`, `value="personal"`, "https://shop.test/done?id=1")
	res.lacks(acme+`"`, labs)
	cookie := res.header.Get("Set-Cookie")
	for _, part := range []string{"HttpOnly", "SameSite=Strict", "Path=" + claimPath} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie lacks %s: %s", part, cookie)
		}
	}
	if policy := res.header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "form-action 'self' https://shop.test") {
		t.Errorf("the form may not lead on to the redirect alone: %s", policy)
	}
}

func TestClaimByPage(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		to, redirect, wantOwner, wantLocation string
	}{
		"into an organization":      {to: bloom, wantOwner: bloom},
		"into the personal account": {to: "personal", wantOwner: DefaultSeed().Users[2].ID},
		"with a redirect":           {to: bloom, redirect: "https://shop.test/done?a=1&b=%20#top", wantOwner: bloom, wantLocation: "https://shop.test/done?a=1&b=%20#top"},
		"redirect to this computer": {to: bloom, redirect: "http://localhost:3000/", wantOwner: bloom, wantLocation: "http://localhost:3000/"},
		"redirect in plain http":    {to: bloom, redirect: "http://shop.test/", wantOwner: bloom},
		"redirect to a script":      {to: bloom, redirect: "javascript:alert(1)", wantOwner: bloom},
		"redirect within":           {to: bloom, redirect: "//shop.test/", wantOwner: bloom},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, seeded(func(s *Seed) { s.Users[2].Plan = "launch" }))
			l := w.offered(tt.redirect)
			v := w.visitor()
			form := v.filled(l, tt.to)
			res := v.submit(form)
			if tt.wantLocation != "" {
				res.want(http.StatusSeeOther)
				equal(t, "location", res.header.Get("Location"), tt.wantLocation)
			} else {
				res.want(http.StatusOK, "The project is yours", "shop", "Partner Acme", owner).wantHeaders()
				equal(t, "location", res.header.Get("Location"), "")
				equal(t, "says that the redirect isn't followed", bytes.Contains(res.data, []byte("begin with https")), tt.redirect != "")
			}
			res.lacks(l.request)
			equal(t, "referrer policy", res.header.Get("Referrer-Policy"), "same-origin")
			equal(t, "owner", w.project(l.project).OwnerID, tt.wantOwner)
			v.submit(form).want(http.StatusGone, "used already")
		})
	}
}

func TestClaimLinksThatDontWork(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		spoil  func(w *testWorld, l *link)
		status int
		title  string
	}{
		"no request":      {func(_ *testWorld, l *link) { l.request = "" }, 400, "This link is incomplete"},
		"no project":      {func(_ *testWorld, l *link) { l.project = "" }, 400, "This link is incomplete"},
		"unknown project": {func(_ *testWorld, l *link) { l.project = "never-was-12345678" }, 404, "There is no such project"},
		"unknown request": {func(_ *testWorld, l *link) { l.request = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01" }, 404, "This link is not valid"},
		"used": {func(w *testWorld, l *link) {
			w.as(customerKey).put("/projects/"+l.project+"/transfer_requests/"+l.request, into(bloom)).want(http.StatusNoContent)
		}, 410, "This link was used already"},
		"expired": {func(w *testWorld, _ *link) { w.advance(24 * time.Hour) }, 410, "This link has expired"},
		"deleted": {func(w *testWorld, l *link) { w.as(adminKey).delete("/projects/" + l.project).want(http.StatusOK) }, 410, "The project was deleted"},
		"deleted for good": {func(w *testWorld, l *link) {
			w.as(adminKey).delete("/projects/" + l.project).want(http.StatusOK)
			w.advance(7 * 24 * time.Hour)
		}, 404, "There is no such project"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			l := w.offered("https://shop.test/")
			v := w.visitor()
			form := v.filled(l, bloom)
			tt.spoil(w, &l)
			before, _ := json.Marshal(w.emu.Snapshot())
			v.get(l.path()).wantHeaders().want(tt.status, "<h1>"+tt.title+"</h1>").lacks("<form", "Partner Acme")
			v.get(l.path()+"&as="+owner).want(tt.status, tt.title).lacks("<form")
			form.Set("p", l.project)
			form.Set("tr", l.request)
			v.submit(form).wantHeaders().want(tt.status, tt.title)
			after, _ := json.Marshal(w.emu.Snapshot())
			if !bytes.Equal(before, after) {
				t.Errorf("the world changed from %s to %s", before, after)
			}
		})
	}
}

func TestClaimPageTellsRefusals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*Seed)
		form   url.Values // instead of what the page filled in
		status int
		says   []string
	}{
		"managed by Vercel": {func(s *Seed) { s.Organizations[2].ManagedBy = "vercel" }, nil, 400, []string{"managed by Vercel"}},
		"several reasons": {func(s *Seed) {
			s.Organizations[2].Plan = "free"
			s.Organizations[2].ProjectsLimit = new(int64(0))
		}, nil, 406, []string{"<li>the account may have 0 projects", "<li>the free plan keeps history"}},
		"region":           {func(s *Seed) { s.Organizations[2].Regions = []string{"aws-eu-west-2"} }, nil, 406, []string{"is not available"}},
		"personal plan":    {nil, url.Values{"to": {"personal"}}, 406, []string{"the free plan keeps history"}},
		"somebody else's":  {nil, url.Values{"to": {labs}}, 404, []string{"organization not found"}},
		"nowhere":          {nil, url.Values{"to": nil}, 400, []string{"Choose where the project should go."}},
		"nobody":           {nil, url.Values{"as": {"nobody@nowhere.test"}}, 400, []string{"Choose who you are.", "Continue as"}},
		"as nobody at all": {nil, url.Values{"as": nil}, 400, []string{"Choose who you are."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := tt.change
			if change == nil {
				change = func(*Seed) {}
			}
			w := start(t, seeded(change))
			l := w.offered("https://shop.test/")
			v := w.visitor()
			form := v.filled(l, bloom)
			maps.Copy(form, tt.form)
			v.submit(form).wantHeaders().want(tt.status, append(tt.says, `role="alert"`, "was not transferred")...)
			equal(t, "owner", w.project(l.project).OwnerID, acme)
		})
	}
}

func TestClaimCanBeTriedAgainAfterARefusal(t *testing.T) {
	t.Parallel()
	w := start(t)
	l := w.offered("")
	v := w.visitor()
	form := v.filled(l, "personal")
	res := v.submit(form).want(http.StatusNotAcceptable)
	if !bytes.Contains(res.data, []byte(`value="`+form.Get("token")+`"`)) {
		t.Error("the form shown again has another token")
	}
	form.Set("to", bloom)
	v.submit(form).want(http.StatusOK, "The project is yours")
	equal(t, "owner", w.project(l.project).OwnerID, bloom)
}

func TestForeignFormsTransferNothing(t *testing.T) {
	t.Parallel()
	w := start(t)
	l := w.offered("")
	victim := w.visitor()
	good := victim.filled(l, bloom)
	stranger := w.visitor().filled(l, bloom)

	with := func(token string) url.Values {
		form := maps.Clone(good)
		form.Set("token", token)
		return form
	}
	local := map[string]string{"Origin": w.url, "Sec-Fetch-Site": "same-origin"}
	for name, send := range map[string]func() response{
		"no token":              func() response { return victim.submitWith(with(""), local) },
		"made-up token":         func() response { return victim.submitWith(with(strings.Repeat("0", 64)), local) },
		"somebody else's token": func() response { return victim.submitWith(with(stranger.Get("token")), local) },
		"no cookie":             func() response { return w.visitor().submitWith(good, local) },
		"foreign origin":        func() response { return victim.submitWith(good, map[string]string{"Origin": "https://evil.test"}) },
		"another port":          func() response { return victim.submitWith(good, map[string]string{"Origin": "http://127.0.0.1:1"}) },
		"null origin":           func() response { return victim.submitWith(good, map[string]string{"Origin": "null"}) },
		"cross-site": func() response {
			return victim.submitWith(good, map[string]string{"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"})
		},
		"same-site": func() response { return victim.submitWith(good, map[string]string{"Sec-Fetch-Site": "same-site"}) },
		"as text": func() response {
			return victim.send(http.MethodPost, claimPath, good.Encode(), map[string]string{"Content-Type": "text/plain", "Origin": w.url})
		},
		"in the query": func() response {
			return victim.send(http.MethodPost, claimPath+"?"+good.Encode(), "", map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Origin": w.url})
		},
	} {
		send().wantHeaders().want(http.StatusForbidden, "Nothing was transferred")
		equal(t, name+": owner", w.project(l.project).OwnerID, acme)
	}
	long := with(good.Get("token"))
	long.Set("ru", strings.Repeat("x", maxForm))
	victim.submit(long).want(http.StatusBadRequest, "can&#39;t be read")
	equal(t, "owner", w.project(l.project).OwnerID, acme)
	victim.submit(good).want(http.StatusOK, "The project is yours")
}

func TestFormsInSeveralTabsStayValid(t *testing.T) {
	t.Parallel()
	w := start(t)
	first, second := w.offered(""), w.offered("")
	v := w.visitor()
	a, b := v.filled(first, bloom), v.filled(second, bloom)
	v.submit(a).want(http.StatusOK)
	v.submit(b).want(http.StatusOK)
	equal(t, "first", w.project(first.project).OwnerID, bloom)
	equal(t, "second", w.project(second.project).OwnerID, bloom)
}

func TestClaimPageEscapesWhatItShows(t *testing.T) {
	t.Parallel()
	const hostile = `</title><script>alert(1)</script>"><img src=x onerror=alert(1)>`
	w := start(t, seeded(func(s *Seed) {
		s.Users[2].Name, s.Organizations[2].Name, s.Organizations[0].Name = hostile, hostile, hostile
	}))
	name, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	id := w.as(orgKey).post("/projects", `{"project":{"name":`+string(name)+`}}`).want(http.StatusCreated).at("project.id")
	_, request := w.as(orgKey).offer(id, "")
	l := link{id, request.ID, `https://shop.test/"><script>alert(1)</script>`}
	v := w.visitor()
	v.get(l.path()).want(http.StatusOK, "&lt;script&gt;").lacks("<script", "<img")
	v.get(l.path()+"&as="+url.QueryEscape(`"><script>`)).want(http.StatusOK).lacks("<script", "<img")
	form := v.filled(l, bloom)
	v.get(l.path()+"&as="+owner).want(http.StatusOK, "&lt;script&gt;").lacks("<script", "<img")
	w.visitor().get("/").want(http.StatusOK, "&lt;script&gt;").lacks("<script", "<img")
	form.Set("ru", hostile)
	v.submit(form).want(http.StatusOK, "&lt;script&gt;").lacks("<script", "<img")
}

func TestClaimPagesLeaveNoTrace(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	w := start(t, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	l := w.offered("https://shop.test/?secret=1")
	w.emu.ClearRequests()
	v := w.visitor()
	v.get(l.path()).want(http.StatusOK)
	v.submit(v.filled(l, bloom)).want(http.StatusSeeOther)
	v.get(l.path()).want(http.StatusGone)
	equal(t, "requests in the journal", len(w.emu.Requests()), 0)
	if text := log.String(); strings.Contains(text, l.request) || strings.Contains(text, "shop.test") || !strings.Contains(text, "path="+claimPath) {
		t.Errorf("the log should tell the page and nothing of the link: %s", text)
	}
}

func TestClaimRedirectTargets(t *testing.T) {
	t.Parallel()
	for redirect, want := range map[string]string{
		"":                            "",
		"https://shop.test":           "https://shop.test",
		"HTTPS://shop.test:8443/x":    "https://shop.test:8443",
		"https://bücher.test/":        "https:",
		"https://[2001:db8::1]/":      "https:",
		"http://127.0.0.1:3000/":      "http://127.0.0.1:3000",
		"http://[::1]:3000/":          "http:",
		"http://localhost/":           "http://localhost",
		"http://localhost.evil.test/": "",
		"http://shop.test/":           "",
		"https:///x":                  "",
		"https:shop.test":             "",
		`https:\\shop.test`:           "",
		"https://user@shop.test/":     "",
		"https://a;script-src *":      "",
		"ftp://shop.test/":            "",
		"data:text/html,x":            "",
		"/app":                        "",
		"https://shop.test/\r\nX: y":  "",
	} {
		equal(t, redirect, policySource(claimLink{Redirect: redirect}.target()), want)
	}
}

func TestClaimByPageSurvivesRestart(t *testing.T) {
	t.Parallel()
	store := openStore(t, filepath.Join(t.TempDir(), "world.json"))
	w := start(t, keptIn(store))
	l := w.offered("")
	v := w.visitor()
	v.submit(v.filled(l, bloom)).want(http.StatusOK)
	w, _ = restarted(t, store)
	equal(t, "owner", w.project(l.project).OwnerID, bloom)
	w.visitor().get(l.path()).want(http.StatusGone, "used already")
}
