package interop

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// createdBranch is what `neon branches create` prints, unless it is told to
// make no compute.
type createdBranch struct {
	Branch         neon.Branch              `json:"branch"`
	Endpoints      []neon.Endpoint          `json:"endpoints"`
	ConnectionURIs []neon.ConnectionDetails `json:"connection_uris"`
}

// inProject runs commands with --project-id.
func inProject[T any](t *testing.T, c cli, id string, args ...string) T {
	t.Helper()
	return got[T](t, c, append(args, "--project-id", id)...)
}

// named gives the names of a list, sorted.
func named[T any](list []T, name func(T) string) string {
	var names []string
	for _, v := range list {
		names = append(names, name(v))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func branchName(b neon.Branch) string     { return b.Name }
func databaseName(d neon.Database) string { return d.Name }
func roleName(r neon.Role) string         { return r.Name }

func TestCLIBranches(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(adminKey)
	id := w.createProject(t, "branches").Project.ID
	list := func() string { return named(inProject[[]neon.Branch](t, admin, id, "branches", "list"), branchName) }

	created := inProject[createdBranch](t, admin, id, "branches", "create", "--name", "dev")
	equal(t, "compute's branch", created.Endpoints[0].BranchID, created.Branch.ID)
	equal(t, "connection's host", created.ConnectionURIs[0].ConnectionParameters.Host, created.Endpoints[0].Host)
	bare := inProject[neon.Branch](t, admin, id, "branches", "create", "--name", "bare", "--parent", "dev", "--no-compute")
	equal(t, "parent", bare.ParentID, created.Branch.ID)
	equal(t, "branches", list(), "bare dev main")

	equal(t, "name", inProject[neon.Branch](t, admin, id, "branches", "rename", "dev", "next").Name, "next")
	equal(t, "branch", inProject[neon.Branch](t, admin, id, "branches", "get", "next").ID, created.Branch.ID)
	equal(t, "default", inProject[neon.Branch](t, admin, id, "branches", "set-default", "next").Default, true)
	equal(t, "default before", inProject[neon.Branch](t, admin, id, "branches", "get", "main").Default, false)

	equal(t, "deleted", inProject[neon.Branch](t, admin, id, "branches", "delete", "bare").ID, bare.ID)
	equal(t, "branches", list(), "main next")
	admin.refused(t, "Branch bare not found", "branches", "delete", "bare", "--project-id", id)
	admin.refused(t, "branch not found", "branches", "get", bare.ID, "--project-id", id)
}

func TestCLIDatabasesAndRoles(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(adminKey)
	id := w.createProject(t, "databases").Project.ID
	databases := func() string {
		return named(inProject[[]neon.Database](t, admin, id, "databases", "list"), databaseName)
	}
	roles := func() string { return named(inProject[[]neon.Role](t, admin, id, "roles", "list"), roleName) }

	role := inProject[neon.Role](t, admin, id, "roles", "create", "--name", "app")
	if !strings.HasPrefix(role.Password, "npg_") {
		t.Errorf("the new role has the password %q", role.Password)
	}
	// Written bare, the flag is taken for "login: no" and never sent.
	group := inProject[neon.Role](t, admin, id, "roles", "create", "--name", "group", "--no-login=true")
	equal(t, "authentication method", group.AuthenticationMethod, "no_login")
	equal(t, "password", group.Password, "")
	equal(t, "roles", roles(), "app group neondb_owner")
	equal(t, "owner", inProject[neon.Database](t, admin, id, "databases", "create", "--name", "orders", "--owner-name", "app").OwnerName, "app")
	equal(t, "databases", databases(), "neondb orders")
	admin.refused(t, "owns databases", "roles", "delete", "app", "--project-id", id)

	equal(t, "deleted", inProject[neon.Database](t, admin, id, "databases", "delete", "orders").Name, "orders")
	equal(t, "databases", databases(), "neondb")
	equal(t, "deleted", inProject[neon.Role](t, admin, id, "roles", "delete", "app").Name, "app")
	equal(t, "roles", roles(), "group neondb_owner")
	admin.refused(t, "no role", "databases", "create", "--name", "orders", "--owner-name", "app", "--project-id", id)
}

func TestCLIOperations(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	id := w.createProject(t, "operations").Project.ID
	operations := inProject[[]neon.Operation](t, w.as(adminKey), id, "operations", "list")
	equal(t, "actions", named(operations, func(o neon.Operation) string { return o.Action }), "create_timeline start_compute")
	for _, o := range operations {
		equal(t, "status of "+o.Action, o.Status, neon.OperationFinished)
	}
}

func TestCLIConnectionString(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(adminKey)
	created := w.createProject(t, "connections")
	id, want := created.Project.ID, created.ConnectionURIs[0].ConnectionParameters
	parsed := func(args ...string) *url.URL {
		t.Helper()
		u, err := url.Parse(admin.text(t, append([]string{"connection-string", "--project-id", id}, args...)...))
		if err != nil {
			t.Fatal(err)
		}
		return u
	}

	direct := parsed()
	password, _ := direct.User.Password()
	equal(t, "host", direct.Host, want.Host)
	equal(t, "role", direct.User.Username(), want.Role)
	equal(t, "password", password, want.Password)
	equal(t, "database", direct.Path, "/"+want.Database)
	equal(t, "pooled host", parsed("--pooled").Host, want.PoolerHost)
	equal(t, "host of a named branch", parsed("main", "--role-name", want.Role, "--database-name", want.Database).Host, want.Host)

	admin.refused(t, "Database not found", "connection-string", "--project-id", id, "--database-name", "nothing")
	admin.refused(t, "role not found", "connection-string", "--project-id", id, "--role-name", "nobody")
}
