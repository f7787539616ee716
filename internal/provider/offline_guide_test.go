package provider

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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
	runModuleTests(t, w, filepath.Join("..", "..", "examples", "testing-modules-offline"), "3 passed, 0 failed")
	// The partner's project is the customer's now, so that the clean-up left it alone.
	if owner := w.onlyProject().OwnerID; owner != bloom {
		t.Errorf("the project belongs to %s, want %s", owner, bloom)
	}
}

// runModuleTests runs `test` in a copy of a module, and looks for what it must say.
func runModuleTests(t *testing.T, w *world, module, summary string) {
	t.Helper()
	cli := requireCLI(t)
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "module"), os.DirFS(module)); err != nil {
		t.Fatal(err)
	}
	run := func(name string, arguments ...string) string {
		command := exec.CommandContext(t.Context(), name, arguments...)
		command.Dir = filepath.Join(dir, "module")
		command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+mirrorOf(t, dir), "NEON_API_HOST="+w.url, "NEON_API_KEY=", "NEON_ORG_ID=", "TF_LOG=")
		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(arguments, " "), err, output)
		}
		return string(output)
	}
	run(cli, "init", "-no-color")
	if output := run(cli, "test", "-no-color"); !strings.Contains(output, summary) {
		t.Errorf("the CLI says:\n%s", output)
	}
}

// mirrorOf builds the provider into a mirror below dir, once, and gives the CLI
// configuration that reads from it alone.
func mirrorOf(t *testing.T, dir string) string {
	t.Helper()
	config := filepath.Join(dir, "mirror.tfrc")
	if _, err := os.Stat(config); err == nil {
		return config
	}
	mirror := filepath.Join(dir, "mirror")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		binary := filepath.Join(mirror, host, "neon-orgs", "neon", "0.1.0", runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-neon_v0.1.0")
		build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../..")
		if output, err := build.CombinedOutput(); err != nil {
			t.Fatalf("building the provider: %v\n%s", err, output)
		}
	}
	text := "provider_installation {\n  filesystem_mirror {\n    path = \"" + filepath.ToSlash(mirror) + "\"\n  }\n}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config
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
