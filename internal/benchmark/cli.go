package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// variant is a provider binary that a CLI is run with.
type variant string

const (
	ours  variant = "."                          // the provider
	floor variant = "./internal/benchmark/floor" // the same without input and output
	empty variant = "./internal/benchmark/empty" // the least there can be
)

// cli is a Terraform or OpenTofu.
type cli struct {
	path string
	name string // such as "OpenTofu v1.12.3"
}

func newCLI(ctx context.Context, path string) (cli, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return cli{}, err
	}
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = append(cleanEnv(), "TF_CLI_CONFIG_FILE="+os.DevNull)
	out, err := cmd.Output()
	if err != nil {
		return cli{}, fmt.Errorf("%s version: %w", path, err)
	}
	name, _, _ := strings.Cut(string(out), "\n")
	return cli{path: path, name: name}, nil
}

// build makes the binary of a variant and the CLI configuration that names it.
func (b *bench) build(ctx context.Context, v variant) error {
	dir := b.home(v)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", b.binary(v), string(v))
	cmd.Dir = b.checkout
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as releases are built
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", v, err, out)
	}
	config := fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/neon-orgs/neon" = %[1]q
    "registry.opentofu.org/neon-orgs/neon" = %[1]q
  }
  direct {}
}
`, dir)
	return os.WriteFile(filepath.Join(dir, "cli.tfrc"), []byte(config), 0o600)
}

func (b *bench) home(v variant) string {
	return filepath.Join(b.dir, "providers", filepath.Base(string(v)))
}

func (b *bench) binary(v variant) string { return filepath.Join(b.home(v), "terraform-provider-neon") }

// cleanEnv is the environment without what would change a CLI's or the provider's
// behaviour.
func cleanEnv() []string {
	env := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "TF_") || strings.HasPrefix(entry, "NEON_")
	})
	return append(env, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1")
}

// outcome is what a command took.
type outcome struct {
	wall time.Duration
	// memory is the most that a provider process had resident, in bytes; 0 where
	// the system does not tell.
	memory int64
	out    string
}

// workspace is a directory with configuration and state, and who works in it.
type workspace struct {
	*bench
	cli cli
	dir string
	url string
}

func (b *bench) newWorkspace(c cli, w *world, files map[string]string) (*workspace, error) {
	dir, err := os.MkdirTemp(b.dir, "work-")
	if err != nil {
		return nil, err
	}
	ws := &workspace{bench: b, cli: c, dir: dir, url: w.apiURL}
	err = ws.write(files)
	return ws, err
}

func (ws *workspace) write(files map[string]string) error {
	var errs []error
	for name, content := range files {
		errs = append(errs, os.WriteFile(filepath.Join(ws.dir, name), []byte(content), 0o600))
	}
	return errors.Join(errs...)
}

// run runs the CLI with a variant of the provider. It fails when the command does.
func (ws *workspace) run(ctx context.Context, v variant, args ...string) (outcome, error) {
	cmd := exec.CommandContext(ctx, ws.cli.path, append(args, "-no-color")...)
	cmd.Dir = ws.dir
	cmd.Env = append(cleanEnv(), "TF_CLI_CONFIG_FILE="+filepath.Join(ws.home(v), "cli.tfrc"),
		"NEON_API_KEY="+partnerKey, "NEON_ORG_ID="+partnerOrg, "NEON_API_HOST="+ws.url)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	watch := watchMemory(ws.binary(v))
	start := time.Now()
	err := cmd.Run()
	o := outcome{wall: time.Since(start), memory: watch(), out: out.String()}
	if err != nil {
		const shown = 2000 // bytes: a plan has a line for each object
		return o, fmt.Errorf("%s %s: %w\n%s", ws.cli.name, strings.Join(args, " "), err, o.out[max(0, len(o.out)-shown):])
	}
	return o, nil
}

func (ws *workspace) plan(ctx context.Context, v variant) (outcome, error) {
	// The exit code is 2, and so an error, where there is anything to change.
	return ws.run(ctx, v, "plan", "-input=false", "-detailed-exitcode")
}

func (ws *workspace) apply(ctx context.Context, v variant) (outcome, error) {
	return ws.run(ctx, v, "apply", "-input=false", "-auto-approve")
}
