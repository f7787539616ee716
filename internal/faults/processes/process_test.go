//go:build unix

// Package processes tests what the matrix can't: real processes that are killed,
// what a real CLI writes, and that the CLI in miniature does as the real ones do.
package processes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/faults"
	"github.com/neon-orgs/terraform-provider-neon/internal/testcli"
)

// all runs everything; else a part is run.
var all = flag.Bool("all", false, "run all process tests, not a part of them")

// patience is when a process that should end counts as stuck.
const patience = 2 * time.Minute

// binary is the provider, built once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "neon-provider")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "terraform-provider-neon")
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", path, "github.com/neon-orgs/terraform-provider-neon")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// desk is a directory with a configuration, a real CLI, the real provider and an
// emulator that the provider calls over the network.
type desk struct {
	*faults.World
	dir string
	cli string
	url string
	env []string
}

// newDesk sets up a scenario.
func newDesk(t *testing.T, s faults.Scenario) *desk {
	t.Helper()
	d := &desk{World: faults.New(t, s, time.Now), dir: t.TempDir(), cli: testcli.Require(t)}
	provider, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(d.World)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	d.url = server.URL + "/api/v2"
	d.write("cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"neon-orgs/neon\" = %q\n  }\n  direct {}\n}\n", filepath.Dir(provider)))
	d.write("versions.tf", "terraform {\n  required_providers {\n    neon = { source = \"neon-orgs/neon\" }\n  }\n}\n")
	d.env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(d.dir, "cli.tfrc"), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	for name, value := range s.Environment(d.url) {
		d.env = append(d.env, name+"="+value)
	}
	return d
}

func (d *desk) write(name, content string) {
	d.T.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(content), 0o600); err != nil {
		d.T.Fatal(err)
	}
}

// configure writes a scenario's configuration.
func (d *desk) configure(config string) { d.write("main.tf.json", d.Expand(config)) }

// process is a CLI that runs, in a process group of its own.
type process struct {
	desk *desk
	cmd  *exec.Cmd
	out  bytes.Buffer
}

func (d *desk) start(args ...string) *process {
	d.T.Helper()
	p := &process{desk: d}
	ctx, cancel := context.WithTimeout(d.T.Context(), patience)
	d.T.Cleanup(cancel)
	p.cmd = exec.CommandContext(ctx, d.cli, append(args, "-no-color")...)
	p.cmd.Dir, p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = d.dir, d.env, &p.out, &p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.cmd.Cancel = func() error { return syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }
	p.cmd.WaitDelay = time.Second
	if err := p.cmd.Start(); err != nil {
		d.T.Fatal(err)
	}
	return p
}

// wait gives what was printed, without line breaks and frames, and the exit code.
// What the process has left behind is killed.
func (p *process) wait() (string, int) {
	p.desk.T.Helper()
	err := p.cmd.Wait()
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	if _, isExit := errors.AsType[*exec.ExitError](err); err != nil && !isExit && !errors.Is(err, exec.ErrWaitDelay) {
		p.desk.T.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(p.out.String(), "│", " ")), " "), p.cmd.ProcessState.ExitCode()
}

func (d *desk) run(args ...string) (string, int) {
	d.T.Helper()
	return d.start(args...).wait()
}

func (d *desk) must(args ...string) string {
	d.T.Helper()
	out, code := d.run(args...)
	if code != 0 {
		d.T.Fatalf("%s: exit code %d: %s", args[0], code, out)
	}
	return out
}

// apply applies with one thing at a time, so that requests come in one order.
func (d *desk) apply() (string, int) {
	d.T.Helper()
	return d.run("apply", "-auto-approve", "-input=false", "-parallelism=1")
}

// provider gives the process id of the provider that the CLI has started last.
func (p *process) provider() int {
	p.desk.T.Helper()
	path, _ := binary()
	out, err := exec.CommandContext(p.desk.T.Context(), "ps", "-A", "-o", "pid=,pgid=,args=").Output()
	if err != nil {
		p.desk.T.Fatalf("the provider's process is found by ps: %v", err)
	}
	found := 0
	for line := range strings.Lines(string(out)) {
		var pid, group int
		var command string
		if _, err := fmt.Sscan(line, &pid, &group, &command); err == nil && group == p.cmd.Process.Pid && command == path {
			found = pid
		}
	}
	if found == 0 {
		p.desk.T.Error("the provider's process was not found")
	}
	return found
}

// stateFile is what is read of a state.
type stateFile struct {
	Resources []struct {
		Mode, Type, Name string
		Instances        []struct {
			Status     string
			Attributes map[string]any
		}
	}
}

// state reads the state file. One that is missing or empty, as a CLI has it that
// was killed before it wrote anything, is a state of nothing.
func (d *desk) state() stateFile {
	d.T.Helper()
	var state stateFile
	content, err := os.ReadFile(filepath.Join(d.dir, "terraform.tfstate"))
	if errors.Is(err, os.ErrNotExist) {
		return state
	}
	if err == nil && len(content) > 0 {
		err = json.Unmarshal(content, &state)
	}
	if err != nil {
		d.T.Fatalf("the state can't be read: %v", err)
	}
	return state
}

// projects gives the ids of what exists, and of those the ones that are in state.
func (d *desk) projects() (existing, known map[string]bool) {
	d.T.Helper()
	existing, known = map[string]bool{}, map[string]bool{}
	for _, p := range d.Emu.Snapshot().Projects {
		if p.DeletedAt == nil {
			existing[p.ID] = true
		}
	}
	for _, r := range d.state().Resources {
		for _, instance := range r.Instances {
			if id, ok := instance.Attributes["id"].(string); ok && r.Mode == "managed" && r.Type == "neon_project" {
				known[id] = true
			}
		}
	}
	return existing, known
}

// ids gives the ids in state of the resources of these types.
func (d *desk) ids(types ...string) []string {
	d.T.Helper()
	var ids []string
	for _, r := range d.state().Resources {
		for _, instance := range r.Instances {
			if r.Mode == "managed" && slices.Contains(types, r.Type) {
				ids = append(ids, fmt.Sprint(instance.Attributes["id"]))
			}
		}
	}
	return ids
}
