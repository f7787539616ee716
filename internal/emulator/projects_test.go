package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func TestCreatedProjectHasNeonsDefaults(t *testing.T) {
	t.Parallel()
	w := start(t)
	created := read[neon.CreatedProject](w.as(orgKey).post("/projects", `{"project":{}}`).want(http.StatusCreated))
	p := created.Project
	equal(t, "name", p.Name, p.ID)
	equal(t, "owner", p.OwnerID, acme)
	equal(t, "organization", p.OrgID, acme)
	equal(t, "region", p.RegionID, defaultRegion)
	equal(t, "proxy host", p.ProxyHost, "us-east-1.aws.neon.tech")
	equal(t, "postgres", p.PgVersion, 17)
	equal(t, "retention", p.HistoryRetentionSeconds, 86400)
	equal(t, "passwords stored", p.StorePasswords, true)
	equal(t, "min cu", *p.DefaultEndpointSettings.AutoscalingLimitMinCU, 0.25)
	equal(t, "max cu", *p.DefaultEndpointSettings.AutoscalingLimitMaxCU, 2)
	equal(t, "allowed ips", len(*p.Settings.AllowedIPs.IPs), 0)
	equal(t, "quota", p.Settings.Quota, nil)
	equal(t, "branch", created.Branch.Name, "main")
	equal(t, "branch state", created.Branch.CurrentState+" to "+created.Branch.PendingState, "init to ready")
	equal(t, "role", created.Roles[0].Name, "neondb_owner")
	equal(t, "database", created.Databases[0].Name, "neondb")
	equal(t, "endpoint state", created.Endpoints[0].CurrentState, "init")
	equal(t, "operations", created.Operations[0].Action+" "+string(created.Operations[0].Status), "create_timeline running")
	uri := created.ConnectionURIs[0].ConnectionURI
	want := fmt.Sprintf("postgresql://neondb_owner:%s@%s/neondb?sslmode=require", created.Roles[0].Password, created.Endpoints[0].Host)
	equal(t, "connection string", uri, want)

	read := read[neon.ProjectEnvelope](w.as(adminKey).get("/projects/" + p.ID).want(http.StatusOK)).Project
	equal(t, "owner's plan", read.Owner.SubscriptionType, "scale_v3")
	equal(t, "period end", read.ConsumptionPeriodEnd, time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC))
}

func TestCreatedProjectTakesWhatIsAsked(t *testing.T) {
	t.Parallel()
	w := start(t)
	created := read[neon.CreatedProject](w.as(adminKey).post("/projects", `{"project":{
		"org_id":"`+acme+`","name":"shop","region_id":"azure-eastus2","pg_version":16,"store_passwords":false,"history_retention_seconds":0,
		"branch":{"name":"trunk","database_name":"shop","annotations":{"token":"t-1"}},
		"default_endpoint_settings":{"autoscaling_limit_min_cu":1,"autoscaling_limit_max_cu":4,"suspend_timeout_seconds":-1},
		"settings":{"quota":{"active_time_seconds":0},"allowed_ips":{"ips":["192.0.2.0/24"]},"block_public_connections":true}
	}}`).want(http.StatusCreated))
	p := created.Project
	equal(t, "platform", p.PlatformID, "azure")
	equal(t, "proxy host", p.ProxyHost, "eastus2.azure.neon.tech")
	equal(t, "postgres", p.PgVersion, 16)
	equal(t, "retention", p.HistoryRetentionSeconds, 0)
	equal(t, "role", created.Roles[0].Name, "shop_owner")
	equal(t, "endpoint's max cu", created.Endpoints[0].AutoscalingLimitMaxCU, 4)
	equal(t, "quota", *p.Settings.Quota.ActiveTimeSeconds, 0)
	equal(t, "ips", (*p.Settings.AllowedIPs.IPs)[0], "192.0.2.0/24")
	equal(t, "protected branches only", *p.Settings.AllowedIPs.ProtectedBranchesOnly, false)
	list := w.as(adminKey).get("/projects/" + p.ID + "/branches").want(http.StatusOK)
	equal(t, "annotation", list.at("annotations."+created.Branch.ID+".value.token"), "t-1")
}

func TestPersonalProject(t *testing.T) {
	t.Parallel()
	w := start(t)
	created := read[neon.CreatedProject](w.as(customerKey).post("/projects", `{"project":{}}`).want(http.StatusCreated)).Project
	equal(t, "organization", created.OrgID, "")
	equal(t, "retention on the free plan", created.HistoryRetentionSeconds, 21600)
	w.as(customerKey).get("/projects/"+created.ID).want(http.StatusOK, `"subscription_type":"free_v3"`)
}

func TestProjectRequestsAreChecked(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) {
		s.Organizations[1].ProjectsLimit = new(int64(0))
		s.Organizations[1].Plan = "free"
	}))
	for name, tt := range map[string]struct {
		body    string
		status  int
		message string
	}{
		"no body":               {"", 400, "request body is required"},
		"not JSON":              {"{", 400, "not valid JSON"},
		"two documents":         {`{"project":{}}{}`, 400, "after its JSON document"},
		"no project":            {`{}`, 400, "project is required"},
		"project is a string":   {`{"project":"x"}`, 400, "project must be an object, got a string"},
		"null":                  {`{"project":null}`, 400, "project must be an object, got null"},
		"unknown field":         {`{"project":{"colour":"red"}}`, 400, "project.colour is not a known field"},
		"unknown nested field":  {`{"project":{"settings":{"quota":{"x":1}}}}`, 400, "project.settings.quota.x is not a known field"},
		"empty name":            {`{"project":{"name":""}}`, 400, "project.name must be at least 1"},
		"long name":             {`{"project":{"name":"` + strings.Repeat("é", 257) + `"}}`, 400, "project.name must be at most 256 characters long, got 257"},
		"name is a number":      {`{"project":{"name":1}}`, 400, "project.name must be a string, got a number"},
		"version out of range":  {`{"project":{"pg_version":13}}`, 400, "project.pg_version must be from 14 to 18, got 13"},
		"version is a fraction": {`{"project":{"pg_version":17.5}}`, 400, "project.pg_version must be an integer, got 17.5"},
		"retention too long":    {`{"project":{"history_retention_seconds":2592001}}`, 400, "project.history_retention_seconds must be from 0 to 2592000"},
		"bad org id":            {`{"project":{"org_id":"Org A"}}`, 400, "project.org_id must match"},
		"bad boolean":           {`{"project":{"store_passwords":"yes"}}`, 400, "project.store_passwords must be true or false, got a string"},
		"compute too small":     {`{"project":{"default_endpoint_settings":{"autoscaling_limit_min_cu":0.1}}}`, 400, "autoscaling_limit_min_cu must be at least 0.25"},
		"compute upside down":   {`{"project":{"autoscaling_limit_min_cu":3}}`, 400, "is more than autoscaling_limit_max_cu"},
		"compute too big":       {`{"project":{"autoscaling_limit_max_cu":500}}`, 400, "is at most 56 on the scale plan"},
		"suspend too short":     {`{"project":{"default_endpoint_settings":{"suspend_timeout_seconds":59}}}`, 400, "from 60 to 604800"},
		"suspend too long":      {`{"project":{"default_endpoint_settings":{"suspend_timeout_seconds":604801}}}`, 400, "from -1 to 604800"},
		"bad ip":                {`{"project":{"settings":{"allowed_ips":{"ips":["here"]}}}}`, 400, "allowed_ips.ips"},
		"ip is a number":        {`{"project":{"settings":{"allowed_ips":{"ips":[1]}}}}`, 400, "project.settings.allowed_ips.ips[0] must be a string"},
		"bad weekday":           {`{"project":{"settings":{"maintenance_window":{"weekdays":[8],"start_time":"01:00","end_time":"02:00"}}}}`, 400, "weekdays"},
		"bad window time":       {`{"project":{"settings":{"maintenance_window":{"weekdays":[1],"start_time":"1:00","end_time":"02:00"}}}}`, 400, "maintenance_window"},
		"half a window":         {`{"project":{"settings":{"maintenance_window":{"weekdays":[1]}}}}`, 400, "start_time is required"},
		"bad audit level":       {`{"project":{"settings":{"audit_log_level":"loud"}}}`, 400, "must be one of base, extended, full"},
		"hipaa":                 {`{"project":{"settings":{"hipaa":true}}}`, 403, "hipaa"},
		"unknown region":        {`{"project":{"region_id":"mars-north-1"}}`, 400, "project.region_id"},
		"long role":             {`{"project":{"branch":{"role_name":"` + strings.Repeat("r", 64) + `"}}}`, 400, "project.branch.role_name"},
		"annotation":            {`{"project":{"branch":{"annotations":{"a":1}}}}`, 400, "project.branch.annotations.a must be a string"},
		"org of others":         {`{"project":{"org_id":"` + bloom + `"}}`, 404, "organization not found"},
		"limit":                 {`{"project":{"org_id":"` + labs + `"}}`, 422, `"code":"PROJECTS_LIMIT_EXCEEDED","message":"organization projects limit of 0 exceeded, got 0"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &testWorld{t: t, emu: w.emu, url: w.url}
			w.as(adminKey).post("/projects", tt.body).want(tt.status, tt.message)
		})
	}
}

func TestFreePlanKeepsLessHistory(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Organizations[0].Plan = "free" }))
	admin := w.as(adminKey)
	equal(t, "default", admin.create(acme, "app").Project.HistoryRetentionSeconds, 21600)
	admin.post("/projects", `{"project":{"org_id":"`+acme+`","history_retention_seconds":86400}}`).want(http.StatusBadRequest,
		`requested history retention seconds exceeds allowed maximum; requested_history_retention_seconds:\"86400\", max:\"21600\"`)
}

// manyProjects has 25 projects named "app 1" to "app 25" in acme.
func manyProjects(s *Seed) {
	s.Projects = []Project{{Name: "app %d", OrgID: acme, Count: 25}, {ID: "zz-other", OrgID: labs}}
}

func TestProjectsArePaged(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(manyProjects))
	admin := w.as(adminKey)
	var ids []string
	cursor := ""
	for pages := 1; ; pages++ {
		page := read[neon.ProjectsPage](admin.get("/projects?org_id=" + acme + cursor).want(http.StatusOK))
		if len(page.Projects) == 0 {
			equal(t, "pages", pages, 4)
			equal(t, "pagination of an empty page", page.Pagination, nil)
			break
		}
		for _, p := range page.Projects {
			ids = append(ids, p.ID)
		}
		equal(t, "cursor", page.Pagination.Cursor, ids[len(ids)-1])
		cursor = "&cursor=" + page.Pagination.Cursor
	}
	equal(t, "projects", len(ids), 25)
	equal(t, "sorted", slices.IsSorted(ids), true)
	all := read[neon.ProjectsPage](admin.get("/projects?limit=400&org_id=" + acme).want(http.StatusOK))
	equal(t, "on one page", len(all.Projects), 25)
	equal(t, "name of the organization", all.Projects[0].OrgName, "Partner Acme")

	equal(t, "after a deleted project", len(read[neon.ProjectsPage](admin.get("/projects?cursor=zzz&org_id="+acme).want(http.StatusOK)).Projects), 0)
}

func TestProjectsAreSearched(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(manyProjects))
	admin := w.as(adminKey)
	equal(t, "by name", len(read[neon.ProjectsPage](admin.get("/projects?search=APP+2&limit=50&org_id="+acme)).Projects), 7)
	equal(t, "by id", admin.get("/projects?search=other&org_id="+labs).at("projects.0.id"), "zz-other")
	for query, message := range map[string]string{
		"limit=0":                            "limit must be from 1 to 400",
		"limit=401":                          "limit must be from 1 to 400",
		"limit=ten":                          "limit must be an integer",
		"timeout=99":                         "timeout must be from 100 to 30000",
		"recoverable=1":                      "recoverable must be true or false",
		"colour=red":                         "query parameter colour is not known here",
		"limit=1&limit=2":                    "limit must be given once",
		"org_id=" + acme + "&org_id=" + acme: "org_id must be given once",
		"org_id=Nope":                        "org_id must match",
	} {
		admin.get("/projects?"+query).want(http.StatusBadRequest, message)
	}
	admin.get("/projects?timeout=100&org_id=" + acme).want(http.StatusOK)
}

func TestIntegrationsAreListed(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Projects = []Project{{ID: "p-web", OrgID: acme, Integration: "vercel"}} }))
	list := w.as(adminKey).get("/projects?org_id=" + acme).want(http.StatusOK)
	equal(t, "application", list.at("applications.p-web.0"), "vercel")
	equal(t, "integration", list.at("integrations.p-web.0"), "vercel")
}

func TestUpdateMergesSettings(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin := w.as(adminKey)
	id := admin.create(acme, "app").Project.ID
	renamed := admin.patch("/projects/"+id, `{"project":{"name":"shop"}}`).want(http.StatusOK)
	equal(t, "name", renamed.at("project.name"), "shop")
	equal(t, "operations of a rename", renamed.at("operations.0"), "")

	w.advance(time.Hour)
	changed := admin.patch("/projects/"+id, `{"project":{"history_retention_seconds":3600,"settings":{"quota":{"written_data_bytes":7},"enable_logical_replication":true}}}`).want(http.StatusOK)
	equal(t, "storage operation", changed.at("operations.0.action"), "apply_storage_config")
	equal(t, "compute operation", changed.at("operations.1.action"), "apply_config")
	equal(t, "updated", changed.at("project.updated_at"), "2026-03-15T13:00:00Z")
	admin.patch("/projects/"+id, `{"project":{"settings":{"quota":{"active_time_seconds":0}}}}`).want(http.StatusOK)
	p := read[neon.ProjectEnvelope](admin.get("/projects/" + id)).Project
	equal(t, "kept quota", *p.Settings.Quota.WrittenDataBytes, 7)
	equal(t, "zero quota", *p.Settings.Quota.ActiveTimeSeconds, 0)
	equal(t, "kept retention", p.HistoryRetentionSeconds, 3600)
	admin.patch("/projects/"+id, `{"project":{"settings":{"enable_logical_replication":false}}}`).want(http.StatusBadRequest, "can't be disabled")
	admin.patch("/projects/"+id, `{"project":{"region_id":"aws-us-east-2"}}`).want(http.StatusBadRequest, "project.region_id is not a known field")
	admin.patch("/projects/"+id, `{"project":{}}`).want(http.StatusOK)
	admin.patch("/projects/none", `{"project":{}}`).want(http.StatusNotFound)
}

func TestHipaaIsRemembered(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Organizations[0].AllowHipaaProjects = new(true) }))
	id := w.as(adminKey).create(acme, "app").Project.ID
	changed := w.as(adminKey).patch("/projects/"+id, `{"project":{"settings":{"hipaa":true,"audit_log_level":"full"}}}`).want(http.StatusOK)
	equal(t, "since", changed.at("project.hipaa_enabled_at"), "2026-03-15T12:00:00Z")
	equal(t, "audit log", changed.at("project.settings.audit_log_level"), "full")
}

func TestDeletedProjectsCanBeRecoveredForSevenDays(t *testing.T) {
	t.Parallel()
	w := start(t)
	admin := w.as(adminKey)
	created := admin.create(acme, "app")
	path := "/projects/" + created.Project.ID
	admin.post(path+"/recover", "").want(http.StatusBadRequest, "not deleted")
	admin.delete(path).want(http.StatusOK, `"app"`)
	admin.delete(path).want(http.StatusOK, `"app"`)
	admin.get(path).want(http.StatusNotFound, "project not found")
	admin.get(path+"/branches").want(http.StatusNotFound, "project not found")
	equal(t, "listed", admin.get("/projects?org_id="+acme).at("projects.0.id"), "")
	listed := admin.get("/projects?recoverable=true&org_id=" + acme).want(http.StatusOK)
	equal(t, "deleted at", listed.at("projects.0.deleted_at"), "2026-03-15T12:00:00Z")
	equal(t, "recoverable until", listed.at("projects.0.recoverable_until"), "2026-03-22T12:00:00Z")
	w.as(devKey).post(path+"/recover", "").want(http.StatusForbidden)

	w.advance(recoveryWindow - time.Second)
	recovered := admin.post(path+"/recover", "").want(http.StatusOK)
	equal(t, "branch", recovered.at("branches.0.id"), created.Branch.ID)
	equal(t, "endpoint", admin.get(path+"/endpoints").want(http.StatusOK).at("endpoints.0.current_state"), "idle")
	equal(t, "same connection string", w.project(created.Project.ID).Branches[0].Roles[0].Password, created.Roles[0].Password)

	admin.delete(path).want(http.StatusOK)
	w.advance(recoveryWindow)
	admin.post(path+"/recover", "").want(http.StatusNotFound)
	admin.delete(path).want(http.StatusNotFound)
	equal(t, "recoverable", admin.get("/projects?recoverable=true&org_id="+acme).at("projects.0.id"), "")
	admin.delete("/projects/never-was").want(http.StatusNotFound, "project not found")
}

func TestRecoveringMindsTheLimit(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Organizations[0].ProjectsLimit = new(int64(1)) }))
	admin := w.as(adminKey)
	first := admin.create(acme, "one").Project.ID
	admin.delete("/projects/" + first).want(http.StatusOK)
	admin.create(acme, "two")
	admin.post("/projects/"+first+"/recover", "").want(http.StatusUnprocessableEntity, "PROJECTS_LIMIT_EXCEEDED")
}
