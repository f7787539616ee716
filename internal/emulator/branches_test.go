package emulator

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// app is a project to work on.
type app struct {
	person
	path    string
	created neon.CreatedProject
}

func newApp(t *testing.T, change ...func(*Options)) app {
	t.Helper()
	admin := start(t, change...).as(adminKey)
	created := admin.create(acme, "app")
	return app{person: admin, path: "/projects/" + created.Project.ID, created: created}
}

func (a app) branch(body string) createdBranch {
	a.w.t.Helper()
	return read[createdBranch](a.post(a.path+"/branches", body).want(http.StatusCreated))
}

func TestBranchInheritsRolesAndDatabases(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	bare := a.branch("")
	equal(t, "name", bare.Branch.Name, bare.Branch.ID)
	equal(t, "parent", bare.Branch.ParentID, a.created.Branch.ID)
	equal(t, "role", bare.Roles[0].Name, "neondb_owner")
	equal(t, "database", bare.Databases[0].BranchID, bare.Branch.ID)
	equal(t, "endpoints", len(bare.Endpoints), 0)
	equal(t, "connection strings", len(bare.ConnectionURIs), 0)
	full := a.branch(`{"branch":{"name":"dev","protected":true},"endpoints":[{"type":"read_write","autoscaling_limit_max_cu":1},{"type":"read_only"}],"annotation_value":{"by":"ci"}}`)
	equal(t, "endpoints", len(full.Endpoints), 2)
	equal(t, "size", full.Endpoints[0].AutoscalingLimitMaxCU, 1)
	equal(t, "password", full.ConnectionURIs[0].ConnectionParameters.Password, a.created.Roles[0].Password)
	equal(t, "first operation", full.Operations[0].Action, "create_branch")
	read := a.get(a.path + "/branches/" + full.Branch.ID).want(http.StatusOK)
	equal(t, "protected", read.at("branch.protected"), "true")
	equal(t, "annotation", read.at("annotation.value.by"), "ci")
	equal(t, "annotation's object", read.at("annotation.object.type"), "console/branch")
	equal(t, "no annotation", a.get(a.path+"/branches/"+bare.Branch.ID).want(http.StatusOK).at("annotation.value.by"), "")
	root := a.branch(`{"branch":{"init_source":"schema-only"}}`)
	equal(t, "parent of a schema-only branch", root.Branch.ParentID, "")
}

func TestBranchRequestsAreChecked(t *testing.T) {
	t.Parallel()
	a := newApp(t, seeded(func(s *Seed) { s.Organizations[0].Plan = "free" }))
	id := a.branch(`{"branch":{"name":"dev"}}`).Branch.ID
	for body, want := range map[string]struct {
		status  int
		message string
	}{
		`{"branch":{"name":"dev"}}`:                                                 {409, "already exists"},
		`{"branch":{"parent_id":"br-none"}}`:                                        {404, "parent branch not found"},
		`{"branch":{"parent_lsn":"0/1","parent_timestamp":"2026-03-15T11:00:00Z"}}`: {400, "parent_timestamp"},
		`{"branch":{"parent_timestamp":"2026-03-15T13:00:00Z"}}`:                    {400, "future"},
		`{"branch":{"parent_timestamp":"noon"}}`:                                    {400, "must be a time"},
		`{"branch":{"expires_at":"2026-03-15T11:00:00Z"}}`:                          {400, "not in the future"},
		`{"branch":{"expires_at":"2026-03-15T13:00:00Z","protected":true}}`:         {400, "protected"},
		`{"endpoints":[{"type":"read_write"},{"type":"read_write"}]}`:               {400, "at most one"},
		`{"endpoints":[{"type":"both"}]}`:                                           {400, "endpoints[0].type must be one of"},
		`{"endpoints":[{"type":"read_only","autoscaling_limit_max_cu":8}]}`:         {400, "at most 2 on the free plan"},
		`{"endpoints":[{}]}`:                                                        {400, "endpoints[0].type is required"},
		`{"branch":{"init_source":"magic"}}`:                                        {400, "must be one of"},
		`{"annotation_value":{"a":{}}}`:                                             {400, "annotation_value.a"},
	} {
		a.post(a.path+"/branches", body).want(want.status, want.message)
	}
	a.patch(a.path+"/branches/"+id, `{"branch":{"name":"main"}}`).want(http.StatusConflict)
	for range 8 {
		a.branch("")
	}
	a.post(a.path+"/branches", "").want(http.StatusUnprocessableEntity, "BRANCHES_LIMIT_EXCEEDED")
}

func TestBranchesAreSortedAndPaged(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	for _, name := range []string{"c", "a", "b"} {
		a.w.advance(time.Minute)
		a.branch(`{"branch":{"name":"` + name + `"}}`)
	}
	names := func(query string) string {
		var list []string
		var cursor string
		for {
			page := read[neon.BranchesPage](a.get(a.path + "/branches?limit=2&" + query + cursor).want(http.StatusOK))
			for _, b := range page.Branches {
				list = append(list, b.Name)
			}
			if page.Pagination.Next == "" {
				return strings.Join(list, " ")
			}
			cursor = "&cursor=" + page.Pagination.Next
		}
	}
	equal(t, "default order", names(""), "b a c main")
	equal(t, "oldest first", names("sort_by=created_at&sort_order=asc"), "main c a b")
	equal(t, "by name", names("sort_by=name&sort_order=asc"), "a b c main")
	equal(t, "by name, down", names("sort_by=name"), "main c b a")
	equal(t, "search", names("search=MAI"), "main")
	next := a.get(a.path + "/branches?limit=1").at("pagination.next")
	a.get(a.path+"/branches?sort_by=name&cursor="+next).want(http.StatusBadRequest, "cursor")
	a.get(a.path+"/branches?cursor=x").want(http.StatusBadRequest, "cursor")
	a.get(a.path+"/branches?sort_by=size").want(http.StatusBadRequest, "sort_by")
	equal(t, "count", a.get(a.path+"/branches/count").want(http.StatusOK).at("count"), "4")
	equal(t, "count of a search", a.get(a.path+"/branches/count?search=main").at("count"), "1")
}

func TestBranchesChangeAndGo(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	dev := a.branch(`{"branch":{"name":"dev"},"endpoints":[{"type":"read_write"}]}`).Branch.ID
	child := a.branch(`{"branch":{"name":"child","parent_id":"` + dev + `"}}`).Branch.ID
	item := a.path + "/branches/"
	equal(t, "renamed", a.patch(item+dev, `{"branch":{"name":"test","protected":true}}`).want(http.StatusOK).at("branch.name"), "test")
	a.delete(item+dev).want(http.StatusUnprocessableEntity, "protected")
	a.patch(item+dev, `{"branch":{"protected":false}}`).want(http.StatusOK)
	a.delete(item+dev).want(http.StatusUnprocessableEntity, "child branches")
	a.delete(item + child).want(http.StatusOK)
	equal(t, "operation", a.delete(item+dev+"?hard_delete=true").want(http.StatusOK).at("operations.1.action"), "delete_timeline")
	a.delete(item + dev).want(http.StatusNoContent)
	a.get(item+dev).want(http.StatusNotFound, "branch not found")
	a.delete(item+a.created.Branch.ID).want(http.StatusUnprocessableEntity, "default branch")
	other := a.branch(`{"branch":{"name":"other"}}`).Branch.ID
	equal(t, "default", a.post(item+other+"/set_as_default", "").want(http.StatusOK).at("branch.default"), "true")
	equal(t, "old default", a.get(item+a.created.Branch.ID).at("branch.default"), "false")
	a.delete(item+a.created.Branch.ID).want(http.StatusUnprocessableEntity, "root branch")
}

func TestBranchesExpire(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	item := a.path + "/branches/"
	b := a.branch(`{"branch":{"name":"tmp","expires_at":"2026-03-15T13:00:00Z"}}`).Branch
	equal(t, "ttl", *b.TTLIntervalSeconds, 3600)
	kept := a.branch(`{"branch":{"name":"kept","expires_at":"2026-03-15T13:00:00Z"}}`).Branch
	equal(t, "expiry taken away", a.patch(item+kept.ID, `{"branch":{"expires_at":null}}`).want(http.StatusOK).at("branch.expires_at"), "")
	equal(t, "expiry as before", a.patch(item+b.ID, `{"branch":{"name":"tmp2"}}`).want(http.StatusOK).at("branch.expires_at"), "2026-03-15T13:00:00Z")
	a.post(item+b.ID+"/set_as_default", "").want(http.StatusBadRequest, "expires")
	a.patch(item+a.created.Branch.ID, `{"branch":{"expires_at":"2026-03-15T13:00:00Z"}}`).want(http.StatusBadRequest, "default branch")
	a.w.advance(time.Hour)
	a.get(item + b.ID).want(http.StatusNotFound)
	a.get(item + kept.ID).want(http.StatusOK)
}
