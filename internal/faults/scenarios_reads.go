package faults

import (
	"fmt"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// inUse is a world with two projects that are in use, one of them shared, with
// somebody who is invited.
func inUse(seed *emulator.Seed) {
	since := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)
	seed.Projects = append(seed.Projects,
		emulator.Project{ID: river, Name: "app", OrgID: Acme, CreatedAt: since, Permissions: []*emulator.Permission{{Email: customer}}},
		emulator.Project{ID: "cool-breeze-12345678", Name: "shop", OrgID: Acme, CreatedAt: since},
	)
	seed.Organizations[0].Invitations = []*emulator.Invitation{{Email: stranger}}
}

// dataSourceScenarios read, and have nothing to change.
func dataSourceScenarios() []Scenario {
	of := func(name, typeName, arguments string) Scenario {
		return Scenario{Name: name, Seed: inUse, Config: Data(typeName, "it", arguments), Command: Plan}
	}
	inProject := fmt.Sprintf(`"project_id":%q`, river)
	deleted := of("list deleted projects", "neon_projects", `"recoverable":true`)
	deleted.Prepare = func(w *World) { must(w, neontest.Held(w.T, w.Client(PartnerAdmin), river).Delete(w.T.Context())) }
	return []Scenario{
		of("read an organization", "neon_organization", fmt.Sprintf(`"id":%q`, Acme)),
		of("read all organizations", "neon_organizations", ""),
		of("read the members", "neon_org_members", ""),
		of("read the invitations", "neon_org_invitations", ""),
		of("read a project's data", "neon_project", fmt.Sprintf(`"id":%q`, river)),
		of("list projects", "neon_projects", ""),
		deleted,
		of("read the guests of a project", "neon_project_permissions", inProject),
		of("read whose key it is", "neon_current_user", ""),
		of("read a connection string", "neon_connection_uri", inProject+`,"database_name":"neondb","role_name":"neondb_owner"`),
	}
}

func consumptionScenarios() []Scenario {
	const days = `"period":"3d"` // up to last midnight, so that it doesn't matter when exactly it is read
	of := func(name, typeName, arguments string, mayDiffer bool) Scenario {
		return Scenario{Name: name, Seed: inUse, Config: Data(typeName, "it", arguments), Command: Plan, MayDiffer: mayDiffer}
	}
	ids := fmt.Sprintf(`"project_ids":[%q]`, river)
	return []Scenario{
		of("read what projects consumed", "neon_project_consumption", days, false),
		of("read what a project consumed", "neon_project_consumption", days+","+ids, false),
		of("read what branches consumed", "neon_branch_consumption", days+","+ids, false),
		// Neon may have withdrawn the totals, so that they are summed up, and say so.
		of("read what an organization consumed", "neon_account_consumption", days, true),
		of("read what was consumed so far", "neon_billing_period_consumption", "", true),
		of("read what a project consumed so far", "neon_billing_period_consumption", ids, true),
	}
}

func ephemeralScenarios() []Scenario {
	uri := fmt.Sprintf(`{"project_id":%q,"database_name":"neondb","role_name":"neondb_owner"}`, river)
	// An earlier run was killed, and its key is past its time.
	leftover := func(w *World) {
		name := ephemeralPrefix + "-20251231T000000Z-abcdefgh"
		_, err := w.Client(PartnerAdmin).CreateOrgAPIKey(w.T.Context(), Acme, neon.APIKeyCreate{KeyName: name})
		must(w, err)
	}
	return []Scenario{
		{Name: "open a connection string", Seed: inUse, Command: Open, Of: "neon_connection_uri", Config: uri},
		{Name: "open an API key for a run", Command: Open, Of: "neon_org_api_key", Config: `{}`, MayDiffer: true},
		{Name: "open an API key of a project for a run", Seed: inUse, Command: Open, Of: "neon_org_api_key", Config: fmt.Sprintf(`{"project_id":%q}`, river), MayDiffer: true},
		{Name: "open an API key where a run left one", Prepare: leftover, Command: Open, Of: "neon_org_api_key", Config: `{}`, MayDiffer: true},
	}
}

func actionScenarios() []Scenario {
	moved := fmt.Sprintf(`{"source_org_id":%q,"destination_org_id":%q,"project_ids":["p-1","p-2","p-3"]}`, Acme, Labs)
	back := fmt.Sprintf(`{"project_id":%q}`, river)
	deleted := func(w *World) { must(w, neontest.Held(w.T, w.Client(PartnerAdmin), river).Delete(w.T.Context())) }
	return []Scenario{
		{Name: "transfer projects once", Seed: consolidated, Command: Invoke, Of: "neon_transfer_projects", Config: moved},
		{Name: "transfer once what has been in part", Seed: consolidated, Command: Invoke, Of: "neon_transfer_projects", Config: moved, Prepare: func(w *World) {
			must(w, w.Client(PartnerAdmin).TransferToOrganization(w.T.Context(), Acme, Labs, []string{"p-2"}))
		}},
		{Name: "recover a project", Seed: existing(river, "app"), Prepare: deleted, OperationDelay: operating, Command: Invoke, Of: "neon_recover_project", Config: back},
		{Name: "recover a project that is there", Seed: existing(river, "app"), Command: Invoke, Of: "neon_recover_project", Config: back},
	}
}

func listScenarios() []Scenario {
	of := func(name, typeName, arguments string) Scenario {
		return Scenario{Name: name, Seed: inUse, Command: Query, Of: typeName, Config: arguments}
	}
	return []Scenario{
		of("query projects", "neon_project", `{}`),
		of("query members", "neon_org_member", `{}`),
		of("query invitations", "neon_org_invitation", `{}`),
		of("query guests", "neon_project_permission", fmt.Sprintf(`{"project_id":%q}`, river)),
		of("query API keys", "neon_org_api_key", `{}`),
	}
}
