package faults

import (
	"fmt"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// App is a project's address in the scenarios.
const App = "neon_project.app"

// operating is how long Neon works on in scenarios in which it does.
const operating = 3 * time.Second

func project(arguments string) string { return Resource("neon_project", "app", arguments) }

// the gives the one project there is.
func the(w *World) emulator.Project {
	w.T.Helper()
	for _, p := range w.Emu.Snapshot().Projects {
		if p.DeletedAt == nil {
			return p
		}
	}
	w.T.Fatal("there is no project")
	return emulator.Project{}
}

// must is for what is done behind the provider's back.
func must(w *World, err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// claim lets the customer take the project.
func claim(w *World) {
	w.T.Helper()
	p := the(w)
	request, err := neontest.Held(w.T, w.Client(PartnerAdmin), p.ID).Offer(w.T.Context(), 3600)
	must(w, err)
	_, err = w.Client(CustomerOwner).ClaimProject(w.T.Context(), p.ID, request.ID, Bloom)
	must(w, err)
}

// existing seeds a project in Acme that nobody manages yet.
func existing(id, name string) func(*emulator.Seed) {
	return func(seed *emulator.Seed) {
		seed.Projects = append(seed.Projects, emulator.Project{ID: id, Name: name, OrgID: Acme})
	}
}

func projectScenarios() []Scenario {
	simple, renamed := project(`"name":"app"`), project(`"name":"other"`)
	const settings = `"name":"app","history_retention_seconds":3600,"settings":{"quota":{"active_time_seconds":60},"allowed_ips":{"ips":["203.0.113.7"]}}`
	remove := func(w *World) { must(w, neontest.Held(w.T, w.Client(PartnerAdmin), the(w).ID).Delete(w.T.Context())) }
	return []Scenario{
		{Name: "create a project", Config: simple, OperationDelay: operating},
		{Name: "create a project beside one of the same name", Config: simple, Seed: existing("other-app-12345678", "app")},
		{Name: "create a project with settings", Config: project(settings)},
		{Name: "create a protected project", Config: project(`"name":"app","deletion_protection":true`), OperationDelay: operating},
		{Name: "read a project", Before: []string{simple}, Config: simple, Command: Plan},
		{Name: "refresh a project", Before: []string{simple}, Config: simple, Command: Refresh},
		{Name: "rename a project", Before: []string{simple}, Config: renamed, OperationDelay: operating},
		{Name: "change a project's settings", Before: []string{project(settings)}, Config: project(`"name":"app","history_retention_seconds":7200,"settings":{"quota":{"active_time_seconds":0},"allowed_ips":{"ips":[]}}`)},
		{Name: "mend what was changed outside", Before: []string{simple}, Config: simple, Meanwhile: func(w *World) {
			_, err := neontest.Held(w.T, w.Client(PartnerAdmin), the(w).ID).Update(w.T.Context(), neon.ProjectUpdate{Name: new("changed")})
			must(w, err)
		}},
		{Name: "replace a project", Before: []string{project(`"name":"app","pg_version":16`)}, Config: project(`"name":"app","pg_version":17`)},
		{Name: "destroy a project", Before: []string{simple}, Config: simple, Command: Destroy},
		{Name: "destroy a project that is busy", Before: []string{simple}, Config: simple, Command: Destroy, OperationDelay: time.Minute, Meanwhile: func(w *World) {
			_, err := neontest.Held(w.T, w.Client(PartnerAdmin), the(w).ID).Update(w.T.Context(), neon.ProjectUpdate{HistoryRetentionSeconds: new(int64(86400))})
			must(w, err)
		}},
		{Name: "take a project out of the configuration", Before: []string{simple}, Config: `{}`},
		{Name: "create again what was deleted outside", Before: []string{simple}, Config: simple, Meanwhile: remove},
		{Name: "destroy what was deleted outside", Before: []string{simple}, Config: simple, Command: Destroy, Meanwhile: remove},
		{Name: "see that a project was claimed", Before: []string{project(`"name":"app","claimable":true`)}, Config: project(`"name":"app","claimable":true`), Meanwhile: claim},
		{Name: "read a claimable project", Before: []string{project(`"name":"app","claimable":true`)}, Config: project(`"name":"app","claimable":true`), Command: Refresh},
		{Name: "destroy a claimed project", Before: []string{project(`"name":"app","claimable":true`)}, Config: project(`"name":"app","claimable":true`), Command: Destroy, Meanwhile: claim},
		{Name: "import a project", Seed: existing("calm-river-12345678", "app"), Config: simple, Command: Import, Address: App, ID: "calm-river-12345678"},
		{Name: "import a project by identity", Seed: existing("calm-river-12345678", "app"), Config: simple, Command: Import, Address: App, Identity: `{"project_id":"calm-river-12345678"}`},
	}
}

func projectMoveScenarios() []Scenario {
	at := func(orgID string) string { return project(fmt.Sprintf(`"name":"app","org_id":%q`, orgID)) }
	return []Scenario{
		{Name: "move a project", Before: []string{at(Acme)}, Config: at(Labs)},
		{Name: "move and rename a project", Before: []string{at(Acme)}, Config: project(fmt.Sprintf(`"name":"other","org_id":%q`, Labs)), OperationDelay: operating},
		{Name: "take back a project that was moved outside", Before: []string{at(Acme)}, Config: at(Acme), Meanwhile: func(w *World) {
			must(w, w.Client(PartnerAdmin).TransferToOrganization(w.T.Context(), Acme, Labs, []string{the(w).ID}))
		}},
		{Name: "import a project and move it", Seed: existing("calm-river-12345678", "app"), Before: []string{`{}`}, Config: at(Labs), Command: Import, Address: App, ID: "calm-river-12345678"},
	}
}
