package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// worldToImport has so many projects in Acme, and a key that is confined to the last.
func worldToImport(t *testing.T, projects int) (w *world, last string) {
	t.Helper()
	last = fmt.Sprintf("calm-river-%08d", projects)
	seed := emulator.DefaultSeed()
	for n := range projects {
		seed.Projects = append(seed.Projects, emulator.Project{ID: fmt.Sprintf("calm-river-%08d", n+1), Name: "app", OrgID: acme})
	}
	seed.Organizations[0].Keys = append(seed.Organizations[0].Keys, &emulator.Key{Secret: "napi_partner_scoped", ProjectID: last})
	return newWorld(t, func(o *emulator.Options) { o.Seed = &seed }), last
}

const forgetApp = `
removed {
  from = neon_project.app
  lifecycle { destroy = false }
}`

func TestKnownFaultImportFindsOnlyTheFirstPageOfProjects(t *testing.T) {
	t.Parallel()
	w, last := worldToImport(t, 450)
	config := w.partner(fmt.Sprintf("import {\n  to = neon_project.app\n  id = %q\n}\n\nresource \"neon_project\" \"app\" {}", last))
	w.run(
		resource.TestStep{Config: config, ConfigPlanChecks: planned(appProject, plancheck.ResourceActionNoop)},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{"GET /projects": 0})},
		resource.TestStep{Config: w.partner(forgetApp)},
	)
}

func TestKnownFaultImportFailsWithAProjectScopedKey(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"project-scoped": "napi_partner_scoped", "organization": partnerOrgKey, "personal": partnerDev} {
		for by, argument := range map[string]string{"id": "id = %q", "identity": "identity = { project_id = %q }"} {
			t.Run(name+" key by "+by, func(t *testing.T) {
				t.Parallel()
				if by == "identity" {
					requireIdentities(t)
				}
				w, last := worldToImport(t, 2)
				config := func(body string) string { return w.config(key, "", body) }
				imported := config("import {\n  to = neon_project.app\n  " + fmt.Sprintf(argument, last) + "\n}\n\nresource \"neon_project\" \"app\" {\n  name = \"app\"\n}")
				w.run(
					resource.TestStep{Config: imported, ConfigPlanChecks: planned(appProject, plancheck.ResourceActionNoop)},
					resource.TestStep{Config: imported, ConfigPlanChecks: unchanged()},
					resource.TestStep{Config: config(forgetApp)},
				)
				if n := len(w.projects()); n != 2 {
					t.Errorf("%d projects are left, want both", n)
				}
			})
		}
	}
}

func TestKnownFaultImportIsFollowedByAReplacement(t *testing.T) {
	t.Parallel()
	for name, branch := range map[string]string{
		"another branch":   `{ name = "whatever" }`,
		"another role":     `{ role_name = "whatever" }`,
		"another database": `{ database_name = "whatever" }`,
		"all of them":      `{ name = "one", role_name = "two", database_name = "three" }`,
		"the same names":   `{ name = "main", role_name = "neondb_owner", database_name = "neondb" }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, last := worldToImport(t, 1)
			config := w.partner(fmt.Sprintf("import {\n  to = neon_project.app\n  id = %q\n}\n\nresource \"neon_project\" \"app\" {\n  name   = \"app\"\n  branch = %s\n}", last, branch))
			w.run(
				resource.TestStep{Config: config, ConfigPlanChecks: planned(appProject, plancheck.ResourceActionUpdate)},
				resource.TestStep{Config: config, ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{
					"PATCH /projects/{project_id}": 0, "POST /projects": 0, "DELETE /projects/{project_id}": 0,
				})},
			)
		})
	}
}
