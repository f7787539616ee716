package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// manyProjects is a world with n projects in Acme, big-project-1 and so on, and
// two organizations that may have any number.
func manyProjects(t *testing.T, n int) *world {
	t.Helper()
	seed := emulator.DefaultSeed()
	seed.Organizations[0].Plan, seed.Organizations[1].Plan = "enterprise", "enterprise"
	seed.Projects = []emulator.Project{{ID: "big-project-%d", OrgID: acme, Count: n}}
	return newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
}

// transferAll is configuration that transfers the first n of them, up to 1024.
func (w *world) transferAll(n int) string {
	return w.partner(fmt.Sprintf(`
resource "neon_org_project_transfer" "moved" {
  source_org_id      = %q
  destination_org_id = %q
  project_ids        = [for i in range(%d) : "big-project-${i + 1}"]
}`, acme, labs, n))
}

func TestOrgTransferOfAThousandProjects(t *testing.T) {
	t.Parallel()
	w := manyProjects(t, 1000)
	w.run(
		resource.TestStep{Config: w.transferAll(1000), Check: w.wantRequests(map[string]int{transferRoute: 3, "GET /auth": 1})},
		resource.TestStep{Config: w.transferAll(1000), ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{"GET /projects/{project_id}": 0})},
	)
}

// Ten thousand are tested without a CLI here; `make bench` has one.
func TestOrgTransferOfTenThousandProjects(t *testing.T) {
	t.Parallel()
	const n = 10_000
	w := manyProjects(t, n)
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("big-project-%d", i+1))
	}
	report := w.client(partnerAdmin).TransferProjects(t.Context(), neon.Transfer{Sources: []string{acme}, ToOrgID: labs, ProjectIDs: ids})
	if len(report.Moved) != n || len(strings.Fields(w.in(labs))) != n {
		t.Fatalf("%d are said to have moved, and %d have; %v", len(report.Moved), len(strings.Fields(w.in(labs))), report.Failures)
	}
	routes := map[string]int{}
	requests := w.emu.Requests()
	for _, r := range requests {
		routes[r.Route]++
	}
	if routes[transferRoute] != 25 || len(requests) > 60 {
		t.Errorf("%d requests, want 25 transfers and no more than 60 in all: %v", len(requests), routes)
	}
}
