package faults

import (
	"fmt"
	"strconv"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// Addresses in the scenarios, and the project that they are about.
const (
	Guest  = "neon_project_permission.guest"
	OrgKey = "neon_org_api_key.ci"
	Budget = "neon_org_spending_limit.budget"

	river = "calm-river-12345678"
)

func permissionScenarios() []Scenario {
	share := func(email string) string {
		return Resource("neon_project_permission", "guest", fmt.Sprintf(`"project_id":%q,"email":%q`, river, email))
	}
	both := `{"resource":{"neon_project":{"app":{"name":"app"}},"neon_project_permission":{"guest":{"project_id":"${neon_project.app.id}","email":"` + stranger + `"}}}}`
	shared := func(w *World) {
		granted, err := neontest.Held(w.T, w.Client(PartnerAdmin), river).Grant(w.T.Context(), stranger)
		must(w, err)
		w.Vars["permission_id"] = granted.ID
	}
	revoked := func(w *World) {
		must(w, neontest.Held(w.T, w.Client(PartnerAdmin), river).Revoke(w.T.Context(), the(w).Permissions[0].ID))
	}
	deleted := func(w *World) { must(w, neontest.Held(w.T, w.Client(PartnerAdmin), river).Delete(w.T.Context())) }
	one := share(stranger)
	all := []Scenario{
		{Name: "share a project", Config: one},
		{Name: "refresh a guest", Before: []string{one}, Config: one, Command: Refresh},
		{Name: "share with somebody else", Before: []string{one}, Config: share(customer)},
		{Name: "share again what was ended outside", Before: []string{one}, Config: one, Meanwhile: revoked},
		{Name: "take a guest out of the configuration", Before: []string{one}, Config: `{}`},
		{Name: "end the sharing", Before: []string{one}, Config: one, Command: Destroy},
		{Name: "end the sharing that was ended outside", Before: []string{one}, Config: one, Command: Destroy, Meanwhile: revoked},
		{Name: "end the sharing of a deleted project", Before: []string{one}, Config: one, Command: Destroy, Meanwhile: deleted},
		{Name: "import a guest by id", Prepare: shared, Config: one, Command: Import, Address: Guest, ID: river + "/{permission_id}"},
		{Name: "import a guest by email", Prepare: shared, Config: one, Command: Import, Address: Guest, ID: river + "/" + stranger},
		{Name: "import a guest by identity", Prepare: shared, Config: one, Command: Import, Address: Guest, Identity: `{"project_id":"` + river + `","permission_id":"{permission_id}"}`},
	}
	for i := range all {
		all[i].Seed = existing(river, "app")
	}
	return append(all,
		Scenario{Name: "create a project and share it", Config: both},
		Scenario{Name: "destroy a project and its guest", Before: []string{both}, Config: both, Command: Destroy},
		Scenario{Name: "see that a shared project was claimed", Seed: existing(river, "app"), Before: []string{one}, Config: one, Command: Refresh, Meanwhile: claim},
	)
}

func orgKeyScenarios() []Scenario {
	key := func(name, more string) string {
		return Resource("neon_org_api_key", "ci", fmt.Sprintf(`"name":%q%s`, name, more))
	}
	made := func(w *World) {
		created, err := w.Client(PartnerAdmin).CreateOrgAPIKey(w.T.Context(), Acme, neon.APIKeyCreate{KeyName: "ci"})
		must(w, err)
		w.Vars["key_id"] = strconv.FormatInt(created.ID, 10)
	}
	revoked := func(w *World) {
		keys := organization(w.Emu.Snapshot(), Acme).Keys
		must(w, w.Client(PartnerAdmin).RevokeOrgAPIKey(w.T.Context(), Acme, keys[len(keys)-1].ID))
	}
	confined := key("ci", `,"project_id":"`+river+`"`)
	one := key("ci", "")
	return []Scenario{
		{Name: "create an API key", Config: one},
		{Name: "create an API key beside one of the same name", Prepare: made, Config: one},
		{Name: "create an API key of a project", Seed: existing(river, "app"), Config: confined},
		{Name: "refresh an API key", Before: []string{one}, Config: one, Command: Refresh},
		{Name: "replace an API key", Before: []string{one}, Config: key("other", "")},
		{Name: "create again an API key that was revoked", Before: []string{one}, Config: one, Meanwhile: revoked},
		{Name: "take an API key out of the configuration", Before: []string{one}, Config: `{}`},
		{Name: "revoke an API key", Before: []string{one}, Config: one, Command: Destroy},
		{Name: "revoke an API key that was revoked", Before: []string{one}, Config: one, Command: Destroy, Meanwhile: revoked},
		{Name: "import an API key", Prepare: made, Config: one, Command: Import, Address: OrgKey, ID: Acme + "/{key_id}"},
		{Name: "import an API key by identity", Prepare: made, Config: one, Command: Import, Address: OrgKey, Identity: `{"org_id":"` + Acme + `","key_id":"{key_id}"}`},
	}
}

func spendingLimitScenarios() []Scenario {
	limit := func(orgID string, cents int) string {
		return Resource("neon_org_spending_limit", "budget", fmt.Sprintf(`"org_id":%q,"spending_limit_cents":%d`, orgID, cents))
	}
	limited := func(seed *emulator.Seed) { seed.Organizations[0].SpendingLimitCents = new(int64(5000)) }
	outside := func(cents int64) func(*World) {
		return func(w *World) { must(w, w.Client(PartnerAdmin).SetSpendingLimit(w.T.Context(), Acme, cents)) }
	}
	cleared := func(w *World) { must(w, w.Client(PartnerAdmin).ClearSpendingLimit(w.T.Context(), Acme)) }
	one := limit(Acme, 5000)
	return []Scenario{
		{Name: "set a spending limit", Config: one},
		{Name: "set a spending limit in place of another", Seed: limited, Config: limit(Acme, 7000)},
		{Name: "refresh a spending limit", Before: []string{one}, Config: one, Command: Refresh},
		{Name: "change a spending limit", Before: []string{one}, Config: limit(Acme, 7000)},
		{Name: "mend a spending limit that was changed outside", Before: []string{one}, Config: one, Meanwhile: outside(1)},
		{Name: "set again a spending limit that was removed", Before: []string{one}, Config: one, Meanwhile: cleared},
		{Name: "limit the spending of another organization", Before: []string{one}, Config: limit(Labs, 5000)},
		{Name: "take a spending limit out of the configuration", Before: []string{one}, Config: `{}`},
		{Name: "remove a spending limit", Before: []string{one}, Config: one, Command: Destroy},
		{Name: "remove a spending limit that was removed", Before: []string{one}, Config: one, Command: Destroy, Meanwhile: cleared},
		{Name: "import a spending limit", Seed: limited, Config: one, Command: Import, Address: Budget, ID: Acme},
		{Name: "import a spending limit by identity", Seed: limited, Config: one, Command: Import, Address: Budget, Identity: `{"org_id":"` + Acme + `"}`},
	}
}
