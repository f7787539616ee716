package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// openStore opens a store that is closed with the test at the latest.
func openStore(t *testing.T, path string) *Store {
	t.Helper()
	store, err := OpenStore(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() }) // a second time is an error that doesn't matter
	return store
}

func keptIn(store *Store) func(*Options) { return func(o *Options) { o.Store = store } }

// restarted closes the store of a world and starts another world with its file.
func restarted(t *testing.T, store *Store, change ...func(*Options)) (*testWorld, *Store) {
	t.Helper()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	next := openStore(t, store.path)
	return start(t, append(change, keptIn(next))...), next
}

func TestWorldSurvivesRestart(t *testing.T) {
	t.Parallel()
	store := openStore(t, filepath.Join(t.TempDir(), "world.json"))
	w := start(t, keptIn(store))
	admin := w.as(adminKey)
	created := admin.create(acme, "kept")
	id, branch := created.Project.ID, created.Branch.ID
	admin.create(acme, "deleted")
	admin.delete("/projects/" + admin.create(acme, "gone").Project.ID).want(http.StatusOK)
	admin.post("/projects/"+id+"/branches/"+branch+"/roles", `{"role":{"name":"reader"}}`).want(http.StatusCreated)
	admin.post("/organizations/"+acme+"/projects/transfer", fmt.Sprintf(`{"destination_org_id":%q,"project_ids":[%q]}`, labs, id)).want(http.StatusOK)
	w.advance(time.Hour)
	key := admin.post("/api_keys", `{"key_name":"second"}`).want(http.StatusOK).at("key")

	before := w.emu.Snapshot()
	w, store = restarted(t, store)
	if diff := cmp.Diff(before, w.emu.Snapshot()); diff != "" {
		t.Errorf("the world after the restart differs:\n%s", diff)
	}
	w.as(key).get("/projects/"+id).want(http.StatusOK, labs)

	w, _ = restarted(t, store, seeded(func(s *Seed) { s.Projects = []Project{{Name: "of the seed", OrgID: acme}} }))
	equal(t, "projects: the file goes before the seed", len(w.emu.Snapshot().Projects), 3)
	if err := w.emu.Reset(); err != nil {
		t.Fatal(err)
	}
	equal(t, "project after a reset", w.emu.Snapshot().Projects[0].Name, "of the seed")
}

// TestKeptBeforeAnswered reads the file after every answer, while the emulator
// goes on: what was answered is there.
func TestKeptBeforeAnswered(t *testing.T) {
	t.Parallel()
	store := openStore(t, filepath.Join(t.TempDir(), "world.json"))
	w := start(t, keptIn(store))
	var clients sync.WaitGroup
	for n := range 8 {
		clients.Go(func() {
			for i := range 5 {
				id := w.as(adminKey).create(acme, fmt.Sprintf("app-%d-%d", n, i)).Project.ID
				kept, err := readWorld(store.path)
				if err != nil {
					t.Error(err)
					return
				}
				if !hasProject(kept, id) {
					t.Errorf("project %s was answered and isn't in the file", id)
				}
			}
		})
	}
	clients.Wait()
	// Nothing else is in the directory, and nobody else may read the file.
	entries, err := os.ReadDir(filepath.Dir(store.path))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "mode of "+entry.Name(), info.Mode().Perm(), 0o600)
	}
	equal(t, "files", len(entries), 2)
}

func hasProject(s *Seed, id string) bool {
	for _, p := range s.Projects {
		if p.ID == id {
			return true
		}
	}
	return false
}

func TestKeptFileIsASeed(t *testing.T) {
	t.Parallel()
	store := openStore(t, filepath.Join(t.TempDir(), "world.json"))
	w := start(t, keptIn(store))
	w.as(adminKey).create(acme, "app")
	var document struct {
		World json.RawMessage `json:"world"`
	}
	data, err := os.ReadFile(store.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	seed, err := ParseSeed(document.World)
	if err != nil {
		t.Fatal(err)
	}
	other := start(t, func(o *Options) { o.Seed = &seed })
	if diff := cmp.Diff(w.emu.Snapshot(), other.emu.Snapshot()); diff != "" {
		t.Error(diff)
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "world.json")
	store := openStore(t, path)
	start(t, keptIn(store)).as(adminKey).create(acme, "app")
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	replaced := func(old, with string) []byte {
		if !bytes.Contains(whole, []byte(old)) {
			t.Fatalf("the file has no %s: %s", old, whole)
		}
		return bytes.Replace(whole, []byte(old), []byte(with), 1)
	}
	damaged := map[string]struct {
		data []byte
		says string
	}{
		"empty":           {nil, "truncated or garbled"},
		"half":            {whole[:len(whole)/2], "truncated or garbled"},
		"no end":          {whole[:len(whole)-3], "truncated or garbled"},
		"twice":           {append(bytes.Clone(whole), whole...), "truncated or garbled"},
		"another letter":  {replaced(`"app"`, `"ape"`), "checksum"},
		"another brace":   {replaced(`"projects":[`, `"projects":{`), "truncated or garbled"},
		"newer":           {replaced(`"version":1`, `"version":2`), "version is 2"},
		"something else":  {[]byte(`{"name":"something else"}`), "format"},
		"a bare snapshot": {[]byte(`{"users":[],"organizations":[],"projects":[]}`), "format"},
	}
	for name, c := range damaged {
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := OpenStore(path)
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: the error is %v, want one that says %q and names the file", name, err, c.says)
		}
		left, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(left, c.data) {
			t.Errorf("%s: the file was changed (%v)", name, err)
		}
	}
	// Cut anywhere, it is never taken for a world.
	for n := range len(whole) - 1 {
		if _, err := decodeWorld(whole[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes were taken for a world", n, len(whole))
		}
	}
}

func TestImpossibleWorldIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "world.json")
	if err := writeWorld(path, []byte(`{"organizations":[{"id":"org-a-1","name":"a","plan":"golden"}]}`), nil); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = New(Options{Store: openStore(t, path)}); err == nil || !strings.Contains(err.Error(), "golden") || !strings.Contains(err.Error(), path) {
		t.Errorf("the error is %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed (%v)", err)
	}
}

func TestFileIsOneEmulators(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "world.json")
	store := openStore(t, path)
	if _, err := OpenStore(path); err == nil || !strings.Contains(err.Error(), "another emulator") {
		t.Errorf("the error is %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	openStore(t, path)
}

// TestFileThatCantBeWritten has a directory where the file is first written to.
func TestFileThatCantBeWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "world.json")
	store := openStore(t, path)
	w := start(t, keptIn(store))
	obstacle := filepath.Join(path+".tmp", "obstacle")
	if err := os.MkdirAll(obstacle, 0o700); err != nil {
		t.Fatal(err)
	}
	admin := w.as(adminKey)
	admin.post("/projects", fmt.Sprintf(`{"project":{"org_id":%q,"name":"first"}}`, acme)).want(http.StatusInternalServerError, "lost in a restart")
	if err := os.RemoveAll(path + ".tmp"); err != nil {
		t.Fatal(err)
	}
	admin.create(acme, "second")
	w, _ = restarted(t, store)
	equal(t, "projects", len(w.emu.Snapshot().Projects), 2)
}

func TestClosedStore(t *testing.T) {
	t.Parallel()
	store := openStore(t, filepath.Join(t.TempDir(), "world.json"))
	w := start(t, keptIn(store))
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	w.as(adminKey).post("/projects", fmt.Sprintf(`{"project":{"org_id":%q}}`, acme)).want(http.StatusInternalServerError, "was closed")
}

// BenchmarkKeptChange is a change in a world of 10,000 projects.
func BenchmarkKeptChange(b *testing.B) {
	store, err := OpenStore(filepath.Join(b.TempDir(), "world.json"))
	if err != nil {
		b.Fatal(err)
	}
	seed := DefaultSeed()
	seed.Projects = []Project{{ID: "app-%d", OrgID: acme, Count: 10_000}}
	emu, err := New(Options{Store: store, Seed: &seed})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := emu.change(func(w *world) error { w.project("app-7").Name += "."; return nil }); err != nil {
			b.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(store.path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size()), "file-bytes")
	began := time.Now()
	if store, err = OpenStore(store.path); err != nil {
		b.Fatal(err)
	}
	if _, err = New(Options{Store: store}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(began).Seconds(), "restart-s")
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
}
