package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func connectionURIRoutes() []route {
	return []route{{
		method: http.MethodGet, pattern: "/projects/{project_id}/connection_uri", handle: getConnectionURI,
		query: []param{
			{name: "branch_id", shape: idShape},
			{name: "endpoint_id", shape: idShape},
			{name: "database_name", shape: text{}, required: true},
			{name: "role_name", shape: text{}, required: true},
			{name: "pooled", shape: boolean{}},
		},
	}}
}

// poolerHost gives the host of an endpoint's connection pooler.
func poolerHost(host string) string {
	id, rest, _ := strings.Cut(host, ".")
	return id + "-pooler." + rest
}

// connectionURI is the connection string of a role; without a password it has
// none. It leads to the real database, if there is one.
func (w *world) connectionURI(host, database string, r *neon.Role) string {
	if w.databases != nil {
		return w.databases.ConnectionURI(r.BranchID, database, r.Name, r.Password)
	}
	user := url.User(r.Name)
	if r.Password != "" {
		user = url.UserPassword(r.Name, r.Password)
	}
	u := url.URL{Scheme: "postgresql", User: user, Host: host, Path: "/" + database, RawQuery: "sslmode=require"}
	return u.String()
}

func (w *world) connectionDetails(e *Endpoint, database string, r *neon.Role) neon.ConnectionDetails {
	return neon.ConnectionDetails{
		ConnectionURI: w.connectionURI(e.Host, database, r),
		ConnectionParameters: neon.ConnectionParameters{
			Database: database, Password: r.Password, Role: r.Name, Host: e.Host, PoolerHost: poolerHost(e.Host),
		},
	}
}

func getConnectionURI(x *exchange) (reply, error) {
	p, err := x.project(writing)
	if err != nil {
		return reply{}, err
	}
	b, e, err := x.endpointOfURI(p)
	if err != nil {
		return reply{}, err
	}
	d := b.database(x.query.text("database_name"))
	if d == nil {
		return reply{}, notFound("database not found")
	}
	r := b.role(x.query.text("role_name"))
	if r == nil {
		return reply{}, notFound("role not found")
	}
	shown := *r
	if !*p.StorePasswords {
		shown.Password = ""
	}
	host := e.Host
	if x.query.boolean("pooled") {
		host = poolerHost(host)
	}
	return ok(http.StatusOK, neon.ConnectionURI{URI: x.w.connectionURI(host, d.Name, &shown)})
}

// endpointOfURI finds the endpoint that the query names, else the read-write
// one of the branch that it names, else of the default branch.
func (x *exchange) endpointOfURI(p *Project) (*Branch, *Endpoint, error) {
	branchID, endpointID := x.query.text("branch_id"), x.query.text("endpoint_id")
	if endpointID != "" {
		b, e := p.endpoint(endpointID)
		if e == nil || branchID != "" && b.ID != branchID {
			return nil, nil, notFound("endpoint not found")
		}
		return b, e, nil
	}
	b := p.defaultBranch()
	if branchID != "" {
		b = p.branch(branchID)
	}
	if b == nil {
		return nil, nil, notFound("branch not found")
	}
	i := slices.IndexFunc(b.Endpoints, isReadWrite)
	if i < 0 {
		return nil, nil, notFound("the branch has no read-write endpoint")
	}
	return b, b.Endpoints[i], nil
}
