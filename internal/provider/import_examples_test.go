package provider

import (
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// importExamples names the resources whose documentation shows imports, and what
// has to be imported beside them so that nothing is planned but the import.
var importExamples = map[string]string{
	"neon_org_api_key":        "",
	"neon_org_invitation":     "",
	"neon_org_member":         "",
	"neon_org_spending_limit": "",
	"neon_project":            "",
	"neon_project_permission": "import {\n  to = neon_project.shop\n  id = \"cool-breeze-12345678\"\n}\n",
}

// TestImportExamples imports what the documentation says can be imported, with the
// configuration that it shows, in all three ways.
func TestImportExamples(t *testing.T) {
	t.Parallel()
	for resourceType, beside := range importExamples {
		t.Run(resourceType, func(t *testing.T) {
			t.Parallel()
			example := func(name string) string { return readRepo(t, "examples", "resources", resourceType, name) }
			w := worldOfImportExamples(t)
			c := w.cli(map[string]string{"main.tf": requiredProviders + example("resource.tf"), "import.tf": beside})
			wantImport := func(shown string) {
				t.Helper()
				c.write("import.tf", beside+shown)
				out := c.must("plan", "-input=false")
				_, plan, _ := strings.Cut(out, "Plan: ")
				if !strings.HasPrefix(plan, map[bool]string{true: "1 to import", false: "2 to import"}[beside == ""]) || !strings.Contains(plan, " 0 to destroy") {
					t.Errorf("%s\nthe plan is: %s", shown, out)
				}
			}
			wantImport(example("import-by-string-id.tf"))
			if knowsIdentities() {
				wantImport(example("import-by-identity.tf"))
			} else {
				t.Log("not imported by identity, which this CLI has not")
			}
			c.write("import.tf", "")
			imported := 0
			for line := range strings.Lines(example("import.sh")) {
				arguments, isImport := strings.CutPrefix(strings.TrimSpace(line), "terraform import ")
				if !isImport {
					continue
				}
				address, id, _ := strings.Cut(arguments, " ")
				address = strings.Trim(address, "'")
				c.must("import", "-input=false", address, id)
				c.must("state", "rm", address)
				imported++
			}
			if imported == 0 {
				t.Error("import.sh imports nothing")
			}
			w.wantOnlyReads()
		})
	}
}

// TestImportGuide lets the CLI write the configuration as the guide has it.
func TestImportGuide(t *testing.T) {
	t.Parallel()
	w := worldOfImportExamples(t)
	shown := readRepo(t, "examples", "importing-existing", "main.tf")
	c := w.cli(map[string]string{"main.tf": shown})
	c.must("plan", "-input=false", "-generate-config-out=generated.tf")
	c.write("main.tf", strings.ReplaceAll(shown, "  provider = neon\n", ""))
	c.wantImported(2)
	w.wantOnlyReads()
}

// worldOfImportExamples has what the examples import.
func worldOfImportExamples(t *testing.T) *world {
	t.Helper()
	const uuid = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
	w := documented(t, emulator.Project{
		ID: "cool-breeze-12345678", Name: "app", OrgID: coolBreeze,
		Permissions: []*emulator.Permission{{ID: uuid, Email: "ann@example.com"}},
	})
	w.change(func(s *emulator.Snapshot) {
		s.Users = append(s.Users, emulator.User{Email: "ada@example.com"})
		for i := range s.Organizations {
			org := &s.Organizations[i]
			if org.ID != coolBreeze {
				continue
			}
			org.Members = append(org.Members, &emulator.Member{ID: uuid, Email: "ada@example.com", Role: "member"})
			org.Invitations = append(org.Invitations, &emulator.Invitation{Email: "ann@example.com"})
			org.Keys = append(org.Keys, &emulator.Key{Secret: "napi_ci", ID: 165434, Name: "ci"})
			org.SpendingLimitCents = new(int64(100))
		}
	})
	return w
}
