//go:build unix

package pgserver_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
			NULL; -- the next block is for its exception
			BEGIN
				EXECUTE 'ALTER ROLE %q SUPERUSER';
			EXCEPTION WHEN insufficient_privilege THEN
				NULL;
			END;
			%s
		END $body$`, x.name, then)
}

// overload is a function that fits a call better than PostgreSQL's own.
func (x tenant) overload() string {
	return `CREATE FUNCTION public.format(text, VARIADIC text[]) RETURNS text ` + x.rise(`RETURN pg_catalog.format($1, VARIADIC $2);`)
}

// isNobody tries what only a superuser may, and demands that it is refused.
func (x tenant) isNobody() {
	x.w.t.Helper()
	answers(x.w.t, x.w.cluster.URL("postgres"), fmt.Sprintf(
		`SELECT coalesce(string_agg(rolname, ' '), 'nobody') FROM pg_roles
		 WHERE rolname <> 'postgres' AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR rolname = '%s' AND
		   (pg_has_role(oid, 'postgres', 'MEMBER') OR pg_has_role(oid, 'pg_execute_server_program', 'MEMBER')))`, x.name), "nobody")
	// The server runs as another user, so that the directory must be open to it.
	dir, err := os.MkdirTemp("", "hostile-")
	if err != nil {
		x.w.t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left in the system's temporary directory does no harm
	if err := os.Chmod(dir, 0o777); err != nil {
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
	execute(t, owner.uri, owner.overload())
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
		`CREATE TABLE things (a int DEFAULT public.evil(1), b int GENERATED ALWAYS AS (public.evil(a)) STORED, c number)`,
		`ALTER TABLE things ADD CHECK (public.evil(a) > 0)`,
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
	answers(t, owner.uri, `SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ' ') FROM pg_class
		WHERE relname IN ('things', 'parts', 'part', 'seen', 'kept')`, owner.name)
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
		fmt.Sprintf(`CREATE POLICY apps ON readers TO %q USING (true)`, app.name),
		fmt.Sprintf(`ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO %q`, app.name))
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
