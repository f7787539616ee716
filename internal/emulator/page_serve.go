package emulator

import (
	"bytes"
	"embed"
	"html/template"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The paths of the pages for people. They need no key and aren't in the journal.
const (
	statusPath = "/"
	claimPath  = "/app/claim"
	stylePath  = "/app/style.css"
	iconPath   = "/app/icon.svg"
)

// maxForm is the longest form that a page reads, in bytes.
const maxForm = 16 << 10

//go:embed pages
var pageFiles embed.FS

// pageTemplates are the pages by name, each within the common frame.
var pageTemplates = parsePages("status", "choose_user", "choose_account", "claimed", "message")

func parsePages(names ...string) map[string]*template.Template {
	functions := template.FuncMap{
		"clock":   func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") },
		"machine": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	}
	frame := template.Must(template.New("frame.html").Funcs(functions).ParseFS(pageFiles, "pages/frame.html"))
	pages := map[string]*template.Template{}
	for _, name := range names {
		pages[name] = template.Must(template.Must(frame.Clone()).ParseFS(pageFiles, "pages/"+name+".html"))
	}
	return pages
}

// page is an answer for a person.
type page struct {
	status int
	// name is that of a template, title what stands in the browser's tab.
	name, title string
	data        any
	// cookie is set when it isn't nil.
	cookie *http.Cookie
	// formTarget is where a form of the page may lead besides the emulator, as
	// the source of a Content-Security-Policy; "" is nowhere.
	formTarget string
	// location makes the answer a redirect; the rest but status is then unused.
	location string
}

type pageHandler func(e *Emulator, r *http.Request) page

// pageHandlers are the pages, by path and method.
var pageHandlers = map[string]map[string]pageHandler{
	statusPath: {http.MethodGet: showStatus},
	claimPath:  {http.MethodGet: showClaim, http.MethodPost: submitClaim},
	stylePath:  nil,
	iconPath:   nil,
}

// isPage tells whether a path is one of the pages or of what they load.
func isPage(path string) bool {
	_, found := pageHandlers[path]
	return found
}

// servePage answers a person's browser. Neither the journal nor the log gets
// the query: it holds the secret of a claim URL.
func (e *Emulator) servePage(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	protect(w.Header())
	switch r.URL.Path {
	case stylePath:
		http.ServeFileFS(w, r, pageFiles, "pages/style.css")
		return
	case iconPath:
		http.ServeFileFS(w, r, pageFiles, "pages/icon.svg")
		return
	}
	p := e.page(w, r)
	e.opts.Logger.LogAttrs(r.Context(), slog.LevelInfo, "page", slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", p.status))
	sendPage(w, p)
}

// page finds what to answer, and refuses what isn't for this server.
func (e *Emulator) page(w http.ResponseWriter, r *http.Request) page {
	if !hostExpected(r) {
		return message(http.StatusMisdirectedRequest, "This address is not the emulator's",
			"The emulator listens on this computer alone, and so it answers only under an address of this computer, such as 127.0.0.1 or localhost. The request was for another name.")
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	methods := pageHandlers[r.URL.Path]
	handle, found := methods[method]
	if !found {
		allowed := strings.Join(slices.Sorted(maps.Keys(methods)), ", ")
		w.Header().Set("Allow", allowed)
		return message(http.StatusMethodNotAllowed, "That can't be done here", "This page takes "+allowed+".")
	}
	if method == http.MethodGet && fromAnotherSite(r) && !followsLink(r) {
		return message(http.StatusForbidden, "Only a link leads here from another site",
			"Another site tried to load this page into one of its own. Open its address instead.")
	}
	return handle(e, r)
}

// message is a page that tells something and offers nothing.
func message(status int, title string, paragraphs ...string) page {
	return page{status: status, name: "message", title: title, data: messageView{title, paragraphs}}
}

type messageView struct {
	Title      string
	Paragraphs []string
}

// protect sets what every page has in common: no scripts, no frames, no copies,
// and no word to other sites about an address that may hold a secret.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy(""))
	// Not no-referrer: with it browsers send "Origin: null" with the page's own
	// form, which then can't be told from a foreign one.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// contentPolicy allows the page's own style and icon, and a form that leads to
// the emulator and, by a redirect, to formTarget.
func contentPolicy(formTarget string) string {
	return strings.TrimSpace("default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' " + formTarget)
}

func sendPage(w http.ResponseWriter, p page) {
	h := w.Header()
	if p.location != "" {
		h.Set("Location", p.location)
		w.WriteHeader(p.status)
		return
	}
	var out bytes.Buffer
	frame := struct {
		Title string
		Data  any
	}{p.title, p.data}
	if err := pageTemplates[p.name].Execute(&out, frame); err != nil {
		// Templates and their data are part of the program: this is a mistake in it.
		panic(err)
	}
	if p.cookie != nil {
		http.SetCookie(w, p.cookie)
	}
	h.Set("Content-Security-Policy", contentPolicy(p.formTarget))
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(p.status)
	_, _ = w.Write(out.Bytes()) // the browser is gone when this fails
}

// hostExpected refuses names of other sites on a loopback connection. Such a
// site can let its name lead to this computer, and would then share the
// emulator's origin, and with it the keys and passwords in the control API's state.
func hostExpected(r *http.Request) bool {
	local, known := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !known {
		return true
	}
	at, err := netip.ParseAddrPort(local.String())
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		return true
	}
	return isLoopbackHost((&url.URL{Host: r.Host}).Hostname())
}

// isLoopbackHost tells whether a name or address can only be this computer.
func isLoopbackHost(host string) bool {
	// The second is how a container calls the computer it runs on.
	if strings.EqualFold(host, "localhost") || strings.EqualFold(host, "host.docker.internal") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
