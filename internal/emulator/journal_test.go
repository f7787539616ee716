package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestJournalTellsWhatHappened(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(withEverybody))
	headers := map[string]string{"Authorization": "Bearer " + adminKey, "X-Request-ID": "trace-1", "User-Agent": "tests/1"}
	r, err := w.try(http.MethodGet, w.url+"/api/v2/projects?limit=7&org_id="+acme, "", headers)
	if err != nil {
		t.Fatal(err)
	}
	r.want(200)
	equal(t, "request id", r.header.Get("X-Neon-Ret-Request-Id"), "trace-1")
	w.as(orgKey).get("/nothing/here")
	w.as(scopedKey).get("/auth")
	w.as("napi_wrong").get("/auth")

	records := w.emu.Requests()
	first := records[0]
	equal(t, "seq", first.Seq, 1)
	equal(t, "at", first.At, noon)
	equal(t, "method", first.Method, "GET")
	equal(t, "path", first.Path, "/projects")
	equal(t, "route", first.Route, "GET /projects")
	equal(t, "query", first.Query, "limit=7&org_id="+acme)
	equal(t, "status", first.Status, 200)
	equal(t, "key", first.Key, "personal admin@partner.test")
	equal(t, "request id", first.RequestID, "trace-1")
	equal(t, "user agent", first.UserAgent, "tests/1")
	equal(t, "unknown route", records[1].Route, "")
	equal(t, "org key", records[1].Key, "org "+acme)
	equal(t, "scoped key", records[2].Key, "org "+acme+" project p-one")
	equal(t, "wrong key", records[3].Key, "")
	equal(t, "status of a wrong key", records[3].Status, 401)
	w.emu.ClearRequests()
	equal(t, "cleared", len(w.emu.Requests()), 0)
	w.as(orgKey).get("/auth")
	equal(t, "seq begins anew", w.emu.Requests()[0].Seq, 1)
}

func TestErrorsCarryTheRequestID(t *testing.T) {
	t.Parallel()
	w := start(t)
	r, err := w.try(http.MethodGet, w.url+"/api/v2/users/me", "", map[string]string{"X-Request-ID": "trace-2"})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "request id", r.want(401).at("request_id"), "trace-2")
	equal(t, "generated", len(w.as("x").get("/users/me").at("request_id")), 36)
}

func TestJournalHasNoSecrets(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin := w.as(adminKey)
	created := admin.create(acme, "app")
	path := "/projects/" + created.Project.ID
	branch := path + "/branches/" + created.Branch.ID
	const query = "/connection_uri?database_name=neondb&role_name=neondb_owner"
	claim, request := admin.offer(created.Project.ID, "")
	reset := admin.post(branch+"/roles/neondb_owner/reset_password", "").want(200).at("role.password")
	admin.get(branch + "/roles/neondb_owner/reveal_password").want(200)
	admin.get(path + query).want(200)
	key := admin.post("/api_keys", `{"key_name":"ci"}`).want(200).at("key")
	w.as(customerKey).put(claim, `{"org_id":"`+bloom+`"}`).want(204)
	w.as(customerKey).put(claim+"/more", "{}").want(404)

	data, err := json.Marshal(w.emu.Requests())
	if err != nil {
		t.Fatal(err)
	}
	for what, secret := range map[string]string{
		"password": created.Roles[0].Password, "new password": reset, "created key": key,
		"transfer request": request.ID, "own key": adminKey,
	} {
		if strings.Contains(string(data), secret) {
			t.Errorf("the journal tells the %s", what)
		}
	}
	for _, kept := range []string{created.Project.ID, `"key_name":"ci"`, "/transfer_requests/{request_id}"} {
		if !strings.Contains(string(data), kept) {
			t.Errorf("the journal lacks %s", kept)
		}
	}
}

func TestJournalForgetsTheOldest(t *testing.T) {
	t.Parallel()
	var j journal
	for range maxRecords + 1 {
		j.begin(&RequestRecord{})
	}
	records := j.records()
	equal(t, "length", len(records), maxRecords-maxRecords/10+1)
	equal(t, "newest", records[len(records)-1].Seq, maxRecords+1)
}

func TestBlank(t *testing.T) {
	t.Parallel()
	long := fmt.Sprintf(`"(%d bytes, too long to keep)"`, maxRecordedBody+1)
	equal(t, "long", string(recordable([]byte(strings.Repeat("x", maxRecordedBody+1)))), long)
	for body, want := range map[string]string{
		"":                        "",
		"npg_x":                   `"(5 bytes that are not JSON)"`,
		`{"password":"x"} y`:      `"(18 bytes that are not JSON)"`,
		`[{"key":"x","id":1}]`:    `[{"id":1,"key":"(blanked)"}]`,
		`{"key":{"uri":"x"}}`:     `{"key":{"uri":"(blanked)"}}`,
		`{"n":12345678901234567}`: `{"n":12345678901234567}`,
	} {
		equal(t, body, string(blank("", []byte(body))), want)
	}
}
