package provider

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// Five hundred members and as many invitations cost a handful of requests. The
// state is written by the test, as applying so many takes the CLI a minute.
func TestOrgPeopleOfABigOrganization(t *testing.T) {
	t.Parallel()
	const n = 500
	w := seededWorld(t, func(s *emulator.Seed) {
		org := &s.Organizations[0]
		for i := range n {
			member, invited := fmt.Sprintf("member%d@example.test", i), fmt.Sprintf("invited%d@example.test", i)
			s.Users = append(s.Users, emulator.User{Email: member})
			org.Members = append(org.Members, &emulator.Member{Email: member, Role: "member"})
			org.Invitations = append(org.Invitations, &emulator.Invitation{Email: invited})
		}
	})
	c := w.cli(map[string]string{
		"main.tf": w.partner(fmt.Sprintf(`
resource "neon_org_member" "team" {
  count = %d
  email = "member${count.index}@example.test"
  role  = "member"
}

resource "neon_org_invitation" "team" {
  count = %[1]d
  email = "invited${count.index}@example.test"
}`, n)),
		"terraform.tfstate": peopleState(t, w.emu.Snapshot().Organizations[0]),
	})
	c.wantEmptyPlan()
	got := w.requests()
	if got[membersRoute] != 2 || got["GET /organizations/{org_id}/invitations"] != 1 || len(w.emu.Requests()) != 3 {
		t.Errorf("a plan sent %v", got)
	}
}

// peopleState is a state that has those members who are no admins, and all
// invitations.
func peopleState(t *testing.T, org emulator.Organization) string {
	t.Helper()
	var members, invitations [][]byte
	attributes := func(list [][]byte, values map[string]any) [][]byte {
		encoded, err := json.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		return append(list, encoded)
	}
	for _, m := range org.Members {
		if m.Email == "admin@partner.test" || m.Email == "dev@partner.test" {
			continue
		}
		members = attributes(members, map[string]any{
			"org_id": org.ID, "email": m.Email, "user_id": m.UserID, "member_id": m.ID, "role": m.Role, "invite": false,
			"on_destroy": "remove", "status": "active", "joined_at": m.JoinedAt,
		})
	}
	for _, i := range org.Invitations {
		invitations = attributes(invitations, map[string]any{
			"id": i.ID, "org_id": org.ID, "email": i.Email, "role": i.Role, "invited_by": i.InvitedBy, "invited_at": i.InvitedAt, "status": "pending",
		})
	}
	one := func(resourceType string, instances [][]byte) string {
		as := strings.NewReplacer(`"neon_project"`, fmt.Sprintf("%q", resourceType), `"old"`, `"team"`, "kislerdm/", "neon-orgs/")
		return as.Replace(stateFile(t, 0, instances...))
	}
	// The resources of both states in one.
	before, resources, _ := strings.Cut(one("neon_org_member", members), `"resources":[`)
	_, others, _ := strings.Cut(one("neon_org_invitation", invitations), `"resources":[`)
	end := strings.LastIndex(others, "]")
	return before + `"resources":[` + others[:end] + "," + resources
}
