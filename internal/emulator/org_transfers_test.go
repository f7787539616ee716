package emulator

import (
	"fmt"
	"net/http"
	"testing"
)

func moveTo(orgID string, ids string) string {
	return fmt.Sprintf(`{"destination_org_id":%q,"project_ids":[%s]}`, orgID, ids)
}

const fromAcme = "/organizations/" + acme + "/projects/transfer"

func twoProjects(s *Seed) {
	s.Projects = []Project{
		{ID: "p-one", OrgID: acme, Permissions: []*Permission{{Email: "owner@customer.test"}, {Email: "dev@partner.test"}}},
		{ID: "p-two", OrgID: acme},
		{ID: "p-deleted", OrgID: acme, DeletedAt: &noon},
		{ID: "p-web", OrgID: acme, Integration: "github"},
		{ID: "p-personal", OwnerEmail: "admin@partner.test"},
	}
}

func TestTransferBetweenOrganizations(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	equal(t, "answer", string(w.as(adminKey).post(fromAcme, moveTo(labs, `"p-one","p-two","p-one"`)).want(http.StatusOK).data), "{}")
	for _, id := range []string{"p-one", "p-two"} {
		equal(t, "owner of "+id, w.project(id).OwnerID, labs)
	}
	guests := w.project("p-one").Permissions
	equal(t, "guests left", len(guests), 1)
	equal(t, "guest left", guests[0].Email, "owner@customer.test")
	w.as(orgKey).get("/projects/p-one").want(http.StatusNotFound)
	w.as(devKey).get("/projects/p-one").want(http.StatusOK)
	back := "/organizations/" + labs + "/projects/transfer"
	w.as(adminKey).post(back, moveTo(acme, `"p-one"`)).want(http.StatusOK)
	w.as(orgKey).get("/projects/p-one").want(http.StatusOK)
}

func TestTransfersAreRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change  func(*Seed)
		body    string
		status  int
		message []string
	}{
		"not in the source":         {nil, moveTo(labs, `"p-one","p-personal"`), 404, []string{"project not found"}},
		"deleted":                   {nil, moveTo(labs, `"p-one","p-deleted"`), 404, []string{"project not found"}},
		"foreign destination":       {nil, moveTo(bloom, `"p-one"`), 404, []string{"organization not found"}},
		"to itself":                 {nil, moveTo(acme, `"p-one"`), 400, []string{"destination_org_id"}},
		"integration":               {nil, moveTo(labs, `"p-one","p-web"`), 422, []string{`{"projects":[{"id":"p-web","integration":"github"}]}`}},
		"too many":                  {func(s *Seed) { s.Organizations[1].ProjectsLimit = new(int64(1)) }, moveTo(labs, `"p-one","p-two"`), 406, []string{`{"name":"projects_count","expected":"1","actual":"2"}`}},
		"plan":                      {func(s *Seed) { s.Organizations[0].Plan = "launch" }, moveTo(labs, `"p-one"`), 406, []string{`{"name":"subscription_type","expected":"scale","actual":"launch"}`}},
		"region":                    {func(s *Seed) { s.Organizations[1].Regions = []string{"aws-eu-west-2"} }, moveTo(labs, `"p-one"`), 406, []string{`{"name":"project_region","expected":"aws-eu-west-2","actual":"aws-us-east-1"}`}},
		"destination by Vercel":     {func(s *Seed) { s.Organizations[1].ManagedBy = "vercel" }, moveTo(labs, `"p-one"`), 400, []string{"Vercel"}},
		"source by Vercel":          {func(s *Seed) { s.Organizations[0].ManagedBy = "vercel" }, moveTo(labs, `"p-one"`), 400, []string{"Vercel"}},
		"viewer in the destination": {func(s *Seed) { s.Organizations[1].Members[0].Role = roleViewer }, moveTo(labs, `"p-one"`), 403, []string{"members"}},
		"no projects":               {nil, moveTo(labs, ""), 400, []string{"project_ids must have at least 1"}},
		"old field":                 {nil, `{"org_id":"` + labs + `","project_ids":["p-one"]}`, 400, []string{"destination_org_id is required"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, seeded(twoProjects), func(o *Options) {
				if tt.change != nil {
					tt.change(o.Seed)
				}
			})
			w.as(adminKey).post(fromAcme, tt.body).want(tt.status, tt.message...)
			equal(t, "owner", w.project("p-one").OwnerID, acme)
		})
	}
}

func TestLowerTierTakesProjects(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects), func(o *Options) { o.Seed.Organizations[1].Plan = "launch" })
	w.as(adminKey).post(fromAcme, moveTo(labs, `"p-one"`)).want(http.StatusOK)
}

func TestTransferFromThePersonalAccount(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	const path = "/users/me/projects/transfer"
	w.as(adminKey).post(path, moveTo(labs, `"p-one"`)).want(http.StatusNotFound, "project not found")
	w.as(adminKey).post(path, moveTo(labs, `"p-personal"`)).want(http.StatusOK)
	equal(t, "owner", w.project("p-personal").OwnerID, labs)
	w.as(orgKey).post(path, moveTo(labs, `"p-one"`)).want(http.StatusNotFound, "not allowed for organization API keys")
}
