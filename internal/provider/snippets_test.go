package provider

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// The pages that show configuration which is in no example. How many such blocks
// each has, and that all of them are executed, is kept by hand: a new one wants a
// new test.
var executedSnippets = map[string]int{
	"README.md":                               1, // TestReadmeConfiguration
	"modules/tenant/README.md":                1, // TestModuleSnippets
	"modules/organization/README.md":          1, // TestModuleSnippets
	"docs/guides/api-keys-and-permissions.md": 1, // TestTwoKeysOfTheGuide
	"docs/guides/claim-flow.md":               1, // TestClaimedOfTheGuide
	"docs/guides/managing-an-organization.md": 4, // TestTeamOfTheGuide
	"docs/guides/migrating.md":                2, // TestPasswordOfTheGuide; the other is the way back to the old provider
	"docs/guides/testing-modules-offline.md":  1, // TestTestOfTheOfflineGuide
}

// TestEverySnippetIsExecuted looks at all configuration that the documentation
// shows: it is in an example or a module, which are all executed, or a test of its
// own executes it.
func TestEverySnippetIsExecuted(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	var examples strings.Builder
	pages := []string{"README.md"}
	for _, dir := range []string{"docs", "examples", "modules"} {
		err := fs.WalkDir(os.DirFS(root), dir, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil || entry.IsDir():
			case filepath.Ext(path) == ".md":
				pages = append(pages, path)
			default:
				examples.WriteString(readRepo(t, path) + "\n")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, page := range pages {
		own := 0
		for _, shown := range snippetsOf(t, page) {
			if !strings.Contains(examples.String(), strings.TrimSpace(shown)) {
				own++
			}
		}
		if own != executedSnippets[page] {
			t.Errorf("%s shows %d blocks of configuration that no example has, and %d are executed", page, own, executedSnippets[page])
		}
	}
}

// snippetsOf gives the blocks of configuration that a page shows.
func snippetsOf(t *testing.T, page string) []string {
	t.Helper()
	var shown []string
	for _, match := range regexp.MustCompile("(?s)```(?:terraform|hcl)\n(.*?)```").FindAllStringSubmatch(readRepo(t, page), -1) {
		shown = append(shown, match[1])
	}
	return shown
}

// TestModuleSnippets applies what the modules' pages show.
func TestModuleSnippets(t *testing.T) {
	t.Parallel()
	for _, module := range []string{"organization", "tenant"} {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"main.tf": requiredProviders + snippetsOf(t, "modules/"+module+"/README.md")[0]}
			for name, content := range filesOf(t, "modules", module) {
				files[filepath.Join("modules", module, name)] = content
			}
			c := documented(t).cli(files)
			c.must("apply", "-auto-approve")
			c.wantEmptyPlan()
		})
	}
}

// TestClaimedOfTheGuide counts what was claimed, as the guide does.
func TestClaimedOfTheGuide(t *testing.T) {
	t.Parallel()
	w := documented(t)
	c := w.cli(map[string]string{
		"main.tf":    snippetsOf(t, "README.md")[0],
		"claimed.tf": snippetsOf(t, "docs/guides/claim-flow.md")[1],
	})
	c.must("apply", "-auto-approve")
	for _, project := range w.projects() {
		if project.Name == "shop-fern" {
			w.claimProject(project)
		}
	}
	if out, code := c.run("plan", "-detailed-exitcode"); code != 2 || !strings.Contains(out, `+ "fern"`) || strings.Contains(out, "Plan: ") {
		t.Errorf("the plan should change the output alone: %s", out)
	}
}

// TestTwoKeysOfTheGuide moves a project out of its organization with a personal
// key, while the organization's own is there for everything else.
func TestTwoKeysOfTheGuide(t *testing.T) {
	t.Parallel()
	w := documented(t, emulator.Project{ID: "quiet-meadow-12345678", Name: "shop", OrgID: coolBreeze})
	w.change(func(s *emulator.Snapshot) {
		for i := range s.Organizations {
			if s.Organizations[i].ID == coolBreeze {
				s.Organizations[i].Keys = append(s.Organizations[i].Keys, &emulator.Key{Secret: "napi_breeze", Name: "ci"})
			}
		}
	})
	c := w.mirrored(map[string]string{"main.tf": requiredProviders + snippetsOf(t, "docs/guides/api-keys-and-permissions.md")[0]}, "NEON_API_KEY=napi_breeze")
	c.must("apply", "-auto-approve", "-var=admin_api_key="+partnerAdmin)
	if owner := w.onlyProject().OwnerID; owner != calmRiver {
		t.Errorf("the project belongs to %s", owner)
	}
}

// TestPasswordOfTheGuide builds a connection string from a password that is kept
// elsewhere.
func TestPasswordOfTheGuide(t *testing.T) {
	t.Parallel()
	shown := snippetsOf(t, "docs/guides/migrating.md")
	w := documented(t)
	c := w.cli(map[string]string{
		"main.tf": requiredProviders + "resource \"neon_project\" \"app\" {\n  branch = { role_name = \"worker\", database_name = \"orders\" }\n}\n",
		"uri.tf":  shown[len(shown)-3],
	})
	c.must("apply", "-auto-approve", "-var=database_password=p@ss-planted")
	c.wantNowhere("p@ss-planted")
	c.wantNowhere("p%40ss-planted")
}

// TestTestOfTheOfflineGuide runs the test as the guide shows it, which is shorter
// than the example.
func TestTestOfTheOfflineGuide(t *testing.T) {
	t.Parallel()
	files := filesOf(t, "examples", "testing-modules-offline")
	files[filepath.Join("tests", "claim.tftest.hcl")] = snippetsOf(t, "docs/guides/testing-modules-offline.md")[1]
	newWorld(t).runModuleTests(files, "3 passed, 0 failed")
}
