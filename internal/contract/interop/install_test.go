package interop

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// oldestNode is the Node.js that the `neon` command asks for.
var oldestNode = [2]int{20, 19}

// installation is where the clients are, or why they can't be run.
type installation struct {
	node string // the Node.js program
	dir  string // the absolute path of this package, with node_modules in it
	err  error
}

// installed looks once for what package.json pins.
var installed = sync.OnceValue(func() installation {
	dir, err := filepath.Abs(".")
	if err != nil {
		return installation{err: err}
	}
	node, err := findNode()
	return installation{node: node, dir: dir, err: errors.Join(err, checkPackages(dir))}
})

var announced sync.Once

// needClients gives the installed clients. Where they are missing it skips the
// test, out loud, or fails it under CI=true.
func needClients(t *testing.T) installation {
	t.Helper()
	found := installed()
	if found.err == nil {
		return found
	}
	text := fmt.Sprintf("Neon's own clients can't be run against the emulator: %v", found.err)
	if os.Getenv("CI") == "true" {
		t.Fatal(text)
	}
	announced.Do(func() { fmt.Fprintln(os.Stderr, "SKIPPED:", text) })
	t.Skip(text)
	return found
}

func findNode() (string, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", fmt.Errorf("node is not installed: %w", err)
	}
	said, err := exec.Command(node, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask node for its version: %w", err)
	}
	var have [2]int
	if _, err := fmt.Sscanf(string(said), "v%d.%d", &have[0], &have[1]); err != nil {
		return "", fmt.Errorf("node tells no version but %q: %w", said, err)
	}
	if have[0] < oldestNode[0] || have[0] == oldestNode[0] && have[1] < oldestNode[1] {
		return "", fmt.Errorf("node is %s; the neon command needs %d.%d or newer", strings.TrimSpace(string(said)), oldestNode[0], oldestNode[1])
	}
	return node, nil
}

// checkPackages keeps a missing or stale installation from being tested.
func checkPackages(dir string) error {
	wanted, err := readManifest(dir)
	if err != nil {
		return err
	}
	for name, version := range wanted.Dependencies {
		have, err := readManifest(filepath.Join(dir, "node_modules", filepath.FromSlash(name)))
		if err != nil || have.Version != version {
			return fmt.Errorf("%s %s is not installed: run `npm ci` in internal/contract/interop", name, version)
		}
	}
	return nil
}

// manifest is what matters of a package.json.
type manifest struct {
	Version      string            `json:"version"`
	Dependencies map[string]string `json:"dependencies"`
}

func readManifest(dir string) (manifest, error) {
	var m manifest
	data, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return m, err
	}
	err = json.Unmarshal(data, &m)
	return m, err
}
