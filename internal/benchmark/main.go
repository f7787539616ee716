// Command benchmark measures what a plan or apply costs with this provider: API
// requests, time and memory, with each CLI there is, against an emulator that
// keeps Neon's rate limits, and beside a provider that does no input and output.
// `make bench` runs it at the root of the checkout. It prints a table, writes
// bench.json, and exits with 1 when a bar is missed.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// bench is a run of the harness.
type bench struct {
	checkout string // where the sources are
	dir      string // for what is made
	sizes    sizes
	untimed  bool // leaves out the bars of time and memory
}

// report is the content of bench.json.
type report struct {
	At           time.Time     `json:"at"`
	System       string        `json:"system"`
	CPUs         int           `json:"cpus"`
	Measurements []measurement `json:"measurements"`
}

func main() {
	out := flag.String("out", "bench.json", "the `file` to write the measurements to")
	only := flag.String("rows", "", "measure these rows alone, separated by commas: start, plan, plan-most, plan-lists, create, transfer, move")
	clis := flag.String("cli", "", "the CLIs to measure with, separated by commas; default .tools/tofu and .tools/terraform, where they exist")
	runs := flag.Int("runs", full.runs, "take the fastest of so many plans")
	flag.Parse()
	sizes := full
	sizes.runs = max(1, *runs)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	missed, err := run(ctx, sizes, *out, list(*only), list(*clis))
	if err != nil {
		fmt.Fprintln(os.Stderr, "The benchmark failed:", err)
	}
	if missed || err != nil {
		os.Exit(1) //nolint:gocritic // nothing is left for stop to do
	}
}

func list(commas string) []string {
	return slices.DeleteFunc(strings.Split(commas, ","), func(s string) bool { return s == "" })
}

// run measures, prints, and tells whether a bar was missed.
func run(ctx context.Context, sizes sizes, out string, only, cliPaths []string) (missed bool, err error) {
	checkout, err := os.Getwd()
	if err != nil {
		return false, err
	}
	root := filepath.Join(checkout, ".tools", "bench")
	if err := os.MkdirAll(root, 0o750); err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp(root, "run-")
	if err != nil {
		return false, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	clis, err := findCLIs(ctx, cliPaths)
	if err != nil {
		return false, err
	}
	b := &bench{checkout: checkout, dir: dir, sizes: sizes}
	say("Building the provider, and two to measure it against …")
	for _, v := range []variant{ours, floor, empty} {
		if err := b.build(ctx, v); err != nil {
			return false, err
		}
	}
	measurements, failure := b.measure(ctx, clis, only)
	r := report{At: time.Now().UTC(), System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Measurements: measurements}
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return false, err
	}
	if err := os.WriteFile(out, append(content, '\n'), 0o600); err != nil {
		return false, err
	}
	fmt.Print("\n", table(measurements))
	for _, m := range measurements {
		for _, what := range m.missed() {
			missed = true
			say("MISSED: %s %s: %s.", m.What, m.CLI, what)
		}
	}
	return missed, failure
}

// measure takes all measurements, or those of the named rows. After an error there
// are those that were taken before.
func (b *bench) measure(ctx context.Context, clis []cli, only []string) ([]measurement, error) {
	wanted := func(name string) bool { return len(only) == 0 || slices.Contains(only, name) }
	var all []measurement
	if wanted("start") {
		say("Measuring start …")
		started, err := b.measureStart(ctx)
		if err != nil {
			return all, err
		}
		all = append(all, started)
	}
	for _, c := range clis {
		for _, r := range rows {
			if !wanted(r.name) {
				continue
			}
			say("Measuring %s with %s …", r.name, c.name)
			measured, err := r.measure(ctx, b, c)
			if err != nil {
				return all, fmt.Errorf("measuring %s with %s: %w", r.name, c.name, err)
			}
			all = append(all, measured...)
		}
	}
	return all, nil
}

func findCLIs(ctx context.Context, paths []string) ([]cli, error) {
	if len(paths) == 0 {
		for _, path := range []string{".tools/tofu", ".tools/terraform"} {
			if _, err := os.Stat(path); err == nil {
				paths = append(paths, path)
			}
		}
	}
	if len(paths) == 0 {
		return nil, errors.New("there is no CLI to measure with; run `make tofu`, or name one with -cli")
	}
	var clis []cli
	for _, path := range paths {
		c, err := newCLI(ctx, path)
		if err != nil {
			return nil, err
		}
		clis = append(clis, c)
	}
	return clis, nil
}

// say tells how far it is, apart from the table.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
