package provider

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/neon-orgs/terraform-provider-neon/internal/contract"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/testcli"
)

// The emulator's default world.
const (
	partnerAdmin  = "napi_partner_admin"
	partnerDev    = "napi_partner_dev"
	partnerOrgKey = "napi_partner_org"
	customerOwner = "napi_customer_owner"

	acme  = "org-partner-acme-10000001"
	labs  = "org-partner-labs-10000002"
	bloom = "org-customer-bloom-20000001"
)

// TestMain finds the CLI: the one that TF_ACC_TERRAFORM_PATH names, else what
// `make` has built, else one on the PATH. How providers are addressed depends on
// which CLI it is, and OpenTofu does not tell in any other way than by `version`.
func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	// A configuration file of the shell's, or one that it names and that is not
	// there, must not reach the CLI.
	dir, err := os.MkdirTemp("", "neon-acceptance")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	config := filepath.Join(dir, "cli.tfrc")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	_ = os.Setenv("TF_CLI_CONFIG_FILE", config)

	cli := testcli.Find()
	if cli == "" {
		fmt.Fprintln(os.Stderr, "SKIPPED: acceptance tests, because there is neither OpenTofu nor Terraform; run `make tofu`, or set TF_ACC_TERRAFORM_PATH")
		if os.Getenv("CI") == "true" {
			return 1
		}
	}
	_ = os.Setenv("TF_ACC_TERRAFORM_PATH", cli)
	_ = os.Setenv("CHECKPOINT_DISABLE", "1")
	_ = os.Setenv("TF_ACC_PROVIDER_NAMESPACE", "neon-orgs")
	_ = os.Setenv("TF_ACC_PROVIDER_HOST", testcli.RegistryHost(cli))
	return m.Run()
}

// requireCLI gives the CLI that TestMain has found, and skips the test without one.
func requireCLI(t *testing.T) string {
	t.Helper()
	return testcli.Require(t)
}

// knowsActions tells whether the CLI has actions and list resources: Terraform has
// since 1.14, and OpenTofu has not.
func knowsActions() bool {
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	return !testcli.IsTofu(cli) && cliMinor(cli) >= 14
}

// knowsIdentities tells whether the CLI imports by identity: both do since 1.12.
func knowsIdentities() bool { return cliMinor(os.Getenv("TF_ACC_TERRAFORM_PATH")) >= 12 }

// cliMinor gives the 14 of a version 1.14.0.
func cliMinor(cli string) (minor int) {
	_, version, _ := strings.Cut(testcli.Version(cli), " ")
	if _, err := fmt.Sscanf(version, "v1.%d.", &minor); err != nil {
		return 0
	}
	return minor
}

// requireActions skips a test of actions or list resources where the CLI has none.
func requireActions(t *testing.T) {
	t.Helper()
	requireKnown(t, "actions and list resources need Terraform 1.14", knowsActions)
}

// requireIdentities skips a test of imports by identity where the CLI has none.
func requireIdentities(t *testing.T) {
	t.Helper()
	requireKnown(t, "an import by identity needs Terraform 1.12 or OpenTofu 1.12", knowsIdentities)
}

func requireKnown(t *testing.T, need string, isKnown func() bool) {
	t.Helper()
	if cli := requireCLI(t); !isKnown() {
		version, _, _ := strings.Cut(testcli.Version(cli), "\n")
		t.Skipf("%s or newer, and this is %s", need, version)
	}
}

// world is an emulator of a test's own, with every exchange held against Neon's
// official document, and the clock that it shares with the provider.
type world struct {
	t     *testing.T
	emu   *emulator.Emulator
	url   string
	ahead atomic.Int64
	// clock is what the time is ahead of, as the emulator has it.
	clock func() time.Time
	// getenv is the provider's environment, empty by default.
	getenv func(string) string
}

// newWorld starts the emulator in its default world. Options change it before.
func newWorld(t *testing.T, options ...func(*emulator.Options)) *world {
	t.Helper()
	return newCheckedWorld(t, nil, options...)
}

// newCheckedWorld is newWorld with options of the contract check, for tests in
// which the provider sends what Neon must refuse.
func newCheckedWorld(t *testing.T, checks []contract.Option, options ...func(*emulator.Options)) *world {
	t.Helper()
	var o emulator.Options
	for _, option := range options {
		option(&o)
	}
	emu, err := emulator.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(contract.Wrap(t, emu.API(), checks...))
	t.Cleanup(server.Close)
	w := &world{t: t, emu: emu, url: server.URL + "/api/v2", clock: time.Now}
	if o.Clock != nil {
		w.clock = o.Clock
	}
	return w
}

func (w *world) now() time.Time { return w.clock().Add(time.Duration(w.ahead.Load())) }

// advance lets time pass, for Neon and for the provider.
func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if err := w.emu.Advance(d); err != nil {
		w.t.Fatal(err)
	}
	w.ahead.Add(int64(d))
}

// run runs the steps with a provider that talks to this world.
func (w *world) run(steps ...resource.TestStep) {
	w.t.Helper()
	requireCLI(w.t)
	resource.UnitTest(w.t, resource.TestCase{ProtoV6ProviderFactories: w.factories(), Steps: steps})
}

func (w *world) factories() map[string]func() (tfprotov6.ProviderServer, error) {
	getenv := w.getenv
	if getenv == nil {
		getenv = func(string) string { return "" }
	}
	options := Options{Getenv: getenv, Clock: w.now, PollInterval: time.Millisecond, ConsumptionRequestsPerMinute: unhurried}
	server := func() (tfprotov6.ProviderServer, error) { return NewServer("test", options)(), nil }
	return map[string]func() (tfprotov6.ProviderServer, error){"neon": server, "second": server}
}

// withSecond adds a second instance of the provider, named "second". In tests it
// can't be an alias: all aliases share a server there, and so the last one's key.
func withSecond(config string) string { return withProvider(config, "second") }

// withProvider requires another provider that a test brings along.
func withProvider(config, name string) string {
	const ours = `neon = { source = "neon-orgs/neon" }`
	return strings.Replace(config, ours, fmt.Sprintf("%s\n    %s = { source = \"neon-orgs/%s\" }", ours, name, name), 1)
}

// unhurried is a request budget that holds nothing up: the emulator has none here.
const unhurried = 1_000_000

const requiredProviders = `
terraform {
  required_providers {
    neon = { source = "neon-orgs/neon" }
  }
}

`

// config is configuration with a provider block that has the key, and that works
// in the given organization where a resource names none ("" for no default).
func (w *world) config(key, orgID, body string) string {
	org := ""
	if orgID != "" {
		org = fmt.Sprintf("\n  org_id   = %q", orgID)
	}
	return fmt.Sprintf("%sprovider \"neon\" {\n  api_key  = %q\n  base_url = %q%s\n}\n\n%s", requiredProviders, key, w.url, org, body)
}

// partner is config for the partner's admin in Acme.
func (w *world) partner(body string) string { return w.config(partnerAdmin, acme, body) }

// client calls the emulator as the holder of a key would.
func (w *world) client(key string) *neon.Client {
	w.t.Helper()
	client, err := neon.New(neon.Options{APIKey: key, BaseURL: w.url, HTTPClient: &http.Client{}, UserAgent: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(client.CloseIdleConnections)
	return client
}

// projects gives what exists at Neon, without deleted projects.
func (w *world) projects() []emulator.Project {
	var live []emulator.Project
	for _, p := range w.emu.Snapshot().Projects {
		if p.DeletedAt == nil {
			live = append(live, p)
		}
	}
	return live
}

// onlyProject gives the one project there is.
func (w *world) onlyProject() emulator.Project {
	w.t.Helper()
	projects := w.projects()
	if len(projects) != 1 {
		w.t.Fatalf("%d projects exist, want 1", len(projects))
	}
	return projects[0]
}

// requests counts the journal's requests by route, such as "POST /projects",
// that the provider made.
func (w *world) requests() map[string]int {
	counts := map[string]int{}
	for _, r := range w.emu.Requests() {
		if strings.Contains(r.UserAgent, "terraform-provider-neon") {
			counts[r.Route]++
		}
	}
	return counts
}

// wantRequests asserts how often the provider called the routes since the journal
// was cleared, and clears it. Routes that aren't named may have been called.
func (w *world) wantRequests(want map[string]int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := w.requests()
		for route, n := range want {
			if got[route] != n {
				return fmt.Errorf("%s was called %d times, want %d; all: %v", route, got[route], n, got)
			}
		}
		w.emu.ClearRequests()
		return nil
	}
}

// wantNoRequests asserts that the provider sent nothing at all.
func (w *world) wantNoRequests() {
	w.t.Helper()
	if got := w.requests(); len(got) != 0 {
		w.t.Errorf("requests were made: %v", got)
	}
}

// fault makes requests fail from now on.
func (w *world) fault(f emulator.Fault) func() {
	return func() {
		w.t.Helper()
		if err := w.emu.AddFault(f); err != nil {
			w.t.Fatal(err)
		}
	}
}

// diagnostic matches text of a diagnostic however the CLI has wrapped it: blanks
// in the pattern stand for any white space and the frame that the CLI draws.
func diagnostic(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)` + strings.ReplaceAll(pattern, " ", `[\s│|]+`))
}

// wantBody asserts the body of the last request of a route.
func (w *world) wantBody(route, want string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		for _, r := range slices.Backward(w.emu.Requests()) {
			if r.Route != route {
				continue
			}
			if diff := cmp.Diff(decoded(want), decoded(string(r.RequestBody))); diff != "" {
				return fmt.Errorf("body of %s (-want +got):\n%s", route, diff)
			}
			return nil
		}
		return fmt.Errorf("%s was not called", route)
	}
}

func decoded(body string) any {
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return body
	}
	return value
}

// call sends a request as the holder of a key, for what the client can't do.
func (w *world) call(key, method, path, body string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 300 {
		text, _ := io.ReadAll(resp.Body)
		w.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, text)
	}
}
