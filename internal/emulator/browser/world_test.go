package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// The default world.
const (
	partnerOrg  = "org-partner-acme-10000001"
	customerOrg = "org-customer-bloom-20000001"
)

// world is an emulator of a test's own.
type world struct {
	t       *testing.T
	emu     *emulator.Emulator
	origin  string
	partner *neon.Client
}

func start(t *testing.T) world {
	t.Helper()
	emu, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(emu)
	t.Cleanup(server.Close)
	partner, err := neon.New(neon.Options{BaseURL: server.URL + "/api/v2", APIKey: "napi_partner_admin"})
	if err != nil {
		t.Fatal(err)
	}
	return world{t, emu, server.URL, partner}
}

// offer makes a project and a transfer request.
func (w world) offer(name string) neon.TransferRequest {
	w.t.Helper()
	project, err := w.partner.CreateProject(w.t.Context(), neon.ProjectCreate{Name: &name, OrgID: new(partnerOrg)})
	if err != nil {
		w.t.Fatal(err)
	}
	request, err := neontest.Held(w.t, w.partner, project.Project.ID).Offer(w.t.Context(), 3600)
	if err != nil {
		w.t.Fatal(err)
	}
	return request.TransferRequest
}

// claimURL is what a partner gives to a customer.
func (w world) claimURL(offer neon.TransferRequest, redirect string) string {
	query := url.Values{"p": {offer.ProjectID}, "tr": {offer.ID}}
	if redirect != "" {
		query.Set("ru", redirect)
	}
	return w.origin + "/app/claim?" + query.Encode()
}

func (w world) advance(d time.Duration) {
	w.t.Helper()
	if err := w.emu.Advance(d); err != nil {
		w.t.Fatal(err)
	}
}

// belongsTo wants an owner of a project.
func (w world) belongsTo(projectID, owner string) {
	w.t.Helper()
	projects := w.emu.Snapshot().Projects
	i := slices.IndexFunc(projects, func(p emulator.Project) bool { return p.ID == projectID })
	if i < 0 || projects[i].OwnerID != owner {
		w.t.Errorf("project %s should belong to %s: %+v", projectID, owner, projects)
	}
}

// site is somebody else's web site: under another name than the emulator, so
// that browsers take it for foreign. It serves one page, and keeps the requests
// that it gets.
type site struct {
	origin string
	mu     sync.Mutex
	seen   []*http.Request
}

func newSite(t *testing.T, page string) *site {
	t.Helper()
	s := new(site)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, r)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, "<!doctype html><title>Shop</title><link rel=icon href=data:,>%s", page)
	}))
	t.Cleanup(server.Close)
	s.origin = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	return s
}

// requests are those the site got, but for the page at its root.
func (s *site) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.seen), func(r *http.Request) bool { return r.URL.Path == "/" })
}
