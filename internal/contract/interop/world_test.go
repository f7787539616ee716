package interop

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/contract"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// The default world.
const (
	adminKey    = "napi_partner_admin"
	customerKey = "napi_customer_owner"
	orgKey      = "napi_partner_org"

	acme  = "org-partner-acme-10000001"
	labs  = "org-partner-labs-10000002"
	bloom = "org-customer-bloom-20000001"
)

// world is an emulator of a test's own, on a loopback port. Every exchange is
// held against Neon's OpenAPI document.
type world struct {
	clients installation
	emu     *emulator.Emulator
	apiURL  string
}

// startWorld starts the default world with two projects more: one that its
// owner shares with dev@partner.test, and one that can't be transferred.
func startWorld(t *testing.T) *world {
	t.Helper()
	clients := needClients(t)
	seed := emulator.DefaultSeed()
	seed.Projects = append(
		seed.Projects,
		emulator.Project{Name: "guest-book", OrgID: bloom, Permissions: []*emulator.Permission{{Email: "dev@partner.test"}}},
		emulator.Project{Name: "on-vercel", OrgID: acme, Integration: "vercel"},
	)
	emu, err := emulator.New(emulator.Options{Seed: &seed})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(contract.Prefix+"/", contract.Wrap(t, emu.API()))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &world{clients: clients, emu: emu, apiURL: server.URL + contract.Prefix}
}

// command prepares a Node.js program, with nothing in its environment but what
// is named here: settings and keys of the shell must not reach the clients.
func (w *world) command(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), w.clients.node, args...)
	cmd.Dir = home
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "NEON_API_HOST=" + w.apiURL, "CI=1"}, env...)
	return cmd
}
