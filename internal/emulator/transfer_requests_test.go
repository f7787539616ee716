package emulator

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// offer makes a transfer request and gives its path.
func (p person) offer(projectID, body string) (string, neon.TransferRequest) {
	p.w.t.Helper()
	path := "/projects/" + projectID + "/transfer_requests"
	request := read[neon.TransferRequest](p.post(path, body).want(http.StatusCreated))
	return path + "/" + request.ID, request
}

func into(orgID string) string { return fmt.Sprintf(`{"org_id":%q}`, orgID) }

func TestClaimHandsEverythingOver(t *testing.T) {
	t.Parallel()
	w := start(t)
	created := w.as(adminKey).create(acme, "app")
	id := created.Project.ID
	path, request := w.as(adminKey).offer(id, `{"ttl_seconds":604800}`)
	equal(t, "expires", request.ExpiresAt, noon.Add(604800*time.Second))
	equal(t, "project", request.ProjectID, id)

	w.as(customerKey).put(path, into(bloom)).want(http.StatusNoContent)
	w.as(adminKey).get("/projects/"+id).want(http.StatusNotFound, "project not found")
	w.as(orgKey).delete("/projects/" + id).want(http.StatusNotFound)
	claimed := read[neon.ProjectEnvelope](w.as(customerKey).get("/projects/" + id).want(http.StatusOK)).Project
	equal(t, "owner", claimed.OwnerID, bloom)
	equal(t, "organization", claimed.OrgID, bloom)
	equal(t, "plan", claimed.Owner.SubscriptionType, "launch_v3")
	uri := w.as(customerKey).get("/projects/" + id + "/connection_uri?database_name=neondb&role_name=neondb_owner").want(http.StatusOK)
	equal(t, "connection string", uri.at("uri"), created.ConnectionURIs[0].ConnectionURI)
	equal(t, "in acme's list", w.as(orgKey).get("/projects").at("projects.0.id"), "")
	equal(t, "in bloom's list", w.as(customerKey).get("/projects?org_id="+bloom).at("projects.0.id"), id)
	w.as(customerKey).put(path, into(bloom)).want(http.StatusNotFound, "transfer request not found")
}

func TestClaimIntoThePersonalAccount(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Users[2].Plan = "launch" }))
	id := w.as(orgKey).create(acme, "app").Project.ID
	path, _ := w.as(orgKey).offer(id, "")
	w.as(customerKey).put(path, "").want(http.StatusNoContent)
	p := w.project(id)
	equal(t, "organization", p.OrgID, "")
	equal(t, "owner", p.OwnerID, DefaultSeed().Users[2].ID)
}

func TestClaimByAnOrganizationKey(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Organizations[2].Keys = []*Key{{Secret: "napi_bloom"}} }))
	id := w.as(orgKey).create(acme, "app").Project.ID
	path, _ := w.as(orgKey).offer(id, "{}")
	w.as("napi_bloom").put(path, into(labs)).want(http.StatusNotFound, "organization not found")
	w.as("napi_bloom").put(path, "{}").want(http.StatusNoContent)
	equal(t, "owner", w.project(id).OwnerID, bloom)
}

func TestTransferRequestsExpireAndAreUsedOnce(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin, customer := w.as(adminKey), w.as(customerKey)
	id := admin.create(acme, "app").Project.ID
	short, _ := admin.offer(id, `{"ttl_seconds":60}`)
	long, standard := admin.offer(id, "")
	equal(t, "default lifetime", standard.ExpiresAt, noon.Add(24*time.Hour))
	w.advance(59 * time.Second)
	admin.put(short, into(acme)).want(http.StatusNoContent) // into its own organization: used up, nothing else
	customer.put(short, into(bloom)).want(http.StatusNotFound)
	w.advance(24*time.Hour - 59*time.Second)
	customer.put(long, into(bloom)).want(http.StatusBadRequest, "expired")
	customer.put("/projects/"+id+"/transfer_requests/6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01", into(bloom)).want(http.StatusNotFound)
	customer.put("/projects/never-was/transfer_requests/6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01", into(bloom)).want(http.StatusNotFound)
}

func TestOtherOffersDieWithTheOwnership(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin, customer := w.as(adminKey), w.as(customerKey)
	id := admin.create(acme, "app").Project.ID
	first, _ := admin.offer(id, "")
	second, _ := admin.offer(id, "")
	customer.put(first, into(bloom)).want(http.StatusNoContent)
	admin.put(second, into(acme)).want(http.StatusNotFound)
	equal(t, "owner", w.project(id).OwnerID, bloom)
}

func TestClaimsAreRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change  func(*Seed)
		body    string
		status  int
		message []string
	}{
		"not a member":       {func(*Seed) {}, into(labs), 404, []string{"organization not found"}},
		"managed by Vercel":  {func(s *Seed) { s.Organizations[2].ManagedBy = "vercel" }, into(bloom), 400, []string{"Vercel"}},
		"too many projects":  {func(s *Seed) { s.Organizations[2].ProjectsLimit = new(int64(0)) }, into(bloom), 406, []string{`"reasons"`, `"projects_count"`}},
		"several reasons":    {func(s *Seed) { s.Organizations[2].Plan = "free"; s.Organizations[2].ProjectsLimit = new(int64(0)) }, into(bloom), 406, []string{"projects_count", "history_retention_seconds"}},
		"region":             {func(s *Seed) { s.Organizations[2].Regions = []string{"aws-eu-west-2"} }, into(bloom), 406, []string{"project_region"}},
		"bad organization":   {func(*Seed) {}, into("Bloom"), 400, []string{"org_id must match"}},
		"old field":          {func(*Seed) {}, `{"organization":"x"}`, 400, []string{"organization is not a known field"}},
		"compute too big":    {func(s *Seed) { s.Organizations[2].Plan = "free" }, into(bloom), 406, []string{"autoscaling_limit_max_cu"}},
		"free personal plan": {func(*Seed) {}, "", 406, []string{"history_retention_seconds"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, seeded(tt.change))
			created := w.as(orgKey).post("/projects", `{"project":{"autoscaling_limit_max_cu":4}}`).want(http.StatusCreated)
			path, _ := w.as(orgKey).offer(created.at("project.id"), "")
			w.as(customerKey).put(path, tt.body).want(tt.status, tt.message...)
			equal(t, "owner", w.project(created.at("project.id")).OwnerID, acme)
		})
	}
}

func TestTransferRequestsAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Organizations[1].TransferRequestsEnabled = new(false) }))
	admin := w.as(adminKey)
	id := admin.create(labs, "app").Project.ID
	admin.post("/projects/"+id+"/transfer_requests", "").want(http.StatusForbidden, "project transfer requests are not enabled for this account")
	admin.post("/projects/never-was/transfer_requests", "").want(http.StatusNotFound)
	id = admin.create(acme, "app").Project.ID
	admin.post("/projects/"+id+"/transfer_requests", `{"ttl_seconds":0}`).want(http.StatusBadRequest, "ttl_seconds")
	admin.post("/projects/"+id+"/transfer_requests", `{"ttl_seconds":"1d"}`).want(http.StatusBadRequest, "ttl_seconds must be an integer")
	admin.delete("/projects/" + id).want(http.StatusOK)
	admin.post("/projects/"+id+"/transfer_requests", "").want(http.StatusNotFound)
}

func TestFormerOwnerCanGetForbidden(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.ClaimedProjectStatus = http.StatusForbidden }))
	id := w.as(orgKey).create(acme, "app").Project.ID
	path, _ := w.as(orgKey).offer(id, "")
	w.as(customerKey).put(path, into(bloom)).want(http.StatusNoContent)
	w.as(orgKey).get("/projects/" + id).want(http.StatusForbidden)
	w.as(adminKey).get("/projects/" + id).want(http.StatusForbidden)
	w.as(adminKey).get("/projects/never-was").want(http.StatusNotFound)
	// Back where it was, the customer is the former owner.
	path, _ = w.as(customerKey).offer(id, "")
	w.as(adminKey).put(path, into(acme)).want(http.StatusNoContent)
	w.as(adminKey).get("/projects/" + id).want(http.StatusOK)
	w.as(customerKey).get("/projects/" + id).want(http.StatusForbidden)
}
