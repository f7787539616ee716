//go:build unix

package processes

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/faults"
)

// flow is an apply that is broken off at every request.
type flow struct {
	faults.Scenario
	// mayLose are the routes whose work the CLI can't know of when the answer is lost.
	mayLose []string
	// left are the ids of what exists and is in no state.
	left func(*desk) []string
	// imports gives the address of what is refused when it is there already, and has
	// to be imported; empty for other ids.
	imports func(id string) string
	// wrong says what is not as it should be at the end, when so much was left.
	wrong func(d *desk, left int) string
}

func flows() []flow { return []flow{claimFlow(), peopleFlow()} }

// claimFlow is the main job. A project of which no state knows is another's, as
// far as the CLI can tell, so the plan names it and makes a new one.
func claimFlow() flow {
	return flow{
		Scenario: faults.ClaimFlow(),
		// The CLI gets to know of the project when Neon is done with it.
		mayLose: []string{"POST /projects", "GET /projects/{project_id}/operations"},
		left: func(d *desk) []string {
			existing, known := d.projects()
			return missing(existing, known)
		},
		imports: func(string) string { return "" },
		wrong: func(d *desk, _ int) string {
			if _, known := d.projects(); len(known) != 1 {
				return fmt.Sprintf("in state are the projects %v, want one", known)
			}
			return ""
		},
	}
}

const (
	shop  = "shop-project-12345678"
	guest = "neon_project_permission.hal"
)

// peopleFlow is an organization as code: a member who gets another role, somebody
// who is invited as a member, an invitation, a guest, a key and a spending limit.
func peopleFlow() flow {
	return flow{
		Scenario: faults.Scenario{
			Name: "people, a key and a limit",
			Seed: func(seed *emulator.Seed) {
				seed.Users = append(seed.Users, emulator.User{Email: "ann@people.test"})
				seed.Projects = append(seed.Projects, emulator.Project{ID: shop, Name: "shop", OrgID: faults.Acme})
				org := &seed.Organizations[0]
				org.Members = append(org.Members, &emulator.Member{Email: "ann@people.test", Role: "member"})
			},
			Config: `{"resource":{
				"neon_org_member":{
					"ann":{"email":"ann@people.test","role":"admin"},
					"new":{"email":"new@people.test","role":"member","invite":true}},
				"neon_org_invitation":{"eve":{"email":"eve@people.test","role":"member"}},
				"neon_project_permission":{"hal":{"project_id":"` + shop + `","email":"hal@agency.test"}},
				"neon_org_api_key":{"ci":{"name":"ci"}},
				"neon_org_spending_limit":{"monthly":{"spending_limit_cents":25000}}}}`,
		},
		// Of a key nobody can get the secret again; a guest may have been let in by
		// somebody else. Members and invitations are adopted.
		mayLose: []string{"POST /organizations/{org_id}/api_keys", "POST /projects/{project_id}/permissions"},
		left: func(d *desk) []string {
			known := d.ids("neon_org_api_key", "neon_project_permission")
			var left []string
			for _, key := range keysNamedCI(d) {
				if id := strconv.FormatInt(key.ID, 10); !slices.Contains(known, id) {
					left = append(left, id)
				}
			}
			for _, permission := range project(d, shop).Permissions {
				if !slices.Contains(known, permission.ID) {
					left = append(left, shop+"/"+permission.ID)
				}
			}
			return left
		},
		imports: func(id string) string {
			if strings.HasPrefix(id, shop+"/") {
				return guest
			}
			return ""
		},
		wrong: func(d *desk, left int) string {
			org := d.Emu.Snapshot().Organizations[0]
			got := []string{fmt.Sprintf("%d guest", len(project(d, shop).Permissions))}
			if limit := org.SpendingLimitCents; limit != nil {
				got = append(got, fmt.Sprintf("a limit of %d", *limit))
			}
			for _, m := range org.Members {
				if m.Email == "ann@people.test" {
					got = append(got, "Ann as "+m.Role)
				}
			}
			for _, i := range org.Invitations {
				got = append(got, i.Email+" invited as "+i.Role)
			}
			if keys := len(keysNamedCI(d)); keys != 1+left {
				return fmt.Sprintf("%d keys, want one and the %d that were left", keys, left)
			}
			slices.Sort(got)
			want := []string{"1 guest", "Ann as admin", "a limit of 25000", "eve@people.test invited as member", "new@people.test invited as member"}
			if slices.Equal(got, want) {
				return ""
			}
			return "the organization has " + strings.Join(got, ", ")
		},
	}
}

func keysNamedCI(d *desk) []*emulator.Key {
	return slices.DeleteFunc(d.Emu.Snapshot().Organizations[0].Keys, func(k *emulator.Key) bool { return k.Name != "ci" })
}

func project(d *desk, id string) emulator.Project {
	d.T.Helper()
	for _, p := range d.Emu.Snapshot().Projects {
		if p.ID == id {
			return p
		}
	}
	d.T.Fatalf("there is no project %s", id)
	return emulator.Project{}
}
