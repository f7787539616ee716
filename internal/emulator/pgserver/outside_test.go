//go:build unix

package pgserver_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver/pgtest"
)

// in is the tenant's connection string with another database.
func (x tenant) in(database string) string {
	return strings.Replace(x.uri, "/"+x.p.Branch.ID+"_neondb?", "/"+database+"?", 1)
}

// TestOpenDatabaseOfTheServer has a database in which everybody may make things,
// as PostgreSQL 14 has them, and servers that were upgraded from it.
func TestOpenDatabaseOfTheServer(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	execute(t, cluster.URL("postgres"), `GRANT CREATE ON SCHEMA public TO PUBLIC`)
	w := start(t, cluster)
	owner, app := w.tenants()
	execute(t, owner.in("postgres"), owner.overload())
	w.create("another")
	owner.isNobody()

	// A function that runs with the rights of its owner must not become the superuser's.
	execute(t, app.in("postgres"), `CREATE FUNCTION public.trap() RETURNS text SECURITY DEFINER `+owner.rise(`RETURN 'sprung';`))
	app.delete()
	if got, err := query(t, owner.in("postgres"), `SELECT public.trap()`); err == nil || !strings.Contains(err.Error(), "42883") {
		t.Errorf("the trap gave %q and error %v, want that it is gone (42883)", got, err)
	}
	owner.isNobody()
	answers(t, cluster.URL("postgres"), fmt.Sprintf(`SELECT count(*)::text FROM pg_roles WHERE rolname = '%s'`, app.name), "0")
}

// TestThingsInTheDatabaseOfAnother has a branch let in a role of another branch:
// it doesn't get what that role leaves, and both projects go on.
func TestThingsInTheDatabaseOfAnother(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	_, app := w.tenants()
	other := w.create("other")
	database := other.Branch.ID + "_neondb"
	execute(t, other.uri, fmt.Sprintf(`GRANT CONNECT ON DATABASE %q TO %q`, database, app.name),
		fmt.Sprintf(`GRANT CREATE ON SCHEMA public TO %q`, app.name),
		`CREATE TABLE things (name text)`, fmt.Sprintf(`GRANT SELECT ON things TO %q`, app.name))
	execute(t, app.in(database), `CREATE FUNCTION public.who() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text'`)
	app.delete()
	if got, err := query(t, other.uri, `SELECT public.who()`); err == nil {
		t.Errorf("what another branch's role has left runs as %s", got)
	}
	// What the other branch has given to the role only that branch can take back.
	refused(t, app.in(database), "not permitted to log in")
	w.admin(http.StatusCreated, http.MethodPost, other.branch+"/databases", `{"database":{"name":"more","owner_name":"neondb_owner"}}`)
	// The name is free, and works.
	w.admin(http.StatusCreated, http.MethodPost, app.p.branch+"/roles", `{"role":{"name":"app"}}`)
	answers(t, w.uriOf(adminKey, app.p, app.p.Branch.ID, "neondb", "app"), `SELECT 'in'`, "in")

	for _, p := range []project{app.p, other} {
		w.admin(http.StatusOK, http.MethodDelete, p.path, "")
		if err := w.emu.Advance(week); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.emu.Reset(); err != nil {
		t.Fatal(err)
	}
	holds(t, w.cluster)
}

// TestRoleThatOutlivesItsBranch has a role held by a database that isn't the
// emulator's, and then a world that has the role again.
func TestRoleThatOutlivesItsBranch(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	w := start(t, cluster)
	_, app := w.tenants()
	execute(t, cluster.URL("postgres"), `CREATE TABLE things (name text)`, fmt.Sprintf(`GRANT SELECT ON things TO %q`, app.name))
	snapshot := w.emu.Snapshot()
	if err := w.emu.Reset(); err != nil {
		t.Fatal(err)
	}
	holds(t, cluster, "role:"+app.name)
	refused(t, app.in("postgres"), "not permitted to log in")
	if err := w.emu.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	answers(t, app.uri, `SELECT 'in'`, "in")
	execute(t, cluster.URL("postgres"), `DROP TABLE things`)
	if err := w.emu.Reset(); err != nil {
		t.Fatal(err)
	}
	holds(t, cluster)
}

// TestTenantsStayOutside tries to enter, and to hold up, where the administrator works.
func TestTenantsStayOutside(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	w := start(t, cluster)
	owner, app := w.tenants()
	refused(t, owner.in("neon-emulator"), "permission denied for database")
	// The number is the emulator's lock.
	for _, uri := range []string{owner.uri, owner.in("postgres")} {
		conn, err := pgx.Connect(t.Context(), uri)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) }) // the server has ended it
		if _, err := conn.Exec(t.Context(), `SELECT pg_try_advisory_lock(7777001)`); err != nil {
			t.Fatal(err)
		}
	}
	// What a tenant says of its database changes nothing for the administrator.
	for _, setting := range []string{
		`SET default_transaction_read_only = on`, `SET standard_conforming_strings = off`, `SET client_encoding = 'SJIS'`,
		`SET statement_timeout = 1`,
		fmt.Sprintf(`SET role = %q`, owner.name), `IS_TEMPLATE true`, `SET local_preload_libraries = 'nothing'`,
	} {
		execute(t, owner.in("postgres"), fmt.Sprintf(`ALTER DATABASE %q %s`, owner.p.Branch.ID+"_neondb", setting))
	}
	app.delete()
	snapshot := w.emu.Snapshot()
	if err := w.server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	w = start(t, cluster, func(o *emulator.Options) { o.Seed = &snapshot })
	if err := w.emu.Restore(emulator.Seed{}); err != nil {
		t.Fatal(err)
	}
	holds(t, cluster)
}

// TestHelperOfAKilledEmulator has a role left by which an emulator was in a tenant's database.
func TestHelperOfAKilledEmulator(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	w := start(t, cluster)
	w.tenants()
	execute(t, cluster.URL("postgres"), `CREATE ROLE "neon-emulator-helper-x" LOGIN IN ROLE neon_emulator`)
	if err := w.emu.Reset(); err != nil {
		t.Fatal(err)
	}
	holds(t, cluster)
}

// TestDatabaseOfThatName has the administrator's database there before the emulator.
func TestDatabaseOfThatName(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	execute(t, cluster.URL("postgres"), `CREATE DATABASE "neon-emulator"`)
	w := start(t, cluster)
	owner, _ := w.tenants()
	refused(t, owner.in("neon-emulator"), "permission denied for database")
	if err := w.server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	execute(t, cluster.URL("postgres"), `CREATE ROLE somebody`, `ALTER DATABASE "neon-emulator" OWNER TO somebody`)
	_, err := pgserver.Open(t.Context(), cluster.URL("postgres"), slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "does not belong to a superuser") {
		t.Errorf("the error is %v", err)
	}
}
