package faults

import (
	"fmt"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// offered is a project and an offer of it.
func offered(projectArguments, requestArguments string) string {
	return fmt.Sprintf(`{"resource":{"neon_project":{"app":{"name":"app","claimable":true%s}},`+
		`"neon_project_transfer_request":{"app":{"project_id":"${neon_project.app.id}"%s}}}}`, projectArguments, requestArguments)
}

// ClaimFlow is the main job: a project is created and offered to a customer.
func ClaimFlow() Scenario {
	return Scenario{Name: "create a project and offer it", Config: offered("", ""), OperationDelay: operating}
}

func transferRequestScenarios() []Scenario {
	both := offered("", "")
	day := func(w *World) { must(w, w.Emu.Advance(25*time.Hour)) }
	return []Scenario{
		ClaimFlow(),
		{Name: "offer a project", Before: []string{project(`"name":"app","claimable":true`)}, Config: both},
		{Name: "refresh an offer", Before: []string{both}, Config: both, Command: Refresh},
		{Name: "change where an offer leads", Before: []string{both}, Config: offered("", `,"redirect_url":"https://shop.example/welcome"`)},
		{Name: "offer for longer", Before: []string{both}, Config: offered("", `,"ttl_seconds":604800`)},
		{Name: "see that an offer was claimed", Before: []string{both}, Config: both, Meanwhile: claim},
		{Name: "renew an offer that expired", Before: []string{offered("", `,"ttl_seconds":1`)}, Config: offered("", `,"ttl_seconds":1000`), Meanwhile: day},
		{Name: "withdraw an offer", Before: []string{both}, Config: project(`"name":"app","claimable":true`)},
		{Name: "destroy a project and its offer", Before: []string{both}, Config: both, Command: Destroy},
		{Name: "replace a project and its offer", Before: []string{offered(`,"pg_version":16`, "")}, Config: offered(`,"pg_version":17`, "")},
	}
}

// offer lets the partner offer the project.
func offer(w *World) {
	w.T.Helper()
	request, err := neontest.Held(w.T, w.Client(PartnerAdmin), the(w).ID).Offer(w.T.Context(), 3600)
	must(w, err)
	w.Vars["request_id"], w.Vars["project_id"] = request.ID, request.ProjectID
}

func acceptanceScenarios() []Scenario {
	byIDs := Resource("neon_project_transfer_acceptance", "app", `"project_id":"{project_id}","transfer_request_id":"{request_id}"`)
	byURL := Resource("neon_project_transfer_acceptance", "app", `"claim_url":"https://console.neon.tech/app/claim?p={project_id}&tr={request_id}"`)
	customer := Scenario{Key: CustomerOwner, OrgID: Bloom, Seed: existing("calm-river-12345678", "app"), Prepare: offer}
	with := func(name, command string, config string, before ...string) Scenario {
		s := customer
		s.Name, s.Command, s.Config, s.Before = name, command, config, before
		return s
	}
	return []Scenario{
		with("accept a project", Apply, byIDs),
		with("accept a project by its claim URL", Apply, byURL),
		with("refresh an acceptance", Refresh, byIDs, byIDs),
		with("forget an acceptance", Destroy, byIDs, byIDs),
	}
}

// studio is a third organization of the partner's.
const studio = "org-partner-studio-10000003"

// consolidated is a world with three projects in Acme and a third organization.
func consolidated(seed *emulator.Seed) {
	seed.Organizations = append(seed.Organizations, emulator.Organization{
		ID: studio, Name: "Studio", Plan: "scale", Members: []*emulator.Member{{Email: "admin@partner.test", Role: "admin"}},
	})
	for i := range 3 {
		existing(fmt.Sprintf("p-%d", i+1), fmt.Sprintf("project %d", i+1))(seed)
	}
}

func orgTransferScenarios() []Scenario {
	to := func(destination, ids, more string) string {
		return Resource("neon_org_project_transfer", "moved", fmt.Sprintf(`"source_org_id":%q,"destination_org_id":%q,"project_ids":[%s]%s`, Acme, destination, ids, more))
	}
	const two, three = `"p-1","p-2"`, `"p-1","p-2","p-3"`
	const back = `,"transfer_back_on_destroy":true`
	return []Scenario{
		{Name: "transfer projects", Seed: consolidated, Config: to(Labs, three, "")},
		{Name: "transfer one more project", Seed: consolidated, Before: []string{to(Labs, two, "")}, Config: to(Labs, three, "")},
		{Name: "refresh a transfer", Seed: consolidated, Before: []string{to(Labs, three, "")}, Config: to(Labs, three, ""), Command: Refresh},
		{Name: "transfer on to another organization", Seed: consolidated, Before: []string{to(Labs, three, "")}, Config: to(studio, three, "")},
		{Name: "transfer again what has left", Seed: consolidated, Before: []string{to(Labs, three, "")}, Config: to(Labs, three, ""), Meanwhile: func(w *World) {
			must(w, w.Client(PartnerAdmin).TransferToOrganization(w.T.Context(), Labs, Acme, []string{"p-2"}))
		}},
		{Name: "forget a transfer", Seed: consolidated, Before: []string{to(Labs, two, "")}, Config: to(Labs, two, ""), Command: Destroy},
		{Name: "transfer back", Seed: consolidated, Before: []string{to(Labs, three, back)}, Config: to(Labs, three, back), Command: Destroy},
	}
}
