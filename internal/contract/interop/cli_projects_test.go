package interop

import (
	"slices"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// createdProject is what `neon projects create` prints.
type createdProject struct {
	Project        neon.Project             `json:"project"`
	ConnectionURIs []neon.ConnectionDetails `json:"connection_uris"`
}

// createProject makes a project in Acme.
func (w *world) createProject(t *testing.T, name string) createdProject {
	t.Helper()
	return got[createdProject](t, w.as(adminKey), "projects", "create", "--org-id", acme, "--name", name)
}

// listed gives a project as `neon projects list` shows it.
func (c cli) listed(t *testing.T, id string, args ...string) *neon.ProjectListItem {
	t.Helper()
	list := got[[]neon.ProjectListItem](t, c, append([]string{"projects", "list"}, args...)...)
	i := slices.IndexFunc(list, func(p neon.ProjectListItem) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &list[i]
}

func TestCLIProjects(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(adminKey)
	created := got[createdProject](t, admin, "projects", "create", "--org-id", acme, "--name", "shop",
		"--region-id", "aws-eu-central-1", "--pg-version", "16", "--database", "goods", "--role", "clerk", "--cu", "0.5-2")
	id := created.Project.ID
	equal(t, "region", created.Project.RegionID, "aws-eu-central-1")
	equal(t, "Postgres version", created.Project.PgVersion, 16)
	equal(t, "database", created.ConnectionURIs[0].ConnectionParameters.Database, "goods")
	equal(t, "role", created.ConnectionURIs[0].ConnectionParameters.Role, "clerk")

	if item := admin.listed(t, id, "--org-id", acme); item == nil || item.Name != "shop" || item.OrgID != acme {
		t.Errorf("projects list shows %+v", item)
	}
	equal(t, "name", got[neon.Project](t, admin, "projects", "get", id).Name, "shop")

	updated := got[neon.Project](t, admin, "projects", "update", id, "--name", "market", "--block-public-connections", "--cu", "1")
	equal(t, "name", updated.Name, "market")
	equal(t, "public connections blocked", *updated.Settings.BlockPublicConnections, true)
	equal(t, "compute units", *updated.DefaultEndpointSettings.AutoscalingLimitMaxCU, 1)

	equal(t, "deleted", got[neon.Project](t, admin, "projects", "delete", id).ID, id)
	admin.refused(t, "project not found", "projects", "get", id)
	if item := admin.listed(t, id, "--org-id", acme); item != nil {
		t.Error("projects list shows the deleted project")
	}
	if item := admin.listed(t, id, "--org-id", acme, "--recoverable-only"); item == nil || item.DeletedAt == nil || item.RecoverableUntil == nil {
		t.Errorf("projects list --recoverable-only shows %+v", item)
	}
	equal(t, "recovered", got[neon.Project](t, admin, "projects", "recover", id).ID, id)
	equal(t, "name", got[neon.Project](t, admin, "projects", "get", id).Name, "market")
}

// The list of the command goes through all pages by itself.
func TestCLIProjectPages(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	const pageOfCommand = 100
	seed := w.emu.Snapshot()
	seed.Projects = append(seed.Projects, emulator.Project{Name: "many-%d", OrgID: acme, Count: pageOfCommand + 20})
	if err := w.emu.Restore(seed); err != nil {
		t.Fatal(err)
	}
	list := got[[]neon.ProjectListItem](t, w.as(adminKey), "projects", "list", "--org-id", acme)
	equal(t, "projects", len(list), pageOfCommand+20+1) // one is there from the start
}

func TestCLIOrganizationKey(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	c := w.as(orgKey)
	id := got[createdProject](t, c, "projects", "create", "--name", "by-key").Project.ID
	if item := c.listed(t, id, "--org-id", acme); item == nil || item.OrgID != acme {
		t.Errorf("projects list shows %+v", item)
	}
	c.refused(t, "not allowed for organization API keys", "api", "/organizations/"+acme+"/projects/transfer",
		"-F", "destination_org_id="+labs, "-F", `project_ids=["`+id+`"]`)
}

func TestCLITransfers(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin, customer := w.as(adminKey), w.as(customerKey)
	id := w.createProject(t, "moving").Project.ID

	transfer := []string{"api", "/organizations/" + acme + "/projects/transfer", "-F", "destination_org_id=" + labs, "-F", `project_ids=["` + id + `"]`}
	equal(t, "answer", admin.text(t, transfer...), "{}")
	equal(t, "organization", got[neon.Project](t, admin, "projects", "get", id).OrgID, labs)
	admin.refused(t, "project not found", transfer...)

	before := admin.text(t, "connection-string", "--project-id", id)
	request := got[neon.TransferRequest](t, admin, "api", "/projects/"+id+"/transfer_requests", "-F", "ttl_seconds=3600")
	accept := []string{"api", "/projects/" + id + "/transfer_requests/" + request.ID, "-X", "PUT", "-F", "org_id=" + bloom}
	customer.text(t, accept...)
	admin.refused(t, "project not found", "projects", "get", id)
	equal(t, "organization", got[neon.Project](t, customer, "projects", "get", id).OrgID, bloom)
	equal(t, "connection string", customer.text(t, "connection-string", "--project-id", id), before)
	customer.refused(t, "transfer request not found", accept...)
}
