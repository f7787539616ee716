package release

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// artifact is an entry of the list that goreleaser leaves in dist.
type artifact struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	OS    string `json:"goos"`
	Arch  string `json:"goarch"`
	Type  string `json:"type"`
	Extra struct {
		ID string `json:"ID"`
	} `json:"extra"`
}

// TestSnapshotIsComplete looks for everything that the registries need.
func TestSnapshotIsComplete(t *testing.T) {
	t.Parallel()
	built := artifacts(t)
	platforms := []string{
		"darwin_amd64", "darwin_arm64", "freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
		"linux_386", "linux_amd64", "linux_arm", "linux_arm64", "windows_386", "windows_amd64", "windows_arm64",
	}
	sums := read(t, checksums(t, built))
	for _, id := range []string{"provider", "emulator"} {
		var got []string
		for _, a := range built {
			if a.Type == "Archive" && a.Extra.ID == id {
				got = append(got, a.OS+"_"+a.Arch)
				if !strings.Contains(sums, a.Name) {
					t.Errorf("%s has no checksum", a.Name)
				}
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, platforms) {
			t.Errorf("%s is built for %v, want %v", id, got, platforms)
		}
	}
	bills := 0
	for _, a := range built {
		if a.Type == "SBOM" {
			bills++
			var bill struct {
				Components []any `json:"components"`
			}
			if err := json.Unmarshal([]byte(read(t, filepath.Join(root, a.Path))), &bill); err != nil || len(bill.Components) == 0 {
				t.Errorf("%s names no components: %v", a.Name, err)
			}
		}
	}
	if bills != 2*len(platforms) {
		t.Errorf("there are %d bills of materials, want %d", bills, 2*len(platforms))
	}
	if !strings.Contains(sums, "_manifest.json") || !strings.Contains(read(t, filepath.Join(root, "terraform-registry-manifest.json")), `"6.0"`) {
		t.Error("the manifest has no checksum, or another protocol than 6.0")
	}
}

// TestSnapshotIsInstalledAndApplied puts this platform's archive into a mirror, as a
// download from a registry would, and lets the demo run with it and with the
// released emulator: init, apply, claim, empty plan, destroy.
func TestSnapshotIsInstalledAndApplied(t *testing.T) {
	t.Parallel()
	built := artifacts(t)
	dir := t.TempDir()
	provider := archiveFor(t, built, "provider")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		target := filepath.Join(dir, "mirror", host, "neon-orgs", "neon", provider.Name)
		write(t, target, []byte(read(t, filepath.Join(root, provider.Path))))
	}
	config := filepath.Join(dir, "cli.tfrc")
	write(t, config, []byte("provider_installation {\n  filesystem_mirror {\n    path = \""+filepath.ToSlash(filepath.Join(dir, "mirror"))+"\"\n  }\n}\n"))
	emulator := filepath.Join(dir, "neon-emulator")
	extract(t, filepath.Join(root, archiveFor(t, built, "emulator").Path), "neon-emulator", emulator)

	ran := 0
	for _, name := range []string{"tofu", "terraform"} {
		cli := filepath.Join(root, ".tools", name)
		if _, err := os.Stat(cli); err != nil {
			t.Logf("not tried with %s: there is no .tools/%s", name, name)
			continue
		}
		ran++
		demo := exec.CommandContext(t.Context(), "go", "run", "./internal/demo", "-cli-config", config, "-emulator", emulator)
		demo.Dir = root
		demo.Env = append(os.Environ(), "TF_CLI="+filepath.Join(".tools", name))
		if output, err := demo.CombinedOutput(); err != nil {
			t.Errorf("with %s: %v\n%s", name, err, output)
		}
	}
	if ran == 0 {
		t.Error("there is no CLI to try it with; run `make tofu`")
	}
}

// artifacts lists what `make release-snapshot` has built.
func artifacts(t *testing.T) []artifact {
	t.Helper()
	if os.Getenv("NEON_RELEASE_TEST") == "" {
		t.Skip("the archives of a release are tested by `make release-test`, which builds them first")
	}
	var list []artifact
	if err := json.Unmarshal([]byte(read(t, filepath.Join(root, "dist", "artifacts.json"))), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func archiveFor(t *testing.T, built []artifact, id string) artifact {
	t.Helper()
	i := slices.IndexFunc(built, func(a artifact) bool {
		return a.Type == "Archive" && a.Extra.ID == id && a.OS == runtime.GOOS && a.Arch == runtime.GOARCH
	})
	if i < 0 {
		t.Fatalf("there is no archive of the %s for this platform", id)
	}
	return built[i]
}

func checksums(t *testing.T, built []artifact) string {
	t.Helper()
	i := slices.IndexFunc(built, func(a artifact) bool { return a.Type == "Checksum" })
	if i < 0 {
		t.Fatal("there are no checksums")
	}
	return filepath.Join(root, built[i].Path)
}

func extract(t *testing.T, archive, name, target string) {
	t.Helper()
	r, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	file, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, target, content)
	if err := os.Chmod(target, 0o700); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
