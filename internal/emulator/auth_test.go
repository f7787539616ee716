package emulator

import (
	"net/http"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const scopedKey = "napi_scoped_key"

// withEverybody has a project p-one with a key of its own, a project p-two, and
// a viewer.
func withEverybody(s *Seed) {
	s.Users = append(s.Users, User{Email: "viewer@partner.test", Keys: []*Key{{Secret: "napi_viewer"}}})
	org := &s.Organizations[0]
	org.Members = append(org.Members, &Member{Email: "viewer@partner.test", Role: roleViewer})
	org.Keys = append(org.Keys, &Key{Secret: scopedKey, ProjectID: "p-one"})
	s.Projects = []Project{
		{ID: "p-one", OrgID: acme},
		{ID: "p-two", OrgID: acme},
		{ID: "p-personal", OwnerEmail: "admin@partner.test"},
		{ID: "p-shared", OrgID: bloom, Permissions: []*Permission{{Email: "dev@partner.test"}}},
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	const (
		orgKeyRefused = "not allowed for organization API keys"
		outside       = "not allowed to perform actions outside the project this key is scoped to"
		orgNeeded     = "org_id is required, you can find it on your organization settings page"
		newProject    = `{"project":{"org_id":"` + acme + `"}}`
		transfer      = `{"destination_org_id":"` + labs + `","project_ids":["p-two"]}`
	)
	for name, tt := range map[string]struct {
		key, method, path, body string
		status                  int
		message                 string
	}{
		"no such key":                         {"napi_wrong", "GET", "/users/me", "", 401, "supplied credentials do not pass authentication"},
		"empty key":                           {"", "GET", "/users/me", "", 401, "supplied credentials do not pass authentication"},
		"org key as a user":                   {orgKey, "GET", "/users/me", "", 404, orgKeyRefused},
		"org key and regions":                 {orgKey, "GET", "/regions", "", 404, orgKeyRefused},
		"org key and personal keys":           {orgKey, "GET", "/api_keys", "", 404, orgKeyRefused},
		"org key and shared projects":         {orgKey, "GET", "/projects/shared", "", 404, orgKeyRefused},
		"org key transfers":                   {orgKey, "POST", "/organizations/" + acme + "/projects/transfer", transfer, 404, orgKeyRefused},
		"org key lists its projects":          {orgKey, "GET", "/projects", "", 200, `"p-two"`},
		"org key names its org":               {orgKey, "GET", "/projects?org_id=" + acme, "", 200, `"p-two"`},
		"org key names another org":           {orgKey, "GET", "/projects?org_id=" + bloom, "", 404, "organization not found"},
		"org key reads its project":           {orgKey, "GET", "/projects/p-one", "", 200, `"p-one"`},
		"org key reads another's":             {orgKey, "GET", "/projects/p-personal", "", 404, "project not found"},
		"org key deletes":                     {orgKey, "DELETE", "/projects/p-two", "", 200, `"p-two"`},
		"org key reads its org":               {orgKey, "GET", "/organizations/" + acme, "", 200, acme},
		"personal key without org":            {adminKey, "GET", "/projects", "", 400, orgNeeded},
		"personal key, foreign org":           {adminKey, "GET", "/projects?org_id=" + bloom, "", 404, "organization not found"},
		"personal key, unknown org":           {adminKey, "GET", "/organizations/org-none-1", "", 404, "organization not found"},
		"owner reads a personal project":      {adminKey, "GET", "/projects/p-personal", "", 200, `"p-personal"`},
		"others don't see a personal project": {devKey, "GET", "/projects/p-personal", "", 404, "project not found"},
		"unknown project":                     {adminKey, "GET", "/projects/p-none", "", 404, "project not found"},
		"member reads":                        {devKey, "GET", "/projects/p-one", "", 200, `"p-one"`},
		"member creates":                      {devKey, "POST", "/projects", newProject, 201, acme},
		"member updates":                      {devKey, "PATCH", "/projects/p-one", `{"project":{"name":"new"}}`, 200, `"new"`},
		"member can't delete":                 {devKey, "DELETE", "/projects/p-two", "", 403, "admin"},
		"member can't offer":                  {devKey, "POST", "/projects/p-two/transfer_requests", "", 403, "admin"},
		"member can't transfer":               {devKey, "POST", "/organizations/" + acme + "/projects/transfer", transfer, 403, "admin"},
		"viewer reads":                        {"napi_viewer", "GET", "/projects/p-one", "", 200, `"p-one"`},
		"viewer can't create":                 {"napi_viewer", "POST", "/projects", newProject, 403, "may not create"},
		"viewer can't update":                 {"napi_viewer", "PATCH", "/projects/p-one", `{"project":{"name":"new"}}`, 403, "only read"},
		"viewer can't see passwords":          {"napi_viewer", "GET", "/projects/p-one/connection_uri?database_name=neondb&role_name=neondb_owner", "", 403, "only read"},
		"guest reads":                         {devKey, "GET", "/projects/p-shared", "", 200, `"p-shared"`},
		"guest updates":                       {devKey, "PATCH", "/projects/p-shared", `{"project":{"name":"new"}}`, 200, `"new"`},
		"guest can't delete":                  {devKey, "DELETE", "/projects/p-shared", "", 403, "admin"},
		"guest lists what is shared":          {devKey, "GET", "/projects/shared", "", 200, `"p-shared"`},
		"nothing shared":                      {adminKey, "GET", "/projects/shared", "", 200, `"projects":[]`},
		"scoped key reads its project":        {scopedKey, "GET", "/projects/p-one", "", 200, `"p-one"`},
		"scoped key updates its project":      {scopedKey, "PATCH", "/projects/p-one", `{"project":{"name":"new"}}`, 200, `"new"`},
		"scoped key lists its project":        {scopedKey, "GET", "/projects", "", 200, `"p-one"`},
		"scoped key outside":                  {scopedKey, "GET", "/projects/p-two", "", 404, outside},
		"scoped key can't delete":             {scopedKey, "DELETE", "/projects/p-one", "", 404, outside},
		"scoped key can't create":             {scopedKey, "POST", "/projects", `{"project":{}}`, 404, outside},
		"scoped key can't offer":              {scopedKey, "POST", "/projects/p-one/transfer_requests", "", 404, outside},
		"scoped key and its org":              {scopedKey, "GET", "/organizations/" + acme, "", 404, outside},
		"scoped key lists its org":            {scopedKey, "GET", "/users/me/organizations", "", 200, acme},
		"auth with a personal key":            {adminKey, "GET", "/auth", "", 200, `"account_id":"` + adminID + `","auth_method":"api_key_user"`},
		"auth with an org key":                {orgKey, "GET", "/auth", "", 200, `"account_id":"` + acme + `","auth_method":"api_key_org"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, seeded(withEverybody))
			w.as(tt.key).do(tt.method, tt.path, tt.body).want(tt.status, tt.message)
		})
	}
}

func TestScopedKeySeesOneProject(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(withEverybody))
	equal(t, "second project", w.as(scopedKey).get("/projects").want(http.StatusOK).at("projects.1.id"), "")
	equal(t, "only organization", w.as(scopedKey).get("/users/me/organizations").at("organizations.0.id"), acme)
}

func TestOrganizations(t *testing.T) {
	t.Parallel()
	w := start(t)
	mine := w.as(adminKey).get("/users/me/organizations").want(http.StatusOK)
	equal(t, "first", mine.at("organizations.0.id"), acme)
	equal(t, "second", mine.at("organizations.1.id"), labs)
	equal(t, "third", mine.at("organizations.2.id"), "")
	equal(t, "of an org key", w.as(orgKey).get("/users/me/organizations").want(http.StatusOK).at("organizations.0.id"), acme)
	equal(t, "no others for an org key", w.as(orgKey).get("/users/me/organizations").at("organizations.1.id"), "")
	org := w.as(adminKey).get("/organizations/" + acme).want(http.StatusOK)
	equal(t, "plan", org.at("plan"), "scale")
	equal(t, "managed_by", org.at("managed_by"), "console")
}

func TestCurrentUser(t *testing.T) {
	t.Parallel()
	me := start(t).as(adminKey).get("/users/me").want(http.StatusOK)
	equal(t, "id", me.at("id"), adminID)
	equal(t, "email", me.at("email"), "admin@partner.test")
	equal(t, "plan", me.at("plan"), "scale")
}

func TestRegions(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Organizations[1].Regions = []string{"aws-eu-central-1"} }))
	equal(t, "default", w.as(adminKey).get("/regions").want(http.StatusOK).at("regions.0.region_id"), defaultRegion)
	own := w.as(adminKey).get("/regions?org_id=" + labs).want(http.StatusOK)
	equal(t, "region of labs", own.at("regions.0.region_id"), "aws-eu-central-1")
	equal(t, "other regions of labs", own.at("regions.1.region_id"), "")
	w.as(adminKey).post("/projects", `{"project":{"org_id":"`+labs+`"}}`).want(http.StatusBadRequest, "region")
}

func TestPersonalKeys(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin := w.as(adminKey)
	created := admin.post("/api_keys", `{"key_name":"ci"}`).want(http.StatusOK)
	equal(t, "name", created.at("name"), "ci")
	fresh := w.as(created.at("key"))
	fresh.get("/users/me").want(http.StatusOK, adminID)
	list := admin.get("/api_keys").want(http.StatusOK)
	equal(t, "listed", list.at("1.name"), "ci")
	equal(t, "last used", list.at("1.last_used_at"), "2026-03-15T12:00:00Z")
	equal(t, "key in a list", list.at("1.key"), "")
	revoked := admin.delete("/api_keys/" + itoa(read[neon.CreatedAPIKey](created).ID)).want(http.StatusOK)
	equal(t, "revoked", revoked.at("revoked"), "true")
	fresh.get("/users/me").want(http.StatusUnauthorized)
	admin.delete("/api_keys/1").want(http.StatusNotFound, "API key not found")
	admin.delete("/api_keys/one").want(http.StatusBadRequest, "key_id")
	admin.post("/api_keys", `{"name":"ci"}`).want(http.StatusBadRequest, "key_name is required")
}
