package provider

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// The organizations of the examples.
const (
	coolBreeze = "org-cool-breeze-12345678"
	calmRiver  = "org-calm-river-87654321"
	oldHarbor  = "org-old-harbor-11112222"
)

// documented is a world with the organizations of the examples, and with a provider
// that takes its key and address from the environment, as readers have it.
func documented(t *testing.T, projects ...emulator.Project) *world {
	t.Helper()
	return documentedAt(t, nil, projects...)
}

// documentedAt is documented at a time that stands still.
func documentedAt(t *testing.T, clock func() time.Time, projects ...emulator.Project) *world {
	t.Helper()
	seed := emulator.DefaultSeed()
	for _, id := range []string{coolBreeze, calmRiver, oldHarbor} {
		seed.Organizations = append(seed.Organizations, emulator.Organization{
			ID: id, Name: id, Plan: "scale", Members: []*emulator.Member{{Email: "admin@partner.test", Role: "admin"}},
		})
	}
	seed.Projects = projects
	w := newWorld(t, func(o *emulator.Options) { o.Seed, o.Clock = &seed, clock })
	w.getenv = func(name string) string {
		return map[string]string{"NEON_API_KEY": partnerAdmin, "NEON_API_HOST": w.url, "NEON_ORG_ID": coolBreeze}[name]
	}
	return w
}

func readRepo(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestReadmeConfiguration applies what the README shows.
func TestReadmeConfiguration(t *testing.T) {
	t.Parallel()
	_, rest, _ := strings.Cut(readRepo(t, "README.md"), "```terraform\n")
	shown, _, _ := strings.Cut(rest, "```")
	w := documented(t)
	w.run(
		resource.TestStep{Config: shown},
		resource.TestStep{Config: shown, ConfigPlanChecks: unchanged()},
		// The test framework can't read for_each from a state; there must be none at the end.
		resource.TestStep{Config: shown, Destroy: true},
	)
	if got := w.requests(); got["POST /projects"] != 3 || got[createOffer] != 3 {
		t.Errorf("three projects and offers were to be made: %v", got)
	}
}

// TestResourceExamples applies each resource's example, and plans it again.
func TestResourceExamples(t *testing.T) {
	t.Parallel()
	example := func(name string) string {
		return requiredProviders + readRepo(t, "examples", "resources", name, "resource.tf")
	}
	t.Run("neon_project", func(t *testing.T) {
		t.Parallel()
		shown := example("neon_project")
		unprotected := strings.Replace(shown, "deletion_protection       = true", "deletion_protection       = false", 1)
		documented(t).run(
			resource.TestStep{Config: shown},
			resource.TestStep{Config: shown, ConfigPlanChecks: unchanged()},
			resource.TestStep{Config: unprotected}, // so that the test can clean up
		)
	})
	t.Run("neon_org_member", func(t *testing.T) {
		t.Parallel()
		shown := example("neon_org_member")
		w := documented(t)
		w.change(func(s *emulator.Snapshot) {
			s.Users = append(s.Users, emulator.User{Email: "ada@example.com"})
			i := slices.IndexFunc(s.Organizations, func(o emulator.Organization) bool { return o.ID == coolBreeze })
			s.Organizations[i].Members = append(s.Organizations[i].Members, &emulator.Member{Email: "ada@example.com", Role: "member"})
		})
		w.run(resource.TestStep{Config: shown}, resource.TestStep{Config: shown, ConfigPlanChecks: unchanged()})
	})
	t.Run("neon_org_invitation", func(t *testing.T) {
		t.Parallel()
		shown := example("neon_org_invitation")
		documented(t).run(
			resource.TestStep{Config: shown},
			resource.TestStep{Config: shown, ConfigPlanChecks: unchanged()},
			resource.TestStep{Config: shown, Destroy: true}, // as above, for for_each
		)
	})
	t.Run("neon_org_api_key", func(t *testing.T) {
		t.Parallel()
		shown := example("neon_org_api_key")
		documented(t).run(resource.TestStep{Config: shown}, resource.TestStep{Config: shown, ConfigPlanChecks: unchanged()})
	})
	t.Run("neon_org_spending_limit", func(t *testing.T) {
		t.Parallel()
		shown := example("neon_org_spending_limit")
		documented(t).run(resource.TestStep{Config: shown}, resource.TestStep{Config: shown, ConfigPlanChecks: unchanged()})
	})
	t.Run("neon_project_permission", func(t *testing.T) {
		t.Parallel()
		shown := example("neon_project_permission")
		w := documented(t)
		w.run(
			resource.TestStep{Config: shown},
			resource.TestStep{PreConfig: func() {
				if guests := w.guests(w.onlyProject().ID); len(strings.Fields(guests)) != 2 {
					t.Errorf("guests are %q", guests)
				}
			}, Config: shown, ConfigPlanChecks: unchanged()},
			resource.TestStep{Config: shown, Destroy: true}, // as above, for for_each
		)
	})
	t.Run("neon_project_transfer_request", func(t *testing.T) {
		t.Parallel()
		shown := example("neon_project_transfer_request")
		documented(t).run(resource.TestStep{Config: shown}, resource.TestStep{Config: shown, ConfigPlanChecks: unchanged()})
	})
	t.Run("neon_org_project_transfer", func(t *testing.T) {
		t.Parallel()
		w := documented(t,
			emulator.Project{ID: "quiet-meadow-12345678", OrgID: coolBreeze}, emulator.Project{ID: "bright-forest-23456789", OrgID: coolBreeze},
			emulator.Project{ID: "legacy-1", OrgID: oldHarbor}, emulator.Project{ID: "legacy-2", OrgID: oldHarbor})
		shown := example("neon_org_project_transfer")
		variables := config.Variables{"legacy_project_ids": config.SetVariable(config.StringVariable("legacy-1"), config.StringVariable("legacy-2"))}
		w.run(
			resource.TestStep{Config: shown, ConfigVariables: variables},
			resource.TestStep{Config: shown, ConfigVariables: variables, ConfigPlanChecks: unchanged()},
		)
		// The first came back when it was destroyed, the second had not to.
		for _, project := range w.projects() {
			if project.OwnerID != coolBreeze {
				t.Errorf("%s belongs to %s", project.ID, project.OwnerID)
			}
		}
	})
	t.Run("neon_project_transfer_acceptance", func(t *testing.T) {
		t.Parallel()
		w := documented(t, emulator.Project{ID: "calm-river-12345678", Name: "shop", OrgID: acme})
		made, err := neontest.Held(t, w.client(partnerAdmin), "calm-river-12345678").Offer(t.Context(), 3600)
		if err != nil {
			t.Fatal(err)
		}
		shown := example("neon_project_transfer_acceptance")
		variables := config.Variables{"claim_url": config.StringVariable(claimURL(nil, claim{projectID: made.ProjectID, requestID: made.ID}))}
		w.run(
			resource.TestStep{Config: shown, ConfigVariables: variables},
			resource.TestStep{Config: shown, ConfigVariables: variables, ConfigPlanChecks: unchanged()},
		)
		if owner := w.onlyProject().OwnerID; owner != coolBreeze {
			t.Errorf("the project belongs to %s", owner)
		}
	})
}

// TestReadmePlan makes the plan that the README shows: word by word, from the
// resource to the warning.
func TestReadmePlan(t *testing.T) {
	t.Parallel()
	_, rest, _ := strings.Cut(readRepo(t, "README.md"), "```text\n")
	shown, _, _ := strings.Cut(rest, "```")
	w := newWorld(t, func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Projects = []emulator.Project{{ID: "calm-river-12345678", Name: "billing", OrgID: acme}}
		o.Seed = &seed
	})
	config := func(orgID string) string {
		return w.partner("resource \"neon_project\" \"billing\" {\n  name   = \"billing\"\n  org_id = \"" + orgID + "\"\n}\n")
	}
	c := w.cli(map[string]string{"main.tf": config(acme)})
	c.must("import", "neon_project.billing", "calm-river-12345678")
	c.write("main.tf", config(labs))
	out := c.must("plan")
	if want := strings.Join(strings.Fields(shown), " "); !strings.Contains(out, want) {
		t.Errorf("the README shows:\n%s\n\nthe plan is:\n%s", want, out)
	}
}
