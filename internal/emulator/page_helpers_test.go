package emulator

import (
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// visitor looks at the emulator's pages with a browser that keeps cookies and
// doesn't follow redirects.
type visitor struct {
	w      *testWorld
	client *http.Client
}

func (w *testWorld) visitor() visitor {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return visitor{w, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// send sends a request as it is. headers may name "Host" too.
func (v visitor) send(method, path, body string, headers map[string]string) response {
	v.w.t.Helper()
	r, err := http.NewRequestWithContext(v.w.t.Context(), method, v.w.url+path, strings.NewReader(body))
	if err != nil {
		v.w.t.Fatal(err)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	r.Host = headers["Host"]
	res, err := v.client.Do(r)
	if err != nil {
		v.w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		v.w.t.Fatal(err)
	}
	return response{t: v.w.t, call: method + " " + path, status: res.StatusCode, header: res.Header, data: data}
}

func (v visitor) get(path string) response {
	v.w.t.Helper()
	return v.send(http.MethodGet, path, "", nil)
}

// submit sends a form as a browser does from the emulator's own page.
func (v visitor) submit(form url.Values) response {
	v.w.t.Helper()
	return v.submitWith(form, map[string]string{"Origin": v.w.url, "Sec-Fetch-Site": "same-origin"})
}

func (v visitor) submitWith(form url.Values, headers map[string]string) response {
	v.w.t.Helper()
	all := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	maps.Copy(all, headers)
	return v.send(http.MethodPost, claimPath, form.Encode(), all)
}

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// filled opens a link as the customer and fills the form that it shows.
func (v visitor) filled(l link, to string) url.Values {
	v.w.t.Helper()
	res := v.get(l.path()+"&as="+owner).want(http.StatusOK, "Where should the project go?")
	body, _, _ := strings.Cut(string(res.data), "I am somebody else")
	form := url.Values{"to": {to}}
	for _, field := range hiddenInput.FindAllStringSubmatch(body, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	return form
}

// link is a claim URL, given its parts.
type link struct{ project, request, redirect string }

func (l link) path() string {
	query := url.Values{"p": {l.project}, "tr": {l.request}}
	if l.redirect != "" {
		query.Set("ru", l.redirect)
	}
	return claimPath + "?" + query.Encode()
}

// offered makes a project in acme and a link to it.
func (w *testWorld) offered(redirect string) link {
	w.t.Helper()
	id := w.as(adminKey).create(acme, "shop").Project.ID
	_, request := w.as(adminKey).offer(id, "")
	return link{id, request.ID, redirect}
}

// wantHeaders demands what every page must say to browsers.
func (r response) wantHeaders() response {
	r.t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
	} {
		equal(r.t, r.call+" "+name, r.header.Get(name), want)
	}
	policy := r.header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
		if !strings.Contains(policy, part) {
			r.t.Errorf("%s: the content policy lacks %s: %s", r.call, part, policy)
		}
	}
	if strings.Contains(policy, "script-src") || strings.Contains(policy, "unsafe") {
		r.t.Errorf("%s: the content policy allows scripts: %s", r.call, policy)
	}
	return r
}

// lacks demands that an answer doesn't contain something.
func (r response) lacks(parts ...string) {
	r.t.Helper()
	for _, part := range parts {
		if strings.Contains(string(r.data), part) {
			r.t.Errorf("%s answered with %q in it: %s", r.call, part, r.data)
		}
	}
}

func TestTheVisitorFindsHiddenFields(t *testing.T) {
	t.Parallel()
	w := start(t)
	l := w.offered(`https://shop.test/?a=1&b="2"`)
	form := w.visitor().filled(l, bloom)
	for name, want := range map[string]string{"p": l.project, "tr": l.request, "ru": l.redirect, "as": owner, "to": bloom} {
		equal(t, name, form.Get(name), want)
	}
	if len(form.Get("token")) < 40 {
		t.Errorf("the token is only %q", form.Get("token"))
	}
}
