package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSeedsAreChecked(t *testing.T) {
	t.Parallel()
	const people = `"users":[{"email":"a@x.test"},{"email":"b@x.test"}],"organizations":[{"id":"org-x-1","name":"X","plan":"free","members":[{"email":"a@x.test","role":"admin"}]}]`
	for document, want := range map[string]string{
		`[`:                                   "can't be read",
		`{} x`:                                "something follows",
		`{"user":[]}`:                         `unknown field "user"`,
		`{"projects":[{"colour":1}]}`:         `unknown field "colour"`,
		`{"users":[{"keys":[{"secret":1}]}]}`: `unknown field "secret"`,
		`{"users":[{"email":"nobody"}]}`:      "not an e-mail address",
		`{"users":[{"email":"a@x.test"},{"email":"A@x.test"}]}`:                                                                   "is there twice",
		`{"users":[{"email":"a@x.test","id":"7"}]}`:                                                                               "must be a UUID",
		`{"users":[{"email":"a@x.test","plan":"gold"}]}`:                                                                          `plan "gold" is not one of free, launch`,
		`{"users":[{"email":"a@x.test","keys":[""]}]}`:                                                                            "a key is empty",
		`{"users":[{"email":"a@x.test","keys":["k","k"]}]}`:                                                                       "a key is there twice",
		`{"users":[{"email":"a@x.test","keys":[{"key":"k","project_id":"p"}]}]}`:                                                  "only keys of organizations",
		`{"organizations":[{"id":"acme","plan":"free"}]}`:                                                                         "must look like org-",
		`{"organizations":[{"id":"org-a","plan":"free"},{"id":"org-a","plan":"free"}]}`:                                           "is there twice",
		`{"organizations":[{"id":"org-a","plan":""}]}`:                                                                            `plan "" is not one of`,
		`{"organizations":[{"id":"org-a","plan":"free","regions":["mars"]}]}`:                                                     `region "mars" is not known`,
		`{"organizations":[{"id":"org-a","plan":"free","members":[{"email":"x@x.test","role":"admin"}]}]}`:                        "not one of the users",
		`{"organizations":[{"id":"org-a","plan":"free","keys":[{"key":"k","project_id":"p"}]}]}`:                                  `project "p", which doesn't exist`,
		`{` + people + `,"projects":[{"name":"p"}]}`:                                                                              "needs org_id, or owner_email",
		`{` + people + `,"projects":[{"name":"p","org_id":"org-y"}]}`:                                                             `organization "org-y" doesn't exist`,
		`{` + people + `,"projects":[{"name":"p","org_id":"org-x-1","owner_email":"a@x.test"}]}`:                                  "leave owner_id and owner_email out",
		`{` + people + `,"projects":[{"name":"p","org_id":"org-x-1","region_id":"mars"}]}`:                                        `region "mars" is not known`,
		`{` + people + `,"projects":[{"name":"p","org_id":"org-x-1","pg_version":9}]}`:                                            "pg_version must be from 14 to 18",
		`{` + people + `,"projects":[{"name":"p","org_id":"org-x-1","integration":"gitlab"}]}`:                                    "vercel or github",
		`{` + people + `,"projects":[{"id":"P","org_id":"org-x-1"}]}`:                                                             "id must match",
		`{` + people + `,"projects":[{"id":"p","org_id":"org-x-1"},{"id":"p","org_id":"org-x-1"}]}`:                               "no other project's",
		`{` + people + `,"projects":[{"id":"p","org_id":"org-x-1","count":2}]}`:                                                   "needs a %d",
		`{` + people + `,"projects":[{"name":"p","org_id":"org-x-1","count":-1}]}`:                                                "count must be from 0",
		`{` + people + `,"projects":[{"name":"p","org_id":"org-x-1","permissions":[{"email":"nobody"}]}]}`:                        `"nobody" is not one`,
		`{` + people + `,"projects":[{"name":"p","org_id":"org-x-1","permissions":[{"email":"a@g.test"},{"email":"A@g.test"}]}]}`: `"A@g.test" is not one`,
		`{"organizations":[{"id":"org-a","plan":"scale","spending_limit_cents":0}]}`:                                              "spending_limit_cents must be at least 1",
		`{"organizations":[{"id":"org-a","plan":"free","roles":["boss"]}]}`:                                                       `role "boss" is not one of admin`,
		`{"organizations":[{"id":"org-a","plan":"free","invitations":[{"email":"x"}]}]}`:                                          "not an e-mail address",
		`{"organizations":[{"id":"org-a","plan":"free","roles":["admin"],"invitations":[{"email":"x@x.test"}]}]}`:                 `role "member" of "x@x.test"`,
		`{"organizations":[{"id":"org-a","plan":"free","invitations":[{"email":"x@x.test"},{"email":"X@x.test"}]}]}`:              "is invited twice",
		`{"users":[{"email":"x@x.test"}],"organizations":[{"id":"org-a","plan":"free","invitations":[{"email":"x@x.test"}]}]}`:    "make it a member",
		`{"claimed_project_status":500}`:                                                                                          "must be 403 or 404",
		`{"clock_advance":"-1h"}`:                                                                                                 "can't be negative",
		`{"random_state":"eA=="}`:                                                                                                 "random_state",
	} {
		seed, err := ParseSeed([]byte(document))
		if err == nil {
			_, err = New(Options{Seed: &seed})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one that says %q", document, err, want)
		}
	}
}

func TestSeedTellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := New(Options{Seed: &Seed{
		Organizations: []Organization{{ID: "org-a", Plan: "gold"}},
		Projects:      []Project{{Name: "one", OrgID: "org-a", PgVersion: 9}, {Name: "two"}},
	}})
	for _, want := range []string{"gold", "pg_version", `"two"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
}

func TestSeededProjects(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) {
		s.Organizations[0].SpendingLimitCents = new(int64(500))
		s.Projects = []Project{{
			ID: "p-%d", Name: "shop %d", OrgID: acme, Count: 3, RegionID: "aws-eu-west-2", PgVersion: 15,
			HistoryRetentionSeconds: new(int64(7)), Consumption: &Consumption{Factor: 3},
		}}
	}))
	p := w.as(orgKey).get("/projects/p-2").want(http.StatusOK)
	equal(t, "name", p.at("project.name"), "shop 2")
	equal(t, "region", p.at("project.region_id"), "aws-eu-west-2")
	equal(t, "postgres", p.at("project.pg_version"), "15")
	equal(t, "retention", p.at("project.history_retention_seconds"), "7")
	equal(t, "endpoint", w.as(orgKey).get("/projects/p-3/endpoints").at("endpoints.0.current_state"), "active")
	equal(t, "operations", w.as(orgKey).get("/projects/p-3/operations").at("operations.0.id"), "")
	equal(t, "consumption", w.project("p-1").Consumption.Factor, 3)
	equal(t, "spending limit", *w.emu.Snapshot().Organizations[0].SpendingLimitCents, 500)
}

func TestSnapshotRestoresEverything(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(withEverybody), delayed(time.Minute))
	admin := w.as(adminKey)
	created := admin.create(acme, "app")
	w.advance(time.Hour)
	admin.offer(created.Project.ID, "")
	admin.post("/projects/"+created.Project.ID+"/branches", `{"branch":{"name":"dev"},"annotation_value":{"a":"b"}}`).want(http.StatusCreated)
	admin.delete("/projects/p-two").want(http.StatusOK)
	w.invite("viewer", "new@x.test", "other@x.test", "owner@customer.test").want(http.StatusOK)
	w.accept("new@x.test").want(http.StatusOK)
	before := w.emu.Snapshot()

	document, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := ParseSeed(document)
	if err != nil {
		t.Fatal(err)
	}
	other := start(t)
	if err := other.emu.Restore(parsed); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, other.emu.Snapshot()); diff != "" {
		t.Errorf("the restored world differs: %s", diff)
	}
	equal(t, "next id", other.as(adminKey).create(acme, "x").Project.ID, admin.create(acme, "x").Project.ID)
}

func TestSnapshotIsACopy(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	s := w.emu.Snapshot()
	s.Organizations[0].Members[0].Role = roleViewer
	s.Projects[0].Branches[0].Name = "changed"
	w.as(adminKey).delete("/projects/p-two").want(http.StatusOK)
	equal(t, "branch", w.project(s.Projects[0].ID).Branches[0].Name, "main")
}

func TestSameSeedSameIDs(t *testing.T) {
	t.Parallel()
	one, other := start(t).as(adminKey).create(acme, "app"), start(t).as(adminKey).create(acme, "app")
	if diff := cmp.Diff(one, other); diff != "" {
		t.Errorf("two emulators differ: %s", diff)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{Latency: -1}, {OperationDelay: -1}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
