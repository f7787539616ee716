package provider

import (
	"strings"
	"testing"
)

// TestModules runs the tests that the modules bring along as their user would: with
// the built provider, and the CLI's own `test` command.
func TestModules(t *testing.T) {
	t.Parallel()
	for module, summary := range map[string]string{
		"organization": "3 passed, 0 failed",
		"tenant":       "5 passed, 0 failed",
	} {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			newWorld(t).runModuleTests(filesOf(t, "modules", module), summary)
		})
	}
}

// A claim leaves the module's plans empty, guests included, and nothing is sent for
// what the customer has from then on.
func TestAccTenantModulePlansNothingAfterAClaim(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		files := map[string]string{}
		for name, content := range filesOf(t, "modules", "tenant") {
			files["tenant/"+name] = content
		}
		// The link and the guests need no organization of the provider's.
		config := w.config(partnerAdmin, "", `
module "tenant" {
  source = "./tenant"
  name   = "bloom"
  org_id = "`+acme+`"
  claim  = {}
  guests = ["support@partner.test", "friend@elsewhere.test"]
}

output "claimed" {
  value = module.tenant.claimed
}`)
		files["main.tf"] = config
		c := w.cli(files)
		c.must("apply", "-auto-approve")
		id := w.onlyProject().ID
		guests := w.guests(id)
		w.handOver(id, to)
		w.emu.ClearRequests()
		c.must("apply", "-auto-approve", "-refresh-only") // outputs follow
		for range 2 {
			c.must("plan", "-detailed-exitcode")
		}
		// One guest less is a matter of the state alone, and so is all the rest.
		c.write("main.tf", strings.Replace(config, `, "friend@elsewhere.test"`, "", 1))
		c.wantSaid([]string{"Guest stays on a project that changed hands"}, "apply", "-auto-approve")
		c.must("apply", "-destroy", "-auto-approve")
		for route, n := range w.requests() {
			if !strings.HasPrefix(route, "GET ") {
				t.Errorf("%s was called %d times", route, n)
			}
		}
		if got := w.guests(id); got != guests {
			t.Errorf("the guests are %q, and were %q", got, guests)
		}
		w.wantOwned(id, to.orgID)
	})
}
