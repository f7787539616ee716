//go:build unix

package pgserver_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver/pgtest"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// TestClaimedProject follows a connection string from the partner to the customer.
func TestClaimedProject(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	p := w.create("shop")
	execute(t, p.uri, "CREATE TABLE things (name text)", "INSERT INTO things VALUES ('a lamp')")
	if got := p.Roles[0].Name + " " + p.Databases[0].Name + " " + p.ConnectionURIs[0].ConnectionParameters.Role; got != "neondb_owner neondb neondb_owner" {
		t.Errorf("the API's names are %s", got)
	}

	request := decode[neon.TransferRequest](t, w.admin(http.StatusCreated, http.MethodPost, p.path+"/transfer_requests", ""))
	w.call(http.StatusNoContent, customerKey, http.MethodPut, p.path+"/transfer_requests/"+request.ID, fmt.Sprintf(`{"org_id":%q}`, bloom))
	answers(t, p.uri, "SELECT name FROM things", "a lamp")
	again := w.uriOf(customerKey, p, p.Branch.ID, "neondb", "neondb_owner")
	if again != p.uri {
		t.Error("the connection string changed with the owner")
	}

	other := w.create("other")
	refused(t, strings.Replace(other.uri, other.Branch.ID+"_neondb?", p.Branch.ID+"_neondb?", 1), "permission denied")
}

func TestRolesAndDatabases(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	p := w.create("app")
	id := p.Branch.ID

	role := decode[struct {
		Role neon.Role `json:"role"`
	}](t, w.admin(http.StatusCreated, http.MethodPost, p.branch+"/roles", `{"role":{"name":"app"}}`)).Role
	w.admin(http.StatusCreated, http.MethodPost, p.branch+"/roles", `{"role":{"name":"group","no_login":true}}`)
	w.admin(http.StatusCreated, http.MethodPost, p.branch+"/databases", `{"database":{"name":"orders","owner_name":"app"}}`)
	uri := w.uriOf(adminKey, p, id, "orders", "app")
	if !strings.Contains(uri, role.Password) {
		t.Error("the connection string lacks the role's password")
	}
	execute(t, uri, "CREATE TABLE orders (name text)", "INSERT INTO orders VALUES ('first')")

	w.admin(http.StatusOK, http.MethodPost, p.branch+"/roles/app/reset_password", "")
	refused(t, uri, "password authentication failed")
	uri = w.uriOf(adminKey, p, id, "orders", "app")
	answers(t, uri, "SELECT name FROM orders", "first")

	w.admin(http.StatusOK, http.MethodPatch, p.branch+"/databases/orders", `{"database":{"name":"archive","owner_name":"neondb_owner"}}`)
	refused(t, uri, "does not exist")
	uri = w.uriOf(adminKey, p, id, "archive", "app")
	answers(t, uri, "SELECT name FROM orders", "first")
	answers(t, uri, "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()", id+"_neondb_owner")

	// What the role has made goes to the owner of the database.
	w.admin(http.StatusOK, http.MethodDelete, p.branch+"/roles/app", "")
	refused(t, uri, "password authentication failed")
	answers(t, w.uriOf(adminKey, p, id, "archive", "neondb_owner"), "SELECT name FROM orders", "first")
	w.admin(http.StatusOK, http.MethodDelete, p.branch+"/databases/archive", "")
	holds(t, w.cluster, append(p.usual(), "role:"+id+"_group")...)
}

func TestBranches(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	p := w.create("app")
	created := decode[struct {
		Branch neon.Branch `json:"branch"`
	}](t, w.admin(http.StatusCreated, http.MethodPost, p.path+"/branches", `{"branch":{"name":"dev"},"endpoints":[{"type":"read_write"}]}`)).Branch
	uri := w.uriOf(adminKey, p, created.ID, "neondb", "neondb_owner")
	answers(t, uri, "SELECT current_database()::text", created.ID+"_neondb")
	answers(t, p.uri, "SELECT current_database()::text", p.Branch.ID+"_neondb")
	w.admin(http.StatusOK, http.MethodDelete, p.path+"/branches/"+created.ID, "")
	refused(t, uri, "password authentication failed")
	holds(t, w.cluster, p.usual()...)
}

func TestDeletedProjectCanBeRecovered(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	p := w.create("app")
	execute(t, p.uri, "CREATE TABLE things (name text)", "INSERT INTO things VALUES ('a lamp')")
	w.admin(http.StatusOK, http.MethodDelete, p.path, "")
	refused(t, p.uri, "not permitted to log in")
	w.admin(http.StatusOK, http.MethodPost, p.path+"/recover", "")
	answers(t, p.uri, "SELECT name FROM things", "a lamp")

	w.admin(http.StatusOK, http.MethodDelete, p.path, "")
	if err := w.emu.Advance(week); err != nil {
		t.Fatal(err)
	}
	holds(t, w.cluster)
}

// TestHostileNames has names that end a statement where quoting is forgotten.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	p := w.create("app")
	for _, name := range []string{
		`"; DROP DATABASE postgres; --`, `';DROP ROLE postgres;--`, `%I %L %s $1 $$`, `a b/c?d#e&f`, `\'"`, "Größe", "名前", strings.Repeat("x", 63), strings.Repeat("ü", 31),
		"neon_emulator", "pg_read_all_data", "nul\x00nul",
	} {
		quoted := fmt.Sprintf("%q", name)
		if strings.Contains(name, "\x00") {
			quoted = `"nul\u0000nul"`
		}
		w.admin(http.StatusCreated, http.MethodPost, p.branch+"/roles", fmt.Sprintf(`{"role":{"name":%s}}`, quoted))
		w.admin(http.StatusCreated, http.MethodPost, p.branch+"/databases", fmt.Sprintf(`{"database":{"name":%s,"owner_name":%s}}`, quoted, quoted))
		uri := w.uriOf(adminKey, p, p.Branch.ID, name, name)
		answers(t, uri, "SELECT (pg_get_userbyid(datdba) = current_user)::text FROM pg_database WHERE datname = current_database()", "true")
	}
	w.admin(http.StatusOK, http.MethodDelete, p.path, "")
	if err := w.emu.Advance(week); err != nil {
		t.Fatal(err)
	}
	holds(t, w.cluster)
}

// TestServerFails stops the server under the emulator: what can't be done isn't.
func TestServerFails(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	p := w.create("app")
	before := held(t, w.cluster)
	snapshot := w.emu.Snapshot()
	w.cluster.Stop()
	for _, c := range [][3]string{
		{http.MethodPost, "/projects", fmt.Sprintf(`{"project":{"org_id":%q}}`, acme)},
		{http.MethodPost, p.path + "/branches", `{}`},
		{http.MethodPost, p.branch + "/roles", `{"role":{"name":"app"}}`},
		{http.MethodPost, p.branch + "/databases", `{"database":{"name":"more","owner_name":"neondb_owner"}}`},
		{http.MethodPatch, p.branch + "/databases/neondb", `{"database":{"name":"renamed"}}`},
		{http.MethodPost, p.branch + "/roles/neondb_owner/reset_password", ""},
		{http.MethodDelete, p.branch + "/databases/neondb", ""},
		{http.MethodDelete, p.path, ""},
	} {
		if answer := w.admin(http.StatusInternalServerError, c[0], c[1], c[2]); !strings.Contains(string(answer), "nothing was changed") {
			t.Errorf("%s %s answered %s", c[0], c[1], answer)
		}
	}
	// What doesn't concern the server goes on.
	w.admin(http.StatusOK, http.MethodPatch, p.path, `{"project":{"name":"renamed"}}`)
	w.admin(http.StatusOK, http.MethodGet, p.path, "")
	if err := w.emu.Restore(snapshot); err == nil {
		t.Error("a world was restored without the server")
	}
	w.cluster.Start()
	if got := held(t, w.cluster); !slices.Equal(got, before) {
		t.Errorf("the server has %q, want %q", got, before)
	}
	after := w.emu.Snapshot()
	if len(after.Projects) != 1 || len(after.Projects[0].Branches) != 1 || after.Projects[0].DeletedAt != nil || after.Projects[0].Name != "renamed" {
		t.Errorf("the world has %+v", after.Projects)
	}
	answers(t, p.uri, "SELECT 'in'", "in")
	w.admin(http.StatusCreated, http.MethodPost, p.branch+"/databases", `{"database":{"name":"more","owner_name":"neondb_owner"}}`)
}

// TestHalfMadeIsTakenBack has the second of two databases of a branch fail.
func TestHalfMadeIsTakenBack(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	w := start(t, cluster)
	p := w.create("app")
	before := held(t, cluster)
	branch := emulator.RealBranch{
		ID: "br-new", Roles: []emulator.RealRole{{Name: "me", Password: "secret"}},
		Databases: []emulator.RealDatabase{{ID: 1, Name: "one", Owner: "me"}, {ID: 2, Name: "two", Owner: "nobody"}},
	}
	if err := w.server.Update(map[string][]emulator.RealBranch{"new": {branch}}); err == nil || !strings.Contains(err.Error(), `"two"`) {
		t.Errorf("the error is %v", err)
	}
	if got := held(t, cluster); !slices.Equal(got, before) {
		t.Errorf("the server has %q, want %q", got, before)
	}

	// Of a branch that is there the name of the database and a password were changed before.
	there := w.emu.Snapshot().Projects[0].Branches[0]
	branch.ID = there.ID
	branch.Roles = append(branch.Roles, emulator.RealRole{Name: "neondb_owner", Password: "another"})
	branch.Databases[0] = emulator.RealDatabase{ID: there.Databases[0].ID, Name: "renamed", Owner: "me"}
	if err := w.server.Update(map[string][]emulator.RealBranch{p.Project.ID: {branch}}); err == nil || !strings.Contains(err.Error(), `"two"`) {
		t.Errorf("the error is %v", err)
	}
	if got := held(t, cluster); !slices.Equal(got, before) {
		t.Errorf("the server has %q, want %q", got, before)
	}
	answers(t, p.uri, "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()", there.ID+"_neondb_owner")
}

// TestRestart has a world kept in a file: its databases keep their data, and
// what the world doesn't know is dropped. What isn't the emulator's stays.
func TestRestart(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	path := filepath.Join(t.TempDir(), "world.json")
	open := func() (*emulator.Store, func(*emulator.Options)) {
		store, err := emulator.OpenStore(path)
		if err != nil {
			t.Fatal(err)
		}
		return store, func(o *emulator.Options) { o.Store = store }
	}
	store, kept := open()
	w := start(t, cluster, kept)
	p := w.create("app")
	execute(t, p.uri, "CREATE TABLE things (name text)", "INSERT INTO things VALUES ('a lamp')")
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	// Made for a request that was never kept.
	branch := emulator.RealBranch{ID: "br-lost", Roles: []emulator.RealRole{{Name: "me"}}, Databases: []emulator.RealDatabase{{Name: "one", Owner: "me"}}}
	if err := w.server.Update(map[string][]emulator.RealBranch{"lost": {branch}}); err != nil {
		t.Fatal(err)
	}
	if err := w.server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	execute(t, cluster.URL("postgres"), "CREATE ROLE somebody", "CREATE DATABASE somebodys OWNER somebody")

	store, kept = open()
	w = start(t, cluster, kept)
	foreign := []string{"role:somebody", "database:somebodys"}
	holds(t, cluster, append(p.usual(), foreign...)...)
	answers(t, p.uri, "SELECT name FROM things", "a lamp")
	w.admin(http.StatusOK, http.MethodGet, p.path, "")
	if err := w.emu.Reset(); err != nil {
		t.Fatal(err)
	}
	holds(t, cluster, foreign...)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestServersThatCantBeUsed(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	start(t, cluster)
	execute(t, cluster.URL("postgres"), "CREATE ROLE plain LOGIN PASSWORD 'plain' CREATEDB CREATEROLE")
	for why, address := range map[string]string{
		"another emulator":    cluster.URL("postgres"),
		"needs one of its":    cluster.URL("template1"),
		"not a superuser":     cluster.URLAs("plain", "plain", "postgres"),
		"host and port":       "postgresql:///postgres?host=/tmp",
		"can't connect":       cluster.URLAs("plain", "wrong", "postgres"),
		"can't be read: cann": "postgresql://127.0.0.1:port/postgres",
	} {
		server, err := pgserver.Open(t.Context(), address, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("got error %v, want one that says %q", err, why)
		}
		if err == nil {
			_ = server.Close(context.WithoutCancel(t.Context())) // the test has failed
		}
	}
}
