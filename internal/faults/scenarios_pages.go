package faults

import (
	"fmt"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// These are how many fit on one page or into one call, as Neon has it.
const (
	membersOnPage  = 500
	projectsOnPage = 400
)

// crowded is a world in which others fill the first page of Acme's members: its own
// two stand on the second one, for they joined last.
func crowded(seed *emulator.Seed) {
	joined := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)
	acme := &seed.Organizations[0]
	for i := range membersOnPage {
		email := fmt.Sprintf("member-%d@partner.test", i+1)
		seed.Users = append(seed.Users, emulator.User{Email: email})
		acme.Members = append(acme.Members, &emulator.Member{Email: email, Role: "viewer", JoinedAt: joined.Add(time.Duration(i) * time.Second)})
	}
}

// laden is a world with one project more in Acme than fit on a page.
func laden(seed *emulator.Seed) {
	for i := range projectsOnPage + 1 {
		existing(fmt.Sprintf("p-%d", i+1), fmt.Sprintf("project %d", i+1))(seed)
	}
	// A plan under which the other organization may have so many, too.
	for i := range seed.Organizations {
		seed.Organizations[i].Plan = "enterprise"
	}
}

// pageScenarios take more than one page, or more than one call.
func pageScenarios() []Scenario {
	member, viewer := seat(byEmail(dev), "member", ""), seat(byEmail(dev), "viewer", "")
	var ids []string
	for i := range projectsOnPage + 1 {
		ids = append(ids, fmt.Sprintf("%q", fmt.Sprintf("p-%d", i+1)))
	}
	transfer := Resource("neon_org_project_transfer", "moved", fmt.Sprintf(`"source_org_id":%q,"destination_org_id":%q,"project_ids":[%s]`, Acme, Labs, strings.Join(ids, ",")))
	return []Scenario{
		{Name: "adopt a member of the second page", Seed: crowded, Config: viewer},
		{Name: "refresh a member of the second page", Seed: crowded, Before: []string{member}, Config: member, Command: Refresh},
		{Name: "remove a member of the second page", Seed: crowded, Before: []string{member}, Config: member, Command: Destroy},
		{Name: "read two pages of members", Seed: crowded, Config: Data("neon_org_members", "it", ""), Command: Plan},
		{Name: "read two pages of projects", Seed: laden, Config: Data("neon_projects", "it", ""), Command: Plan},
		{Name: "query two pages of projects", Seed: laden, Command: Query, Of: "neon_project", Config: `{}`},
		{Name: "transfer more projects than one call takes", Seed: laden, Config: transfer},
		{Name: "refresh a transfer of two pages", Seed: laden, Before: []string{transfer}, Config: transfer, Command: Refresh},
	}
}
