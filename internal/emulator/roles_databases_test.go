package emulator

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	path := a.path + "/branches/" + a.created.Branch.ID + "/roles"
	created := a.post(path, `{"role":{"name":"web app"}}`).want(http.StatusCreated)
	password := created.at("role.password")
	equal(t, "looks like Neon's", strings.HasPrefix(password, "npg_"), true)
	equal(t, "operation", created.at("operations.0.action"), "apply_config")
	equal(t, "role", a.get(path+"/web%20app").want(http.StatusOK).at("role.name"), "web app")
	equal(t, "password in a read", a.get(path+"/web%20app").at("role.password"), "")
	equal(t, "listed", a.get(path).want(http.StatusOK).at("roles.1.name"), "web app")
	equal(t, "password in a list", a.get(path).at("roles.1.password"), "")
	equal(t, "revealed", a.get(path+"/web%20app/reveal_password").want(http.StatusOK).at("password"), password)
	fresh := a.post(path+"/web%20app/reset_password", "").want(http.StatusOK).at("role.password")
	equal(t, "another password", fresh != password, true)
	equal(t, "revealed", a.get(path+"/web%20app/reveal_password").at("password"), fresh)

	a.post(path, `{"role":{"name":"web app"}}`).want(http.StatusConflict)
	a.post(path, `{"role":{"name":""}}`).want(http.StatusBadRequest, "role.name")
	a.post(path, `{"role":{}}`).want(http.StatusBadRequest, "role.name is required")
	group := a.post(path, `{"role":{"name":"group","no_login":true}}`).want(http.StatusCreated)
	equal(t, "password of a group", group.at("role.password"), "")
	a.get(path + "/group/reveal_password").want(http.StatusNotFound)
	a.post(path+"/group/reset_password", "").want(http.StatusBadRequest)

	a.delete(path+"/neondb_owner").want(http.StatusUnprocessableEntity, "owns databases")
	a.delete(path + "/web%20app").want(http.StatusOK)
	a.delete(path + "/web%20app").want(http.StatusNoContent)
	a.get(path+"/web%20app").want(http.StatusNotFound, "role not found")
}

func TestDatabases(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	branch := a.path + "/branches/" + a.created.Branch.ID
	path := branch + "/databases"
	a.post(branch+"/roles", `{"role":{"name":"web"}}`).want(http.StatusCreated)
	equal(t, "id", a.post(path, `{"database":{"name":"shop","owner_name":"neondb_owner"}}`).want(http.StatusCreated).at("database.id") != "", true)
	equal(t, "changed", a.patch(path+"/shop", `{"database":{"name":"store","owner_name":"web"}}`).want(http.StatusOK).at("database.owner_name"), "web")
	equal(t, "read", a.get(path+"/store").want(http.StatusOK).at("database.owner_name"), "web")
	equal(t, "listed", a.get(path).want(http.StatusOK).at("databases.1.name"), "store")
	a.get(path+"/shop").want(http.StatusNotFound, "database not found")
	a.post(path, `{"database":{"name":"store","owner_name":"web"}}`).want(http.StatusConflict)
	a.post(path, `{"database":{"name":"x","owner_name":"nobody"}}`).want(http.StatusBadRequest, "database.owner_name")
	a.post(path, `{"database":{"name":"template0","owner_name":"web"}}`).want(http.StatusBadRequest, "reserved")
	a.post(path, `{"database":{"name":"x"}}`).want(http.StatusBadRequest, "database.owner_name is required")
	a.patch(path+"/store", `{"database":{"name":"neondb"}}`).want(http.StatusConflict)
	a.patch(path+"/none", `{"database":{"name":"x"}}`).want(http.StatusNotFound)
	a.delete(path + "/store").want(http.StatusOK)
	a.delete(path + "/store").want(http.StatusNoContent)
}

func TestConnectionURI(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	const query = "/connection_uri?database_name=neondb&role_name=neondb_owner"
	direct := a.created.ConnectionURIs[0]
	equal(t, "direct", a.get(a.path+query).want(http.StatusOK).at("uri"), direct.ConnectionURI)
	pooled := strings.Replace(direct.ConnectionURI, direct.ConnectionParameters.Host, direct.ConnectionParameters.PoolerHost, 1)
	equal(t, "pooled", a.get(a.path+query+"&pooled=true").want(http.StatusOK).at("uri"), pooled)
	endpoint, main := a.created.Endpoints[0].ID, a.created.Branch.ID
	a.get(a.path + query + "&endpoint_id=" + endpoint + "&branch_id=" + main).want(http.StatusOK)
	dev := a.branch("").Branch.ID
	a.get(a.path+query+"&branch_id="+dev).want(http.StatusNotFound, "no read-write endpoint")
	a.get(a.path+query+"&branch_id="+dev+"&endpoint_id="+endpoint).want(http.StatusNotFound, "endpoint not found")
	a.get(a.path+query+"&branch_id=br-none").want(http.StatusNotFound, "branch not found")
	a.get(a.path+query+"&endpoint_id=ep-none").want(http.StatusNotFound, "endpoint not found")
	a.get(a.path+"/connection_uri?database_name=x&role_name=neondb_owner").want(http.StatusNotFound, "database not found")
	a.get(a.path+"/connection_uri?database_name=neondb&role_name=x").want(http.StatusNotFound, "role not found")
	a.get(a.path+"/connection_uri?database_name=neondb").want(http.StatusBadRequest, "role_name is required")
}

func TestPasswordsThatAreNotStored(t *testing.T) {
	t.Parallel()
	w := start(t)
	created := w.as(orgKey).post("/projects", `{"project":{"store_passwords":false}}`).want(http.StatusCreated)
	equal(t, "shown once", strings.HasPrefix(created.at("roles.0.password"), "npg_"), true)
	path := "/projects/" + created.at("project.id")
	w.as(orgKey).get(path + "/branches/" + created.at("branch.id") + "/roles/neondb_owner/reveal_password").want(http.StatusPreconditionFailed)
	uri, err := url.Parse(w.as(orgKey).get(path + "/connection_uri?database_name=neondb&role_name=neondb_owner").want(http.StatusOK).at("uri"))
	if err != nil {
		t.Fatal(err)
	}
	_, hasPassword := uri.User.Password()
	equal(t, "password in the connection string", hasPassword, false)
}
