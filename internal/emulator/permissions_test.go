package emulator

import (
	"net/http"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const guests = "/projects/p-two/permissions"

func TestGuestsComeAndGo(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(withEverybody))
	admin, owner := w.as(adminKey), w.as(customerKey)
	owner.get("/projects/p-two").want(http.StatusNotFound)
	granted := read[neon.ProjectPermission](admin.post(guests, `{"email":"Owner@customer.test"}`).want(http.StatusOK))
	equal(t, "granted at", granted.GrantedAt, noon)
	equal(t, "listed", admin.get(guests).want(http.StatusOK).at("project_permissions.0.id"), granted.ID)
	owner.get("/projects/p-two").want(http.StatusOK)
	owner.get("/projects/shared").want(http.StatusOK, `"p-two"`)
	equal(t, "in the world", w.project("p-two").Permissions[0].Email, "Owner@customer.test")
	metric := read[metrics](w.control(http.MethodGet, "/metrics", "")).Objects["permissions"]
	equal(t, "permissions in the metrics", metric, 2)

	admin.post(guests, `{"email":"OWNER@customer.test"}`).want(http.StatusConflict, "already shared")
	// A guest may invite others, and leave.
	owner.post(guests, `{"email":"nobody@nowhere.test"}`).want(http.StatusOK, "nobody@nowhere.test")
	w.advance(time.Hour)
	revoked := owner.delete(guests + "/" + granted.ID).want(http.StatusOK)
	equal(t, "revoked at", revoked.at("revoked_at"), "2026-03-15T13:00:00Z")
	owner.get("/projects/p-two").want(http.StatusNotFound)
	admin.delete(guests+"/"+granted.ID).want(http.StatusNotFound, "permission not found")
	equal(t, "left", admin.get(guests).at("project_permissions.0.granted_to_email"), "nobody@nowhere.test")
}

func TestWhoMayShareAProject(t *testing.T) {
	t.Parallel()
	const somebody = `{"email":"somebody@else.test"}`
	for name, tt := range map[string]struct {
		key, method, path, body string
		status                  int
		message                 string
	}{
		"a member":                   {devKey, "POST", guests, somebody, 200, "somebody@else.test"},
		"an organization's key":      {orgKey, "POST", guests, somebody, 200, "somebody@else.test"},
		"a key of the project":       {scopedKey, "POST", "/projects/p-one/permissions", somebody, 200, "somebody@else.test"},
		"a key of another project":   {scopedKey, "POST", guests, somebody, 404, "scoped to"},
		"a viewer":                   {"napi_viewer", "POST", guests, somebody, 403, "only read"},
		"a viewer reads":             {"napi_viewer", "GET", guests, "", 200, "project_permissions"},
		"a stranger":                 {customerKey, "GET", guests, "", 404, "project not found"},
		"nobody":                     {adminKey, "GET", "/projects/p-none/permissions", "", 404, "project not found"},
		"no address":                 {adminKey, "POST", guests, `{"email":"somebody"}`, 400, "e-mail address"},
		"an empty address":           {adminKey, "POST", guests, `{"email":""}`, 400, "email must be"},
		"no body":                    {adminKey, "POST", guests, "", 400, "body is required"},
		"an unknown field":           {adminKey, "POST", guests, `{"email":"a@b.test","role":"x"}`, 400, "role"},
		"a guest that never was one": {adminKey, "DELETE", guests + "/anything", "", 404, "permission not found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, seeded(withEverybody))
			w.as(tt.key).do(tt.method, tt.path, tt.body).want(tt.status, tt.message)
		})
	}
}
