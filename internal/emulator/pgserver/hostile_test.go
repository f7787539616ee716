//go:build unix

package pgserver_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver/pgtest"
)

// tenant is a role of a branch that wants to be more than that.
type tenant struct {
	w    *world
	p    project
	name string // on the server
	uri  string // to its own database
}

// tenants makes a project, and two roles of it: the owner of its database, who
// wants to be superuser, and app, which may make things in that database.
func (w *world) tenants() (owner, app tenant) {
	w.t.Helper()
	p := w.create("hostile")
	w.admin(http.StatusCreated, http.MethodPost, p.branch+"/roles", `{"role":{"name":"app"}}`)
	owner = tenant{w, p, p.Branch.ID + "_neondb_owner", p.uri}
	app = tenant{w, p, p.Branch.ID + "_app", w.uriOf(adminKey, p, p.Branch.ID, "neondb", "app")}
	execute(w.t, owner.uri, fmt.Sprintf(`GRANT CREATE ON SCHEMA public TO %q`, app.name))
	return owner, app
}

// delete deletes a role by the API.
func (x tenant) delete() {
	x.w.t.Helper()
	x.w.admin(http.StatusOK, http.MethodDelete, x.p.branch+"/roles/"+strings.TrimPrefix(x.name, x.p.Branch.ID+"_"), "")
}

// rise is the body of a function that makes the tenant superuser if whoever calls it
// can, and then does what is said.
func (x tenant) rise(then string) string {
	return fmt.Sprintf(`LANGUAGE plpgsql AS $body$
		BEGIN
			BEGIN
				EXECUTE 'ALTER ROLE %q SUPERUSER';
			EXCEPTION WHEN insufficient_privilege THEN
				NULL;
			END;
			%s
		END $body$`, x.name, then)
}

// isNobody tries what only a superuser may, and demands that it is refused.
func (x tenant) isNobody() {
	x.w.t.Helper()
	answers(x.w.t, x.w.cluster.URL("postgres"), fmt.Sprintf(
		`SELECT coalesce(string_agg(rolname, ' '), 'nobody') FROM pg_roles
		 WHERE rolname <> 'postgres' AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
		   OR rolname = '%s' AND (pg_has_role(oid, 'postgres', 'MEMBER') OR pg_has_role(oid, 'pg_execute_server_program', 'MEMBER')))`, x.name), "nobody")
	// The server runs as another user, so that the directory must be open to it.
	dir, err := os.MkdirTemp("", "hostile-") //nolint:usetesting // as in pgtest
	if err != nil {
		x.w.t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()     // what is left in the system's temporary directory does no harm
	if err := os.Chmod(dir, 0o777); err != nil { //nolint:gosec // for the server's user
		x.w.t.Fatal(err)
	}
	ran := filepath.Join(dir, "ran")
	_, err = query(x.w.t, x.uri, fmt.Sprintf(`COPY (SELECT 'in') TO PROGRAM 'cat > %s'`, ran))
	if err == nil || !strings.Contains(err.Error(), "42501") {
		x.w.t.Errorf("COPY TO PROGRAM gave error %v, want a refusal (42501)", err)
	}
	if _, err := os.Stat(ran); err == nil {
		x.w.t.Error("the tenant ran a program")
	}
}

// TestOverloadedFunction has a function in the tenant's database that PostgreSQL
// prefers to one of its own, because its parameters fit exactly.
func TestOverloadedFunction(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	owner, app := w.tenants()
	execute(t, owner.uri, `CREATE FUNCTION public.format(text, VARIADIC text[]) RETURNS text `+owner.rise(`RETURN pg_catalog.format($1, VARIADIC $2);`))
	execute(t, app.uri, `CREATE TABLE things (name text)`)
	app.delete()
	owner.isNobody()
}

// TestSearchPath has a tenant's database say that names are looked up in the
// tenant's schema before PostgreSQL's own, which has all that there is to call.
func TestSearchPath(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	owner, app := w.tenants()
	execute(t, app.uri, `CREATE TABLE things (name text)`)
	execute(t, owner.uri, "CREATE SCHEMA evil", `GRANT USAGE ON SCHEMA evil TO PUBLIC`)
	for signature, then := range map[string]string{
		`format(text, VARIADIC text[]) RETURNS text`:         `RETURN pg_catalog.format($1, VARIADIC $2);`,
		`format(text, text) RETURNS text`:                    `RETURN pg_catalog.format($1, $2);`,
		`format(text, text, text) RETURNS text`:              `RETURN pg_catalog.format($1, $2, $3);`,
		`quote_ident(text) RETURNS text`:                     `RETURN pg_catalog.quote_ident($1);`,
		`quote_literal(text) RETURNS text`:                   `RETURN pg_catalog.quote_literal($1);`,
		`current_setting(text) RETURNS text`:                 `RETURN pg_catalog.current_setting($1);`,
		`set_config(text, text, boolean) RETURNS text`:       `RETURN pg_catalog.set_config($1, $2, $3);`,
		`pg_terminate_backend(int) RETURNS boolean`:          `RETURN true;`,
		`same(name, name) RETURNS boolean`:                   `RETURN $1 OPERATOR(pg_catalog.=) $2;`,
		`same(oid, oid) RETURNS boolean`:                     `RETURN $1 OPERATOR(pg_catalog.=) $2;`,
		`pg_shdepend() RETURNS SETOF pg_catalog.pg_shdepend`: `RETURN QUERY SELECT * FROM pg_catalog.pg_shdepend;`,
	} {
		execute(t, owner.uri, `CREATE FUNCTION evil.`+signature+` `+owner.rise(then))
	}
	execute(t, owner.uri,
		`CREATE OPERATOR evil.= (FUNCTION = evil.same, LEFTARG = name, RIGHTARG = name)`,
		`CREATE OPERATOR evil.= (FUNCTION = evil.same, LEFTARG = oid, RIGHTARG = oid)`,
		`CREATE VIEW evil.pg_shdepend AS SELECT * FROM evil.pg_shdepend()`,
		`GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC`,
		fmt.Sprintf(`ALTER DATABASE %q SET search_path = evil, pg_catalog, public`, owner.p.Branch.ID+"_neondb"),
	)
	app.delete()
	owner.isNobody()
}

// TestCodeInObjects has what a dropped role leaves call a function of the
// owner's: when its owner changes, its rows are touched, or it is dropped.
func TestCodeInObjects(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	owner, app := w.tenants()
	execute(t, owner.uri,
		`CREATE FUNCTION public.rise() RETURNS void `+owner.rise(``),
		// PostgreSQL takes its word for being immutable.
		`CREATE FUNCTION public.evil(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM public.rise(); RETURN $1; END'`,
		`CREATE FUNCTION public.evil_trigger() RETURNS trigger `+owner.rise(`RETURN NEW;`))
	execute(t, app.uri,
		`CREATE DOMAIN number AS int DEFAULT public.evil(1) CHECK (public.evil(VALUE) > 0)`,
		`CREATE TABLE things (a int DEFAULT public.evil(1), b int GENERATED ALWAYS AS (public.evil(a)) STORED, c number, CHECK (public.evil(a) > 0))`,
		`CREATE INDEX ON things (public.evil(a)) WHERE public.evil(2) > 0`,
		`CREATE TRIGGER evil BEFORE INSERT OR UPDATE OR DELETE ON things FOR EACH ROW EXECUTE FUNCTION public.evil_trigger()`,
		`ALTER TABLE things ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
		`CREATE POLICY evil ON things USING (public.evil(a) > 0)`,
		`CREATE TABLE parts (a int) PARTITION BY RANGE ((a + public.evil(1)))`,
		`CREATE TABLE part PARTITION OF parts DEFAULT`,
		`CREATE VIEW seen AS SELECT public.evil(a) FROM things`,
		`CREATE MATERIALIZED VIEW kept AS SELECT public.evil(a) FROM things`,
		`CREATE STATISTICS counted ON (public.evil(a)), b FROM things`,
		`CREATE AGGREGATE most(int) (SFUNC = int4larger, STYPE = int, FINALFUNC = public.evil)`,
	)
	if _, err := query(t, owner.uri, `CREATE EVENT TRIGGER evil ON ddl_command_start EXECUTE FUNCTION public.evil_trigger()`); err == nil {
		t.Error("a tenant may make event triggers; think again about all that the administrator does")
	}
	app.delete()
	owner.isNobody()
	answers(t, owner.uri, `SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ' ') FROM pg_class WHERE relname IN ('things', 'parts', 'part', 'seen', 'kept')`, owner.name)
}

// TestDroppedRolesThingsGoToTheOwner has everything that a role without malice leaves.
func TestDroppedRolesThingsGoToTheOwner(t *testing.T) {
	t.Parallel()
	w := start(t, pgtest.Start(t))
	owner, app := w.tenants()
	w.admin(http.StatusCreated, http.MethodPost, app.p.branch+"/roles", `{"role":{"name":"reader"}}`)
	reader := app.p.Branch.ID + "_reader"
	execute(t, app.uri,
		`CREATE SCHEMA app`, `CREATE TABLE app.orders (id serial, name text)`, `INSERT INTO app.orders (name) VALUES ('first')`,
		`CREATE TYPE app.mood AS ENUM ('ok')`, `CREATE VIEW app.names AS SELECT name FROM app.orders`,
		`CREATE FUNCTION app.one() RETURNS int LANGUAGE sql AS 'SELECT 1'`, `CREATE FUNCTION public.two() RETURNS int LANGUAGE sql AS 'SELECT 2'`,
		`CREATE OPERATOR app.@+@ (FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int)`,
		`CREATE COLLATION app.plain FROM "C"`, `CREATE TEXT SEARCH CONFIGURATION app.words (COPY = simple)`, `SELECT lo_create(0)`,
		fmt.Sprintf(`GRANT USAGE ON SCHEMA app TO %q`, reader), fmt.Sprintf(`GRANT SELECT ON app.orders TO %q`, reader),
		fmt.Sprintf(`ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO %q`, reader))
	// And what others have given to it.
	readers := w.uriOf(adminKey, app.p, app.p.Branch.ID, "neondb", "reader")
	execute(t, owner.uri, fmt.Sprintf(`GRANT CREATE ON SCHEMA public TO %q`, reader), `CREATE TABLE owners (name text)`,
		fmt.Sprintf(`GRANT SELECT ON owners TO %q`, app.name), fmt.Sprintf(`CREATE POLICY apps ON owners TO %q USING (true)`, app.name),
		fmt.Sprintf(`GRANT CONNECT ON DATABASE %q TO %q`, app.p.Branch.ID+"_neondb", app.name),
		fmt.Sprintf(`ALTER ROLE %q SET work_mem = '1MB'`, owner.name))
	execute(t, readers, `CREATE TABLE readers (name text)`, fmt.Sprintf(`GRANT SELECT ON readers TO %q`, app.name),
		fmt.Sprintf(`CREATE POLICY apps ON readers TO %q USING (true)`, app.name), fmt.Sprintf(`ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO %q`, app.name))
	app.delete()
	holds(t, w.cluster, append(app.p.usual(), "role:"+reader)...)
	answers(t, owner.uri, `SELECT name FROM app.names`, "first")
	answers(t, owner.uri, `SELECT string_agg(DISTINCT pg_get_userbyid(who), ' ') FROM (
		SELECT relowner AS who FROM pg_class WHERE relnamespace = 'app'::regnamespace
		UNION ALL SELECT typowner FROM pg_type WHERE typname = 'mood' UNION ALL SELECT nspowner FROM pg_namespace WHERE nspname = 'app'
		UNION ALL SELECT proowner FROM pg_proc WHERE proname IN ('one', 'two') UNION ALL SELECT oprowner FROM pg_operator WHERE oprname = '@+@'
		UNION ALL SELECT collowner FROM pg_collation WHERE collname = 'plain' UNION ALL SELECT cfgowner FROM pg_ts_config WHERE cfgname = 'words'
		UNION ALL SELECT lomowner FROM pg_largeobject_metadata) AS things`, owner.name)
	answers(t, readers, `SELECT count(*)::text FROM app.orders`, "1")
	execute(t, owner.uri, `DROP SCHEMA app CASCADE`, `DROP FUNCTION public.two()`)
}

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
	execute(t, owner.in("postgres"), `CREATE FUNCTION public.format(text, VARIADIC text[]) RETURNS text `+owner.rise(`RETURN pg_catalog.format($1, VARIADIC $2);`))
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
	execute(t, other.uri, fmt.Sprintf(`GRANT CONNECT ON DATABASE %q TO %q`, database, app.name), fmt.Sprintf(`GRANT CREATE ON SCHEMA public TO %q`, app.name),
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
		`SET default_transaction_read_only = on`, `SET standard_conforming_strings = off`, `SET client_encoding = 'SJIS'`, `SET statement_timeout = 1`,
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

func TestForeignDatabaseOfThatName(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	execute(t, cluster.URL("postgres"), `CREATE ROLE somebody`, `CREATE DATABASE "neon-emulator" OWNER somebody`)
	if _, err := pgserver.Open(t.Context(), cluster.URL("postgres"), slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "does not belong to a superuser") {
		t.Errorf("the error is %v", err)
	}
}
