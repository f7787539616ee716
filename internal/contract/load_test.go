package contract

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoadWithoutDocuments(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		says  string
	}{
		"outside of the repository": {nil, "at or above the working directory"},
		"nothing installed":         {map[string]string{"package.json": "{}"}, "@neondatabase/api-client is missing"},
		"stale": {map[string]string{
			"package.json": "{}",
			"node_modules/@neondatabase/api-client/package.json": `{"version":"2.7.1"}`,
		}, "is 2.7.1, wanted is 2.7.3"},
		"no document": {map[string]string{
			"package.json": "{}",
			"node_modules/@neondatabase/api-client/package.json": `{"version":"2.7.3"}`,
		}, documentFile},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for file, text := range test.files {
				path := filepath.Join(root, "internal", "contract", filepath.FromSlash(file))
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, []byte(text), 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			t.Chdir(root)
			_, err := Load()
			if !errors.Is(err, ErrNotInstalled) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want ErrNotInstalled that says %q", err, test.says)
			}
		})
	}
}

// What package.json pins and what Load demands are one version.
func TestLayersArePinned(t *testing.T) {
	t.Parallel()
	manifest, err := os.ReadFile("package.json")
	if err != nil {
		t.Fatal(err)
	}
	var pinned struct{ Dependencies map[string]string }
	if err := json.Unmarshal(manifest, &pinned); err != nil {
		t.Fatal(err)
	}
	for _, l := range layers() {
		if got := pinned.Dependencies[l.module]; strings.TrimPrefix(got, "npm:@neondatabase/api-client@") != l.version {
			t.Errorf("%s: package.json has %q, the layer %s", l.module, got, l.version)
		}
	}
}

func TestLockNamesNoRegistry(t *testing.T) {
	t.Parallel()
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var locked struct {
		Packages map[string]struct{ Version, Resolved, Integrity string }
	}
	if err := json.Unmarshal(lock, &locked); err != nil {
		t.Fatal(err)
	}
	for name, p := range locked.Packages {
		if name != "" && (p.Integrity == "" || p.Resolved != "") {
			t.Errorf("%s: integrity %q, resolved %q; want the first alone", name, p.Integrity, p.Resolved)
		}
	}
}

func TestSeen(t *testing.T) {
	t.Parallel()
	ForTest(t)
	checker, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	canned{request: "GET /projects/p", status: 404, received: errorBody}.violations(t, checker)
	canned{request: "GET /projects", status: 200, received: projectList}.violations(t, checker)
	if got := strings.Join(checker.Seen(), " "); got != "listProjects" {
		t.Errorf("seen: %s; want the list alone, an error is not a success", got)
	}
	unseen := checker.Unseen([]string{"GET /projects", "GET /projects/{id}", "GET /projects/shared", "GET /nowhere"})
	if got := strings.Join(unseen, ", "); got != "GET /projects/{id}, GET /projects/shared, GET /nowhere" {
		t.Errorf("unseen: %s", got)
	}
}

func TestRoutesPreferLiterals(t *testing.T) {
	t.Parallel()
	checker := ForTest(t)
	for path, want := range map[string]string{
		"GET projects/shared":  "listSharedProjects",
		"GET projects/shiny":   "getProject",
		"GET projects/":        "",
		"GET projects/a%2Fb":   "getProject",
		"GET projects/a/b/c/d": "",
		"GET projects":         "listProjects",
	} {
		method, rest, _ := strings.Cut(path, " ")
		got := ""
		if op, _ := checker.routes.find(method, rest); op != nil {
			got = op.id
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
