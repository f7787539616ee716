package emulator

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const acmeKeys = "/organizations/" + acme + "/api_keys"

func TestOrganizationKeys(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(withEverybody))
	admin := w.as(adminKey)
	created := read[neon.CreatedAPIKey](admin.post(acmeKeys, `{"key_name":"ci"}`).want(http.StatusOK))
	equal(t, "creator", created.CreatedBy, adminID)
	equal(t, "created at", created.CreatedAt, noon)
	fresh := w.as(created.Key)
	fresh.get("/projects").want(http.StatusOK, `"p-one"`, `"p-two"`)

	list := fresh.get(acmeKeys).want(http.StatusOK)
	equal(t, "listed", list.at("2.name"), "ci")
	equal(t, "creator's name", list.at("2.created_by.name"), w.emu.Snapshot().Users[0].Name)
	equal(t, "last used", list.at("2.last_used_at"), "2026-03-15T12:00:00Z")
	equal(t, "key in a list", list.at("2.key"), "")
	equal(t, "project of the scoped one", list.at("1.project_id"), "p-one")

	revoked := fresh.delete(acmeKeys + "/" + itoa(created.ID)).want(http.StatusOK)
	equal(t, "revoked", revoked.at("revoked"), "true")
	fresh.get("/projects").want(http.StatusUnauthorized)
	admin.delete(acmeKeys+"/"+itoa(created.ID)).want(http.StatusNotFound, "API key not found")
	equal(t, "keys left", len(w.emu.Snapshot().Organizations[0].Keys), 2)
	next := read[neon.CreatedAPIKey](admin.post(acmeKeys, `{"key_name":"ci"}`).want(http.StatusOK))
	if next.ID <= created.ID || next.Key == created.Key {
		t.Errorf("key %d follows key %d", next.ID, created.ID)
	}
}

func TestKeyOfAProject(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(withEverybody))
	created := w.as(adminKey).post(acmeKeys, `{"key_name":"two","project_id":"p-two"}`).want(http.StatusOK)
	equal(t, "project", created.at("project_id"), "p-two")
	scoped := w.as(created.at("key"))
	scoped.get("/projects/p-two").want(http.StatusOK)
	scoped.get("/projects/p-one").want(http.StatusNotFound, "scoped to")
	scoped.get(acmeKeys).want(http.StatusNotFound, "scoped to")
	scoped.delete(acmeKeys+"/"+created.at("id")).want(http.StatusNotFound, "scoped to")

	w.as(adminKey).post(fromAcme, moveTo(labs, `"p-two"`)).want(http.StatusOK)
	scoped.get("/projects/p-two").want(http.StatusNotFound, "project not found")
}

func TestWhoMayManageOrganizationKeys(t *testing.T) {
	t.Parallel()
	const one = `{"key_name":"x"}`
	for name, tt := range map[string]struct {
		key, method, path, body string
		status                  int
		message                 string
	}{
		"an organization's key lists":   {orgKey, "GET", acmeKeys, "", 200, "name"},
		"an organization's key creates": {orgKey, "POST", acmeKeys, one, 404, "not allowed for organization API keys"},
		"a member lists":                {devKey, "GET", acmeKeys, "", 403, "only an admin"},
		"a member creates":              {devKey, "POST", acmeKeys, one, 403, "only an admin"},
		"a member revokes":              {devKey, "DELETE", acmeKeys + "/1000001", "", 403, "only an admin"},
		"a stranger":                    {customerKey, "GET", acmeKeys, "", 404, "organization not found"},
		"another organization's key":    {orgKey, "GET", "/organizations/" + bloom + "/api_keys", "", 404, "organization not found"},
		"an unknown project":            {adminKey, "POST", acmeKeys, `{"key_name":"x","project_id":"p-none"}`, 404, "project not found"},
		"another's project":             {adminKey, "POST", acmeKeys, `{"key_name":"x","project_id":"p-shared"}`, 404, "project not found"},
		"a personal project":            {adminKey, "POST", acmeKeys, `{"key_name":"x","project_id":"p-personal"}`, 404, "project not found"},
		"no name":                       {adminKey, "POST", acmeKeys, `{}`, 400, "key_name is required"},
		"a long name":                   {adminKey, "POST", acmeKeys, `{"key_name":"` + strings.Repeat("x", 65) + `"}`, 400, "64"},
		"a key that is none":            {adminKey, "DELETE", acmeKeys + "/one", "", 400, "key_id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, seeded(withEverybody))
			w.as(tt.key).do(tt.method, tt.path, tt.body).want(tt.status, tt.message)
		})
	}
}

func TestKeyCreationHasABudgetOfItsOwn(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.RateLimit = true })
	admin := w.as(adminKey)
	for range keysPerSecond {
		admin.post(acmeKeys, `{"key_name":"x"}`).want(http.StatusOK)
	}
	refused := admin.post(acmeKeys, `{"key_name":"x"}`).want(http.StatusTooManyRequests, "too many requests")
	equal(t, "Retry-After", refused.header.Get("Retry-After"), "1")
	admin.get(acmeKeys).want(http.StatusOK)
	w.advance(time.Second)
	admin.post(acmeKeys, `{"key_name":"x"}`).want(http.StatusOK)
}
