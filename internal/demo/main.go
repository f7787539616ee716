// Command demo runs the project's main job once, from start to end, on one
// machine and without an account: a partner creates a project and a claim link
// with Terraform or OpenTofu, a customer claims it, and the partner's next plan is
// empty. `make demo` builds what it needs and starts it at the root of the checkout.
// With -interactive (`make demo-interactive`) the customer is whoever opens the
// claim link in a browser.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// Where things are, from the root of the checkout.
const (
	exampleDir = "examples/claim-flow"
	builtCLI   = ".tools/tofu"
	workRoot   = ".tools/demo"
)

// flowTimeout bounds everything but the building of a CLI; it takes seconds. A
// demo that waits for a person isn't bounded.
const flowTimeout = 10 * time.Minute

// options are the command's flags.
type options struct {
	interactive         bool
	emulator, cliConfig string // paths
}

func main() {
	var o options
	flag.BoolVar(&o.interactive, "interactive", false, "wait until somebody claims the project in a browser")
	flag.StringVar(&o.emulator, "emulator", "bin/neon-emulator", "the emulator to start")
	flag.StringVar(&o.cliConfig, "cli-config", ".tools/mirror.tfrc", "the CLI configuration that says where the provider is")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case interrupted:
		fmt.Fprintln(os.Stderr, "The demo was interrupted.")
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "The demo failed:", err)
		os.Exit(1)
	}
}

// run makes a private work directory, starts the emulator and goes through the
// flow. Whatever happens, the emulator is stopped; after a failure the directory
// stays for a look.
func run(ctx context.Context, o options) (err error) {
	path, err := findCLI(ctx)
	if err != nil {
		return err
	}
	if !o.interactive {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, flowTimeout)
		defer cancel()
	}

	dir, err := makeWorkDir()
	if err != nil {
		return err
	}
	defer func() {
		if err == nil || errors.Is(ctx.Err(), context.Canceled) {
			err = errors.Join(err, os.RemoveAll(dir))
			return
		}
		err = fmt.Errorf("%w\nThe work directory and the emulator's log are left in %s", err, dir)
	}()

	emulator, err := startEmulator(ctx, o.emulator, filepath.Join(dir, "emulator.log"))
	if err != nil {
		return err
	}
	defer func() {
		if stopErr := emulator.stop(); stopErr != nil {
			err = errors.Join(err, stopErr)
			return
		}
		say("Stopped the emulator.")
	}()
	say("Started the Neon emulator at %s.", emulator.apiURL)

	config, err := filepath.Abs(o.cliConfig)
	if err != nil {
		return err
	}
	flow, err := newFlow(cli{path: path, dir: dir, env: cliEnv(os.Environ(), config, emulator.apiURL)}, emulator.apiURL)
	if err != nil {
		return err
	}
	if o.interactive {
		flow.handOver = visitor{flow.partner, emulator.apiURL, pollInterval}.waitForClaim
	}
	return flow.run(ctx)
}

// makeWorkDir copies the example's configuration into a directory of this run's
// own. State and plugins that somebody left beside the example stay there.
func makeWorkDir() (string, error) {
	sources, err := filepath.Glob(filepath.Join(exampleDir, "*.tf"))
	if err != nil {
		return "", err
	}
	if len(sources) == 0 {
		return "", fmt.Errorf("there is no configuration in %s; run the demo at the root of the checkout, with `make demo`", exampleDir)
	}
	if err := os.MkdirAll(workRoot, 0o750); err != nil {
		return "", err
	}
	root, err := filepath.Abs(workRoot)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(root, "run-")
	if err != nil {
		return "", err
	}
	for _, source := range sources {
		content, err := os.ReadFile(source)
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(source)), content, 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// say prints one line of the demo's story.
func say(format string, args ...any) {
	fmt.Printf(format+"\n", args...)
}
