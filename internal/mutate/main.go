// Command mutate leaves one thing at a time out of a package's code, and lists what
// none of the package's tests misses: a statement, a case of a switch, or an argument
// of min or max. `make mutate` runs it, and gremlins for what can be changed rather
// than left out: operators.
//
//	mutate [-run TESTS] DIRECTORY [FILE ...]
//
// All mutants are compiled into one test binary, which an environment variable tells
// what to leave out. The package's own files are not touched.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const mutantVariable = "NEON_MUTANT"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, args []string) error {
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	tests := flags.String("run", "", "run the tests that match this, as for go test")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("usage: mutate [-run TESTS] DIRECTORY [FILE ...]")
	}
	dir, err := filepath.Abs(flags.Arg(0))
	if err != nil {
		return err
	}
	files, err := sources(dir, flags.Args()[1:])
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	mutants, err := build(ctx, dir, files, work)
	if err != nil {
		return err
	}
	return tryAll(ctx, out, testBinary{path: filepath.Join(work, "test"), dir: dir, run: *tests}, mutants)
}

// sources returns the files of a directory that can be changed: those that are named,
// else all.
func sources(dir string, names []string) ([]string, error) {
	all, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(path string) bool {
		name := filepath.Base(path)
		return strings.HasSuffix(name, "_test.go") || len(names) > 0 && !slices.Contains(names, name)
	}), nil
}

// build compiles the tests with all mutants into the file test of the work directory.
func build(ctx context.Context, dir string, files []string, work string) ([]mutant, error) {
	var mutants []mutant
	var pkg string
	replace := map[string]string{}
	write := func(path, code string) error {
		changed := filepath.Join(work, strconv.Itoa(len(replace))+".go")
		replace[path] = changed
		return os.WriteFile(changed, []byte(code), 0o600) //nolint:gosec // in a directory of its own
	}
	for _, path := range files {
		source, err := os.ReadFile(path) //nolint:gosec // the package that the user names
		if err != nil {
			return nil, err
		}
		var code string
		code, pkg, mutants, err = leaveOut(path, source, mutants)
		if err != nil {
			return nil, err
		}
		if err := write(path, code); err != nil {
			return nil, err
		}
	}
	if len(mutants) == 0 {
		return nil, fmt.Errorf("there is nothing to leave out in %s", dir)
	}
	if err := write(filepath.Join(dir, "mutant_support.go"), fmt.Sprintf(support, pkg)); err != nil {
		return nil, err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	overlayFile := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlayFile, "-o", filepath.Join(work, "test"), ".") //nolint:gosec // tests of this checkout
	cmd.Dir = dir
	if printed, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compiling the mutants: %w\n%s", err, printed)
	}
	return mutants, nil
}

// tryAll runs the tests for each mutant and prints those that pass.
func tryAll(ctx context.Context, out io.Writer, tests testBinary, mutants []mutant) error {
	began := time.Now()
	printed, used, err := tests.try(ctx, 0, limits{})
	if err != nil {
		return fmt.Errorf("the tests fail with nothing left out: %w\n%s", err, printed)
	}
	most := limits{wall: 30*time.Second + 5*time.Since(began), processor: 5*time.Second + 3*used}
	lived := 0
	for i, m := range mutants {
		_, _, err := tests.try(ctx, i+1, most)
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted after %d of %d", i, len(mutants))
		}
		if err == nil {
			lived++
			_, _ = fmt.Fprintf(out, "NOT MISSED %s:%d:%d: %s\n", filepath.Base(m.at.Filename), m.at.Line, m.at.Column, m.what)
		}
	}
	_, _ = fmt.Fprintf(out, "%d of %d things that were left out are not missed.\n", lived, len(mutants))
	return nil
}

// testBinary is a package's compiled tests, which run in its directory, as far as they
// match run.
type testBinary struct{ path, dir, run string }

// limits are how long tests may run; 0 is without end. What loops is noticed, and the
// time of the processor says so on a busy machine, too.
type limits struct{ wall, processor time.Duration }

// try runs the tests with a mutant. It returns what they print, and the time that the
// processor took for them.
func (t testBinary) try(ctx context.Context, number int, most limits) (printed []byte, used time.Duration, err error) {
	limit := "unlimited"
	if most.processor > 0 {
		limit = strconv.Itoa(int(most.processor.Seconds()))
	}
	// With -test.short, property tests draw fewer examples.
	//nolint:gosec // the tests of this checkout
	cmd := exec.CommandContext(ctx, "sh", "-c", `ulimit -t "$0" && exec "$@"`, limit,
		t.path, "-test.run", t.run, "-test.short", "-test.failfast", "-test.timeout", most.wall.String())
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), mutantVariable+"="+strconv.Itoa(number))
	printed, err = cmd.CombinedOutput()
	if cmd.ProcessState == nil { // it was not started
		return nil, 0, err
	}
	return printed, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), err
}
