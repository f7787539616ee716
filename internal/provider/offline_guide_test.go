package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// TestModuleTestsRunOffline runs the example of the guide as its reader would: with
// the built provider in a mirror, `init`, and the CLI's own `test` command.
func TestModuleTestsRunOffline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.runModuleTests(filesOf(t, "examples", "testing-modules-offline"), "3 passed, 0 failed")
	// The partner's project is the customer's now, so that the clean-up left it alone.
	if owner := w.onlyProject().OwnerID; owner != bloom {
		t.Errorf("the project belongs to %s, want %s", owner, bloom)
	}
}

// runModuleTests runs `test` in a copy of a module, and looks for what it must say.
func (w *world) runModuleTests(module map[string]string, summary string) {
	w.t.Helper()
	if output := w.mirrored(module).must("test"); !strings.Contains(output, summary) {
		w.t.Errorf("the CLI says: %s", output)
	}
}

// TestSeedOfTheOfflineGuide starts the world that the guide shows, and meets the
// refusal that it promises.
func TestSeedOfTheOfflineGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "testing-modules-offline.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(guide), "```json\n")
	document, _, _ := strings.Cut(rest, "```")
	seed, err := emulator.ParseSeed([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
	w.run(resource.TestStep{
		Config:      w.config("napi_ops", "org-acme-prod-00000001", `resource "neon_project" "fourth" {}`),
		ExpectError: diagnostic("Project not created.*PROJECTS_LIMIT_EXCEEDED"),
	})
}
