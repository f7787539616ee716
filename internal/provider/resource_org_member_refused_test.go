package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const (
	adminSeat = `email = "admin@partner.test"`
	devSeat   = `email = "dev@partner.test"`
)

// The last admin stays: the plan says so, and names who the admins are.
func TestOrgMemberWhoIsTheLastAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seats := func(admin, dev string) string {
		return w.partner(memberBlock("me", adminSeat, fmt.Sprintf("role = %q", admin)) + memberBlock("ann", devSeat, fmt.Sprintf("role = %q", dev)))
	}
	w.run(
		resource.TestStep{
			// Also where the change comes by adoption, and though another becomes an admin by the same plan.
			Config: seats("member", "admin"), PlanOnly: true,
			ExpectError: diagnostic("Organization would be without an admin.*admin@partner.test is the only admin of organization " + acme),
		},
		resource.TestStep{Config: seats("admin", "member")},
		resource.TestStep{Config: seats("member", "admin"), PlanOnly: true, ExpectError: diagnostic("admin@partner.test is the only admin")},
		resource.TestStep{Config: w.partner(""), PlanOnly: true, ExpectError: diagnostic("admin@partner.test is the only admin")},
		resource.TestStep{Config: seats("admin", "admin"), Check: w.wantRequests(map[string]int{roleRoute: 1})},
		resource.TestStep{Config: seats("viewer", "viewer"), PlanOnly: true, ExpectError: diagnostic("demotes or removes all of them")},
		resource.TestStep{
			// The other admin goes between plan and apply, and the members can't be looked at before: Neon refuses, and that is explained.
			Config: seats("admin", "member"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{between(func() {
				w.givesRole("admin@partner.test", "member")()
				w.fault(emulator.Fault{Method: "GET", Path: "/organizations/*/members", Times: 1, Effect: emulator.FaultEffect{Status: 403}})()
			})}},
			ExpectError: diagnostic("Role not changed.*dev@partner.test is the only admin"),
		},
		resource.TestStep{
			PreConfig: func() {
				w.call(partnerOrgKey, "PATCH", "/organizations/"+acme+"/members/"+w.member("admin@partner.test").ID, `{"role":"admin"}`)
				w.emu.ClearRequests()
			},
			Config: seats("admin", "member"), Check: w.wantRequests(map[string]int{removeRoute: 0}),
		},
		// So that the test can clean up.
		resource.TestStep{Config: w.partner(memberBlock("me", adminSeat, `role = "admin"`, `on_destroy = "keep"`))},
	)
	w.wantRole("admin@partner.test", "admin")
}

// Two resources never get at one seat.
func TestOrgMemberWhoIsManagedTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.member("dev@partner.test")
	one := memberBlock("ann", devSeat, `role = "member"`)
	w.run(
		resource.TestStep{
			Config: w.partner(one + memberBlock("twin", fmt.Sprintf("user_id = %q", m.UserID), `role = "viewer"`)), PlanOnly: true,
			ExpectError: diagnostic(`Seat is managed twice.*dev@partner.test \(member ` + m.ID + `\)`),
		},
		resource.TestStep{
			Config: w.partner(memberBlock("ann", `email = "new@example.test"`, `role = "member"`, "invite = true") +
				memberBlock("twin", `email = "NEW@example.test"`, `role = "viewer"`, "invite = true")),
			PlanOnly: true, ExpectError: diagnostic(`Seat is managed twice.*(?i)new@example.test`),
		},
		resource.TestStep{
			// The address is known only when it is too late for the plan: the apply says it.
			Config: w.partner(`resource "terraform_data" "who" {
  input = "new@example.test"
}
` + memberBlock("ann", `email = terraform_data.who.output`, `role = "member"`, "invite = true") +
				memberBlock("twin", `email = upper(terraform_data.who.output)`, `role = "member"`, "invite = true")),
			ExpectError: diagnostic(`Seat is managed twice.*(?i)new@example.test`),
		},
		resource.TestStep{Config: w.partner(one)},
		resource.TestStep{
			Config: w.partner(one + memberBlock("twin", fmt.Sprintf("member_id = %q", m.ID), `role = "member"`)), PlanOnly: true,
			ExpectError: diagnostic("Seat is managed twice.*member " + m.ID),
		},
		resource.TestStep{
			Config: w.partner(strings.Replace(one, `"ann"`, `"renamed"`, 1)), PlanOnly: true,
			ExpectError: diagnostic("Seat is both destroyed and managed.*moved block"),
		},
		resource.TestStep{
			Config:           w.partner(strings.Replace(one, `"ann"`, `"renamed"`, 1) + "moved {\n  from = neon_org_member.ann\n  to   = neon_org_member.renamed\n}\n"),
			ConfigPlanChecks: planned("neon_org_member.renamed", plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			// Another person's seat in place of this one.
			Config:            w.partner(memberBlock("renamed", `email = "owner@customer.test"`, `role = "viewer"`, "invite = true")),
			ConfigPlanChecks:  planned("neon_org_member.renamed", plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{expectString("neon_org_member.renamed", "status", "active")},
		},
	)
	w.wantRole("dev@partner.test", "")
	w.wantRole("owner@customer.test", "")
}

// What a key of the organization can't do is said before anything is sent.
func TestOrgMemberWithOrganizationKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := func(blocks ...string) string { return w.config(partnerOrgKey, "", strings.Join(blocks, "")) }
	dev := func(role string) string { return memberBlock("ann", devSeat, fmt.Sprintf("role = %q", role)) }
	w.run(
		resource.TestStep{
			Config:   config(memberBlock("new", `email = "new@example.test"`, `role = "member"`, "invite = true")),
			PlanOnly: true, ExpectError: diagnostic("A personal API key is needed.*can't invite people"),
		},
		resource.TestStep{Config: config(dev("viewer")), ConfigStateChecks: []statecheck.StateCheck{expectString(annSeat, "org_id", acme)}},
		resource.TestStep{Config: config(), PlanOnly: true, ExpectError: diagnostic("A personal API key is needed.*can't remove members")},
		resource.TestStep{Config: w.partner(dev("viewer")), Check: w.wantRequests(map[string]int{removeRoute: 0, inviteRoute: 0})},
	)
}

func TestOrgMemberOfBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for block, want := range map[string]string{
		memberBlock("ann", `role = "member"`):                                                                                 "At least one of these attributes",
		memberBlock("ann", `email = "Ann <ann@example.test>"`, `role = "member"`):                                             "Invalid e-mail address",
		memberBlock("ann", devSeat, `role = "owner"`):                                                                         "role value must be one of",
		memberBlock("ann", devSeat):                                                                                           "role",
		memberBlock("ann", devSeat, `role = "member"`, `org_id = "acme"`):                                                     "Invalid organization id",
		memberBlock("ann", `user_id = "dev"`, `role = "member"`):                                                              "Invalid user id",
		memberBlock("ann", devSeat, `role = "member"`, `on_destroy = "delete"`):                                               "on_destroy value must be one of",
		memberBlock("ann", `user_id = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a02"`, `role = "member"`, "invite = true"):            "Only an e-mail address can be invited",
		"import {\n  to = neon_org_member.ann\n  id = \"" + acme + "\"\n}\n" + memberBlock("ann", devSeat, `role = "member"`): "not of the form org_id/email",
	} {
		w.run(resource.TestStep{Config: w.partner(block), PlanOnly: true, ExpectError: diagnostic(want)})
	}
	w.wantNoRequests()
	for block, want := range map[string]string{
		memberBlock("ann", `member_id = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a02"`, `role = "member"`):                                               "Not a member.*Correct the id",
		"import {\n  to = neon_org_member.ann\n  id = \"" + acme + "/nobody@example.test\"\n}\n" + memberBlock("ann", devSeat, `role = "member"`): "Member not found",
	} {
		w.run(resource.TestStep{Config: w.partner(block), ExpectError: diagnostic(want)})
	}
	w.run(resource.TestStep{Config: w.config(partnerAdmin, "", memberBlock("ann", devSeat, `role = "member"`)), PlanOnly: true, ExpectError: diagnostic("No organization")})
}

// A role that the organization does not have: a member is not half adopted.
func TestOrgMemberInARoleThatThereIsNot(t *testing.T) {
	t.Parallel()
	w := seededWorld(t, func(s *emulator.Seed) { s.Organizations[0].Roles = []string{"admin", "member"} })
	w.run(
		resource.TestStep{Config: w.partner(memberBlock("ann", devSeat, `role = "viewer"`)), ExpectError: diagnostic("Role not changed.*has the role member as before")},
		resource.TestStep{
			Config:           w.partner(memberBlock("ann", devSeat, `role = "member"`)),
			ConfigPlanChecks: planned(annSeat, plancheck.ResourceActionCreate), Check: w.wantRequests(map[string]int{removeRoute: 0}),
		},
	)
}

// Whatever is lost on the way, nobody is invited twice, and state says what is.
func TestOrgMemberSurvivesLostAnswers(t *testing.T) {
	t.Parallel()
	for _, drop := range []string{"before", "after"} {
		t.Run(drop, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, path := range []string{"/organizations/*/invitations", "/organizations/*/members/*"} {
				for _, method := range []string{"POST", "PATCH", "DELETE"} {
					w.fault(emulator.Fault{Method: method, Path: path, Times: 1, Effect: emulator.FaultEffect{Drop: drop}})()
				}
			}
			sent := map[string]int{"before": 2, "after": 1}[drop]
			seat := func(role string) string {
				return w.partner(memberBlock("ann", `email = "owner@customer.test"`, fmt.Sprintf("role = %q", role), "invite = true"))
			}
			w.run(
				resource.TestStep{Config: seat("member"), Check: w.wantRequests(map[string]int{inviteRoute: sent})},
				resource.TestStep{Config: seat("viewer"), Check: w.wantRequests(map[string]int{roleRoute: sent})},
				resource.TestStep{Config: w.partner(""), Check: w.wantRequests(map[string]int{removeRoute: sent})},
			)
			w.wantRole("owner@customer.test", "")
			if n := len(w.emu.Snapshot().Organizations[0].Invitations); n != 1 {
				t.Errorf("%d invitations were sent", n)
			}
		})
	}
}
