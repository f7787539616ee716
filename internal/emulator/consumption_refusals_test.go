package emulator

import (
	"strings"
	"testing"
	"time"
)

func TestConsumptionIsRefused(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) {
		s.Organizations = append(s.Organizations, Organization{ID: "org-free-1", Name: "free", Plan: "free", Keys: []*Key{{Secret: "napi_free"}}},
			Organization{ID: "org-business-1", Name: "business", Plan: "business", Keys: []*Key{{Secret: "napi_business"}}})
		s.Projects = append(s.Projects, old("p-one"))
		s.Organizations[0].Keys = append(s.Organizations[0].Keys, &Key{Secret: "napi_scoped", ProjectID: "p-one"})
	}))
	hundredAndOne := "project_ids=p-1" + strings.Repeat(",p-1", 100)
	for _, c := range []struct {
		key, request string
		want         int
		says         string
	}{
		{adminKey, ask("v2/projects", "org_id="), 400, "org_id is required"},
		{adminKey, ask("v2/projects", "metrics="), 400, "metrics is required"},
		{adminKey, ask("v2/projects", "metrics=active_time_seconds"), 400, "active_time_seconds"},
		{adminKey, ask("projects", "metrics=compute_unit_seconds"), 400, "compute_unit_seconds"},
		{adminKey, ask("account", "metrics=logical_size_bytes"), 400, "logical_size_bytes"},
		{adminKey, ask("v2/branches", "project_ids=p-one", "metrics=extra_branches_month"), 400, "extra_branches_month"},
		{adminKey, ask("v2/branches"), 400, "project_ids is required"},
		{adminKey, ask("v2/projects", "limit=101"), 400, "limit"},
		{adminKey, ask("v2/branches", "project_ids=p-one", "limit=1001"), 400, "limit"},
		{adminKey, ask("v2/projects", hundredAndOne), 400, "at most 100"},
		{adminKey, ask("v2/projects", "project_ids=P-ONE"), 400, "project_ids"},
		{adminKey, ask("v2/projects", "cursor=p-none"), 400, "cursor"},
		{adminKey, ask("account", "cursor=x"), 400, "cursor"},
		{customerKey, ask("v2/projects"), 404, "organization not found"},
		{customerKey, ask("account"), 404, "organization not found"},
		{"napi_scoped", ask("v2/projects"), 404, "scoped"},
		{"napi_free", ask("v2/projects", "org_id=org-free-1"), 403, "launch, scale, agent, business, enterprise"},
		{customerKey, ask("projects", "org_id="+bloom), 403, "scale, business, enterprise"},
		{customerKey, ask("account", "org_id="+bloom), 403, "scale, business, enterprise"},
		{customerKey, ask("account", "org_id="), 403, "scale"},
		{customerKey, ask("v2/projects", "org_id="+bloom), 200, ""},
		{"napi_business", ask("v2/branches", "org_id=org-business-1", "project_ids=p-one"), 403, "launch, scale, agent, enterprise"},
		{"napi_business", ask("v2/projects", "org_id=org-business-1"), 200, ""},
		{orgKey, ask("account", "org_id="), 200, ""},
		{devKey, ask("v2/projects"), 200, "p-one"},
	} {
		if r := w.as(c.key).get(c.request); r.status != c.want || !strings.Contains(string(r.data), c.says) {
			t.Errorf("%s as %s: %d %s, want %d with %q", c.request, c.key, r.status, r.data, c.want, c.says)
		}
	}
}

func TestConsumptionBudgetIsShared(t *testing.T) {
	t.Parallel()
	w := start(t, withOld("p-one"), func(o *Options) { o.RateLimit = true })
	admin := w.as(adminKey)
	paths := []string{ask("v2/projects"), ask("v2/branches", "project_ids=p-one"), ask("projects"), ask("account")}
	for i := range consumptionPerMinute {
		if i%30 == 0 {
			w.advance(time.Second) // within the budget of a route
		}
		admin.get(paths[i%len(paths)]).want(200)
	}
	for _, path := range paths {
		equal(t, "wait", admin.get(path).want(429, "50 in 1m0s").header.Get("Retry-After"), "59")
	}
	admin.get("/projects/p-one").want(200)
	w.as(devKey).get(paths[0]).want(200) // another account
	w.advance(time.Minute)
	admin.get(paths[0]).want(200)
}
