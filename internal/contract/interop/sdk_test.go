package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// TestSDK runs the scripts in sdk/, each against a world of its own, and then
// makes sure that together they had every operation of the emulator succeed.
func TestSDK(t *testing.T) {
	t.Parallel()
	needClients(t)
	scripts, err := filepath.Glob("sdk/*.test.mjs")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("there are no scripts in sdk: %v", err)
	}
	var mu sync.Mutex
	ran := 0
	unseen := emulator.Routes()
	t.Run("scripts", func(t *testing.T) {
		for _, script := range scripts {
			name, _, _ := strings.Cut(filepath.Base(script), ".")
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := startWorld(t)
				w.runScript(t, script)
				mu.Lock()
				defer mu.Unlock()
				ran++
				unseen = slices.DeleteFunc(unseen, w.succeeded)
			})
		}
	})
	if ran < len(scripts) {
		t.Logf("only %d of %d scripts were run: what they leave out is not known", ran, len(scripts))
		return
	}
	for _, route := range unseen {
		t.Errorf("no script in sdk has the SDK do %s with success", route)
	}
}

// succeeded tells whether a route gave a 2xx answer in this world.
func (w *world) succeeded(route string) bool {
	return slices.ContainsFunc(w.emu.Requests(), func(r emulator.RequestRecord) bool {
		return r.Route == route && r.Status >= 200 && r.Status < 300
	})
}

// outcome is one line of sdk/reporter.mjs.
type outcome struct {
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	Error  string `json:"error"`
}

// runScript runs a script; each of its tests becomes a subtest.
func (w *world) runScript(t *testing.T, script string) {
	t.Helper()
	reporter := filepath.Join(w.clients.dir, "sdk", "reporter.mjs")
	cmd := w.command(t, nil, "--test-reporter="+reporter, filepath.Join(w.clients.dir, script))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, runErr := cmd.Output()
	outcomes := readOutcomes(t, stdout)
	failed := false
	for _, o := range outcomes {
		failed = failed || !o.Passed
		t.Run(o.Name, func(t *testing.T) {
			if !o.Passed {
				t.Error(o.Error)
			}
		})
	}
	if len(outcomes) == 0 || runErr != nil && !failed {
		t.Errorf("%s reported %d tests and ended with: %v\n%s%s", script, len(outcomes), runErr, stdout, stderr.Bytes())
	}
}

func readOutcomes(t *testing.T, report []byte) []outcome {
	t.Helper()
	var outcomes []outcome
	for lines := bufio.NewScanner(bytes.NewReader(report)); lines.Scan(); {
		var o outcome
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			t.Errorf("unexpected output: %s", lines.Bytes())
			continue
		}
		outcomes = append(outcomes, o)
	}
	return outcomes
}
