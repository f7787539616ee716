package interop

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// cli runs the `neon` command with one person's key. An empty key is no key.
type cli struct {
	w   *world
	key string
}

func (w *world) as(key string) cli { return cli{w: w, key: key} }

// run runs a command and returns what it wrote. The error is that of the
// command, with its exit code.
func (c cli) run(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	program := filepath.Join(c.w.clients.dir, "node_modules", "neon", "dist", "cli.js")
	var env []string
	if c.key != "" {
		env = append(env, "NEON_API_KEY="+c.key)
	}
	all := append([]string{program, "--no-analytics", "--output", "json", "--config-dir", t.TempDir()}, args...)
	cmd := c.w.command(t, env, all...)
	var out, told strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &told
	err = cmd.Run()
	return out.String(), told.String(), err
}

// text runs a command that has to succeed and returns what it printed.
func (c cli) text(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr, err := c.run(t, args...)
	if err != nil {
		t.Fatalf("neon %s: %v\n%s%s", strings.Join(args, " "), err, stdout, stderr)
	}
	return strings.TrimSpace(stdout)
}

// got runs a command that has to succeed and print the JSON of a T.
func got[T any](t *testing.T, c cli, args ...string) T {
	t.Helper()
	stdout := c.text(t, args...)
	var v T
	if err := json.Unmarshal([]byte(stdout), &v); err != nil {
		t.Fatalf("neon %s printed what isn't the JSON of a %T: %v\n%s", strings.Join(args, " "), v, err, stdout)
	}
	return v
}

// refused runs a command that has to end with exit code 1, to say why on
// standard error, and to print nothing.
func (c cli) refused(t *testing.T, why string, args ...string) {
	t.Helper()
	stdout, stderr, err := c.run(t, args...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("neon %s ended with %v, want exit code 1", strings.Join(args, " "), err)
	}
	if !strings.Contains(stderr, why) {
		t.Errorf("neon %s said %q, want %q", strings.Join(args, " "), stderr, why)
	}
	if stdout != "" {
		t.Errorf("neon %s printed %s", strings.Join(args, " "), stdout)
	}
}

func equal[T comparable](t *testing.T, what string, have, want T) {
	t.Helper()
	if have != want {
		t.Errorf("%s: got %v, want %v", what, have, want)
	}
}

func TestCLIAccount(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(adminKey)

	me := got[neon.CurrentUser](t, admin, "me")
	equal(t, "e-mail address", me.Email, "admin@partner.test")

	var ids []string
	for _, org := range got[[]neon.Organization](t, admin, "orgs", "list") {
		ids = append(ids, org.ID)
	}
	equal(t, "organizations", strings.Join(ids, " "), acme+" "+labs)

	equal(t, "api /users/me", got[neon.CurrentUser](t, admin, "api", "/users/me").ID, me.ID)
	for _, r := range w.emu.Requests() {
		if !strings.HasPrefix(r.UserAgent, "neonctl ") || r.Key != "personal admin@partner.test" {
			t.Errorf("%s came from %q with the key of %q", r.Route, r.UserAgent, r.Key)
		}
	}
}

func TestCLIWithoutAccess(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	w.as("napi_nobody").refused(t, "rejected the API key", "me")
	w.as("").refused(t, "Cannot run interactive auth in CI", "me")
	w.as(orgKey).refused(t, "not allowed for organization API keys", "me")
	w.as(adminKey).refused(t, "org_id is required", "projects", "list")
	w.as(adminKey).refused(t, "organization not found", "projects", "list", "--org-id", bloom)
	w.as(adminKey).refused(t, "organization not found", "projects", "create", "--org-id", bloom)
	w.as(adminKey).refused(t, "label", "api", "/projects", "-d", `{"project":{"label":"x"}}`)
	w.as(adminKey).refused(t, "the emulator has no GET /no/such/path", "api", "/no/such/path")
}

func TestCLIUnknownProject(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	const id = "no-such-project-12345678"
	for _, args := range [][]string{
		{"projects", "get", id},
		{"projects", "update", id, "--name", "x"},
		{"projects", "delete", id},
		{"projects", "recover", id},
		{"branches", "list", "--project-id", id},
		{"databases", "list", "--project-id", id},
		{"roles", "list", "--project-id", id},
		{"operations", "list", "--project-id", id},
		{"connection-string", "--project-id", id},
	} {
		t.Run(args[0]+" "+args[1], func(t *testing.T) {
			t.Parallel()
			w.as(adminKey).refused(t, "project not found", args...)
		})
	}
}

// The command waits, and repeats a change, on the answer that says that
// operations are running.
func TestCLIWaitsForLockedProject(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	id := w.createProject(t, "locked").Project.ID
	locked := emulator.Fault{Method: "POST", Path: "/projects/*/branches", Times: 1, Effect: emulator.FaultEffect{Status: 423}}
	if err := w.emu.AddFault(locked); err != nil {
		t.Fatal(err)
	}
	created := got[createdBranch](t, w.as(adminKey), "branches", "create", "--project-id", id, "--name", "dev")
	equal(t, "name", created.Branch.Name, "dev")
	var statuses []int
	for _, r := range w.emu.Requests() {
		if r.Route == "POST /projects/{project_id}/branches" {
			statuses = append(statuses, r.Status)
		}
	}
	if len(statuses) != 2 || statuses[0] != 423 || statuses[1] != 201 {
		t.Errorf("creating the branch was answered %v, want 423, then 201", statuses)
	}
}
