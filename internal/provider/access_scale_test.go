package provider

import (
	"fmt"
	"maps"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// However many guests and keys there are, a plan asks for each list once.
func TestTwoHundredGuestsAndKeysArePlannedByOneRequestEach(t *testing.T) {
	t.Parallel()
	const n = 200
	w := newWorld(t, func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Projects = []emulator.Project{{ID: guestShop, OrgID: acme}}
		for i := range n {
			seed.Projects[0].Permissions = append(seed.Projects[0].Permissions, &emulator.Permission{ID: permissionID(i), Email: fmt.Sprintf("guest%d@many.test", i)})
			seed.Organizations[0].Keys = append(seed.Organizations[0].Keys, &emulator.Key{Secret: fmt.Sprintf("napi_many_%d", i), ID: int64(5000 + i), Name: fmt.Sprintf("key-%d", i)})
		}
		o.Seed = &seed
	})
	config := w.partner(fmt.Sprintf(`
locals {
  all = { for i in range(%d) : format("%%012d", i) => i }
}

resource "neon_project_permission" "guest" {
  for_each   = local.all
  project_id = %q
  email      = "guest${each.value}@many.test"
}

resource "neon_org_api_key" "many" {
  for_each = local.all
  name     = "key-${each.value}"
}
`, n, guestShop))
	imports := fmt.Sprintf(`
import {
  for_each = local.all
  to       = neon_project_permission.guest[each.key]
  id       = "%s/3fa85f64-5717-4562-b3fc-${each.key}"
}

import {
  for_each = local.all
  to       = neon_org_api_key.many[each.key]
  id       = "%s/${5000 + each.value}"
}
`, guestShop, acme)
	c := w.cli(map[string]string{"main.tf": config, "imports.tf": imports})
	c.must("apply", "-auto-approve")
	c.write("imports.tf", "")
	w.emu.ClearRequests()
	out := c.must("plan", "-detailed-exitcode")
	got := w.requests()
	if want := map[string]int{guestsRoute: 1, listKeysRoute: 1}; !maps.Equal(got, want) {
		t.Errorf("a plan sent %v, want %v: %s", got, want, out)
	}
}

func permissionID(i int) string { return fmt.Sprintf("3fa85f64-5717-4562-b3fc-%012d", i) }
