package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// small are sizes at which the rows take seconds.
var small = sizes{plan: 20, planMost: 450, create: 6, transfer: 450, move: 20, people: 12, access: 12, runs: 1, operationDelay: 100 * time.Millisecond}

// TestSmoke runs each row once, small, and holds the numbers of requests against
// their bars. Time and memory are left to `make bench`.
func TestSmoke(t *testing.T) {
	t.Parallel()
	paths := []string{}
	if named := os.Getenv("TF_ACC_TERRAFORM_PATH"); named != "" {
		paths = append(paths, named)
	} else if built := filepath.Join("..", "..", ".tools", "tofu"); exists(built) {
		paths = append(paths, built)
	}
	if len(paths) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is neither OpenTofu nor Terraform, and with CI=true nothing may be left out; run `make tofu`")
		}
		t.Skip("there is neither OpenTofu nor Terraform; run `make tofu`")
	}
	clis, err := findCLIs(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	checkout, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{checkout: checkout, dir: t.TempDir(), sizes: small, untimed: true}
	for _, v := range []variant{ours, floor} {
		if err := b.build(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	measurements, err := b.measure(t.Context(), clis, []string{"plan", "plan-most", "plan-lists", "create", "transfer", "move"})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range measurements {
		if missed := m.missed(); len(missed) > 0 {
			t.Errorf("%s: %s", m.What, strings.Join(missed, "; "))
		}
	}
	t.Log("\n" + table(measurements))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
