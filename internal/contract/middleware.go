package contract

import (
	"net/http"
	"strings"
)

const (
	// ownClient is in the User-Agent of every request of the provider.
	ownClient = "terraform-provider-neon"
	// faultHeader is on answers that an injected fault has changed.
	faultHeader = "X-Emulator-Fault"
)

// Option changes what a middleware demands.
type Option func(*middleware)

// LenientClient lets the provider's own requests be invalid where they are
// refused. It is for tests that make the provider send what Neon must refuse;
// without it, queries and bodies of the provider have to be valid always.
func LenientClient() Option {
	return func(m *middleware) { m.lenientClient = true }
}

type middleware struct {
	checker       *Checker
	prefix        string
	report        func(Violation)
	next          http.Handler
	lenientClient bool
}

// Middleware checks every exchange of next, a handler that serves the API under
// prefix ("/api/v2"), and reports each violation. It never alters an exchange.
// Report may be called from several goroutines at once.
//
// Answers are always checked, unless the connection was hijacked, the handler
// panicked, the client went away, or the header X-Emulator-Fault says that a
// fault has changed the answer. Requests are checked when they were accepted
// (2xx), because to refuse an invalid one is right, and so is every request of
// the provider (see [LenientClient]), path parameters excepted: what people give
// as ids is theirs. Undocumented paths must be refused with a 4xx and never be
// asked for by the provider. Paths outside of prefix pass unchecked.
func (c *Checker) Middleware(prefix string, report func(Violation), next http.Handler, options ...Option) http.Handler {
	m := &middleware{checker: c, prefix: strings.TrimSuffix(prefix, "/"), report: report, next: next}
	for _, option := range options {
		option(m)
	}
	return m
}

// ServeHTTP implements http.Handler.
func (m *middleware) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), m.prefix+"/")
	if !ok {
		m.next.ServeHTTP(w, r)
		return
	}
	sent, again := readAhead(r)
	rec := &recorder{ResponseWriter: w}
	m.next.ServeHTTP(rec, again)
	if rec.lost || rec.status == 0 && r.Context().Err() != nil {
		return
	}
	rec.begin(http.StatusOK) // what net/http sends for a handler that wrote nothing

	e := &exchange{
		request: r, sent: sent,
		status: rec.status, header: rec.header, received: rec.body.Bytes(), report: m.report,
	}
	e.op, e.pathValues = m.checker.routes.find(r.Method, path)
	m.check(e)
}

func (m *middleware) check(e *exchange) {
	own := !m.lenientClient && strings.Contains(e.request.UserAgent(), ownClient)
	faulty := e.header.Get(faultHeader) != ""
	accepted := e.status < 300 && !faulty
	if e.op == nil {
		if refused := e.status >= 400 && e.status < 500; own || !refused && !faulty {
			e.violation(InPath, "", "undocumented path or method")
		}
		return
	}
	if accepted {
		e.checkPath()
	}
	if accepted || own {
		e.checkQuery()
		e.checkRequestBody()
	}
	if faulty {
		return
	}
	e.checkAnswer()
	if accepted {
		e.op.seen.Store(true)
	}
}
