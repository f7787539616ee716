package provider

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// mirrored is a CLI that finds the built provider in a mirror, as its user would
// have it. It is slower than a provider inside the test, and the only one that
// keeps aliases of a provider apart.
func (w *world) mirrored(files map[string]string, environment ...string) *cli {
	w.t.Helper()
	requireCLI(w.t)
	config, err := mirror()
	if err != nil {
		w.t.Fatal(err)
	}
	c := &cli{t: w.t, dir: w.t.TempDir()}
	for name, content := range files {
		c.write(name, content)
	}
	c.env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+config, "NEON_API_HOST="+w.url, "NEON_API_KEY=", "NEON_ORG_ID=", "TF_LOG=")
	c.env = append(c.env, environment...)
	c.must("init", "-input=false")
	return c
}

// mirror builds the provider, once, and gives the CLI configuration that reads
// it from a mirror and nothing from elsewhere.
var mirror = sync.OnceValues(func() (string, error) {
	dir := filepath.Dir(os.Getenv("TF_CLI_CONFIG_FILE")) // made and removed by TestMain
	built := filepath.Join(dir, "terraform-provider-neon")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", built, "../..")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		target := filepath.Join(dir, "mirror", host, "neon-orgs", "neon", "0.1.0", runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(target, 0o750); err != nil {
			return "", err
		}
		if err := os.Link(built, filepath.Join(target, "terraform-provider-neon_v0.1.0")); err != nil {
			return "", err
		}
	}
	config := filepath.Join(dir, "mirror.tfrc")
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(filepath.Join(dir, "mirror")))
	return config, os.WriteFile(config, []byte(text), 0o600)
})

// filesOf gives the files of a directory of the repository.
func filesOf(t *testing.T, path ...string) map[string]string {
	t.Helper()
	files := map[string]string{}
	dir := filepath.Join(append([]string{"..", ".."}, path...)...)
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		files[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
