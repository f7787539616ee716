package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// The emulator's default world: a partner with two organizations, whose admin has
// a personal key.
const (
	partnerKey = "napi_partner_admin"
	partnerOrg = "org-partner-acme-10000001"
	otherOrg   = "org-partner-labs-10000002"
)

// world is an emulator that can be restarted in place.
type world struct {
	apiURL string
	emu    atomic.Pointer[emulator.Emulator]
	server *http.Server
}

// startWorld serves the default world with so many objects of a kind, which are the
// partner's, on a free port and without limits.
func startWorld(ctx context.Context, k kind, n int) (*world, error) {
	seed := emulator.DefaultSeed()
	// A plan under which an organization may have any number of projects.
	seed.Organizations[0].Plan, seed.Organizations[1].Plan = "enterprise", "enterprise"
	seed.Projects = nil
	k.seed(&seed, n)
	w := &world{}
	if err := w.restart(emulator.Options{Seed: &seed}); err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w.apiURL = fmt.Sprintf("http://%s/api/v2", listener.Addr())
	w.server = &http.Server{
		Handler:           http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.emu.Load().ServeHTTP(rw, r) }),
		ReadHeaderTimeout: time.Minute,
	}
	go func() {
		if err := w.server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			say("The emulator ended: %v", err)
		}
	}()
	return w, nil
}

func (w *world) stop() { _ = w.server.Close() }

func (w *world) restart(options emulator.Options) error {
	emu, err := emulator.New(options)
	if err != nil {
		return fmt.Errorf("starting the emulator: %w", err)
	}
	w.emu.Store(emu)
	return nil
}

// limit goes on with the same projects, with Neon's rate limits on and unspent, an
// empty journal, and operations that take so long.
func (w *world) limit(operationDelay time.Duration) error {
	seed := w.emu.Load().Snapshot()
	return w.restart(emulator.Options{Seed: &seed, RateLimit: true, OperationDelay: operationDelay})
}

// traffic is what the provider has sent since the journal was cleared.
type traffic struct {
	requests  int
	transfers int
	refused   int // by a 429
}

func (w *world) traffic() traffic {
	var t traffic
	for _, r := range w.emu.Load().Requests() {
		t.requests++
		if r.Status == http.StatusTooManyRequests {
			t.refused++
		}
		if strings.HasSuffix(r.Route, "/projects/transfer") {
			t.transfers++
		}
	}
	return t
}

// projectsIn counts the projects of an organization.
func (w *world) projectsIn(orgID string) int {
	n := 0
	for _, p := range w.emu.Load().Snapshot().Projects {
		if p.OrgID == orgID && p.DeletedAt == nil {
			n++
		}
	}
	return n
}
