package faults

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/neon-orgs/terraform-provider-neon/internal/contract"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/provider"
)

// The emulator's default world.
const (
	PartnerAdmin  = "napi_partner_admin"
	PartnerOrg    = "napi_partner_org"
	CustomerOwner = "napi_customer_owner"

	Acme  = "org-partner-acme-10000001"
	Labs  = "org-partner-labs-10000002"
	Bloom = "org-customer-bloom-20000001"
)

// Place is the request that meets a fault: the n-th of a route, from 0, since it
// was set.
type Place struct {
	Route string // such as POST /projects
	Nth   int
}

// World is Neon as a scenario has it. Its Handler serves the API with faults, and
// holds every exchange against Neon's document.
type World struct {
	T   testing.TB
	Emu *emulator.Emulator
	// Vars stand in configurations and ids in braces, such as {request_id}.
	Vars map[string]string

	next http.Handler

	mu        sync.Mutex
	place     Place
	fault     *Fault
	seen      int
	isMet     bool
	interrupt context.CancelFunc
	strike    *strike
	watch     func() // is called before each request is served; may be nil
}

// New makes the world of a scenario. What is done to it before the scenario's
// first command is done.
func New(tb testing.TB, s Scenario, clock func() time.Time) *World {
	tb.Helper()
	seed := emulator.DefaultSeed()
	if s.Seed != nil {
		s.Seed(&seed)
	}
	emu, err := emulator.New(emulator.Options{Seed: &seed, Clock: clock, OperationDelay: s.OperationDelay})
	if err != nil {
		tb.Fatal(err)
	}
	return &World{T: tb, Emu: emu, Vars: map[string]string{}, next: contract.Wrap(tb, emu.API())}
}

// ServeHTTP implements http.Handler.
func (w *World) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if w.watch != nil {
		w.watch()
	}
	w.meetStrike(r)
	fault := w.due(r)
	switch {
	case fault == nil:
		w.next.ServeHTTP(rw, r)
	case fault.Interrupt == "after":
		w.next.ServeHTTP(&interrupting{ResponseWriter: rw, interrupt: w.interrupt}, r)
	default:
		if fault.Interrupt == "before" {
			w.interrupt()
		}
		if fault.Effect.String() == "" {
			w.next.ServeHTTP(rw, r)
			return
		}
		path := strings.TrimPrefix(r.URL.EscapedPath(), contract.Prefix)
		if err := w.Emu.AddFault(emulator.Fault{Method: r.Method, Path: path, Times: cmp.Or(fault.Times, 1), Effect: fault.Effect}); err != nil {
			w.T.Error(err)
		}
		w.next.ServeHTTP(rw, r)
	}
}

// interrupting interrupts the command when the work is done and the answer begins.
type interrupting struct {
	http.ResponseWriter
	interrupt context.CancelFunc
}

// WriteHeader implements http.ResponseWriter.
func (i *interrupting) WriteHeader(status int) {
	i.interrupt()
	i.ResponseWriter.WriteHeader(status)
}

// due gives the fault that a request meets, or nil.
func (w *World) due(r *http.Request) *Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.fault == nil:
		return nil
	case w.isMet && w.fault.Lasts:
		return w.fault
	case w.isMet || !routeMatches(w.place.Route, r):
		return nil
	}
	w.seen++
	if w.seen <= w.place.Nth {
		return nil
	}
	w.isMet = true
	return w.fault
}

// Set lets the request at a place meet a fault. Interrupt is what Ctrl-C calls.
func (w *World) Set(place Place, fault Fault, interrupt context.CancelFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.place, w.fault, w.seen, w.isMet, w.interrupt = place, &fault, 0, false, interrupt
}

// Clear ends all faults and tells whether the one that was set was met.
func (w *World) Clear() bool {
	w.Emu.ClearFaults()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = nil
	return w.isMet
}

// Places lists the requests in the journal.
func (w *World) Places() []Place {
	var places []Place
	seen := map[string]int{}
	for _, r := range w.Emu.Requests() {
		places = append(places, Place{Route: r.Route, Nth: seen[r.Route]})
		seen[r.Route]++
	}
	return places
}

// routeMatches holds a request against a route such as GET /projects/{project_id}.
func routeMatches(route string, r *http.Request) bool {
	method, template, _ := strings.Cut(route, " ")
	want := strings.Split(template, "/")
	got := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), contract.Prefix), "/")
	if method != r.Method || len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

// Expand puts the variables into a configuration or an id.
func (w *World) Expand(text string) string {
	for name, value := range w.Vars {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// Client calls the emulator directly as the holder of a key would: no faults, and
// not in the journal for long, which Run clears before the command.
func (w *World) Client(key string) *neon.Client {
	w.T.Helper()
	client, err := neon.New(neon.Options{
		APIKey: key, BaseURL: "http://127.0.0.1" + contract.Prefix, UserAgent: "test",
		HTTPClient: &http.Client{Transport: direct{w.Emu.API()}},
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return client
}

// Virtual is a world in memory with the stand-in for a CLI. It has to be made and
// closed within one bubble of testing/synctest.
type Virtual struct {
	*World
	CLI *minicli.CLI
	// Phases are how many requests had been made when each provider process started.
	Phases []int
	// Log is what the provider has logged, at every level.
	Log     logged
	network *network
	server  *http.Server
	client  *http.Transport
}

// logged is a log that several write at the same time.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// String gives all that was written.
func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// NewVirtual starts a scenario's world in memory.
func NewVirtual(tb testing.TB, s Scenario, schemas *tfprotov6.GetProviderSchemaResponse) *Virtual {
	tb.Helper()
	// A bubble begins in the year 2000, before there was Neon.
	clock := func() time.Time { return time.Now().AddDate(26, 0, 0) }
	v := &Virtual{World: New(tb, s, clock), network: newNetwork("127.0.0.1:80")}
	v.server = &http.Server{Handler: v.World, ReadHeaderTimeout: time.Minute, ErrorLog: discard()}
	v.client = &http.Transport{DialContext: v.network.dial}
	go func() { _ = v.server.Serve(v.network) }()

	environment := s.Environment("http://127.0.0.1" + contract.Prefix)
	options := provider.Options{
		Getenv: func(name string) string { return environment[name] },
		Clock:  clock, HTTPClient: &http.Client{Transport: v.client, Timeout: time.Minute},
	}
	v.CLI = &minicli.CLI{
		Start: func() tfprotov6.ProviderServer {
			v.Phases = append(v.Phases, v.Emu.CountRequests())
			return provider.NewServer("test", options)()
		},
		Schemas: schemas, Version: "1.13.0",
	}
	return v
}

// Close stops the server and waits for nothing.
func (v *Virtual) Close() {
	v.client.CloseIdleConnections()
	_ = v.server.Close()
}

// Strayed lists the other hosts that were called.
func (v *Virtual) Strayed() []string {
	v.network.mu.Lock()
	defer v.network.mu.Unlock()
	return v.network.strayed
}
