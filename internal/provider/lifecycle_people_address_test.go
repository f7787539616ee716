package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// TestAccMemberWithANewAddressKeepsTheSeat: a member changes their address at Neon.
func TestAccMemberWithANewAddressKeepsTheSeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.member("dev@partner.test").ID
	seat := func(name string) string {
		return w.partner(memberBlock("ann", name, `role = "member"`, "invite = true"))
	}
	byOld, byNew := seat(devSeat), seat(`email = "dev.new@partner.test"`)
	byID := w.partner(memberBlock("ann", fmt.Sprintf("member_id = %q", id), `role = "member"`))
	c := w.cli(map[string]string{"main.tf": byOld})
	c.must("apply", "-auto-approve")
	w.movesTo("dev@partner.test", "dev.new@partner.test")
	w.emu.ClearRequests()

	for range 2 { // also when the state has the new address
		out, code := c.run("plan", "-detailed-exitcode")
		c.said(out, "Member is named by a former e-mail address", "dev@partner.test was the address of member "+id, `email = "dev.new@partner.test"`, `member_id = "`+id+`"`)
		if code != 0 {
			t.Errorf("the plan has changes: %s", out)
		}
		c.must("apply", "-auto-approve")
	}
	if n := w.requests()["GET /organizations/{org_id}/members"]; n != 4 {
		t.Errorf("two plans and two applies read the members %d times, want once each", n)
	}
	// By force the old address would be invited.
	c.mustFail([]string{"E-mail address is a member's former one", `email = "dev.new@partner.test"`}, "apply", "-auto-approve", "-replace="+annSeat)
	c.must("taint", annSeat)
	c.mustFail([]string{"E-mail address is a member's former one"}, "apply", "-auto-approve")
	c.must("untaint", annSeat)
	for _, config := range []string{byNew, byID, byNew} {
		c.write("main.tf", config)
		c.must("apply", "-auto-approve")
		c.wantEmptyPlan()
	}
	w.wantWrites(nothing)
	c.write("main.tf", seat(strings.Replace(`email = "dev.new@partner.test"`, ".new", ".NEW", 1)))
	c.must("apply", "-auto-approve", "-replace="+annSeat)
	w.wantWrites(nothing)
	w.wantRole("dev.new@partner.test", "member")
}

// Without a refresh the state has the old address, whichever the configuration has.
func TestAccMemberWithANewAddressWithoutARefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seat := func(email, role string) string {
		return w.partner(memberBlock("ann", fmt.Sprintf("email = %q", email), fmt.Sprintf("role = %q", role), "invite = true"))
	}
	c := w.cli(map[string]string{"main.tf": seat("dev@partner.test", "member")})
	c.must("apply", "-auto-approve")
	w.movesTo("dev@partner.test", "dev.new@partner.test")
	c.mustFail([]string{"E-mail address is a member's former one"}, "apply", "-auto-approve", "-refresh=false", "-replace="+annSeat)
	c.must("taint", annSeat)
	c.mustFail([]string{"Member has another e-mail address", "dev.new@partner.test now", "Plan again"}, "apply", "-auto-approve", "-refresh=false")
	w.wantWrites(nothing)
	c.write("main.tf", seat("dev.new@partner.test", "viewer"))
	c.must("apply", "-auto-approve", "-refresh=false")
	w.wantWrites(map[string]int{roleRoute: 1})
	c.wantEmptyPlan()
	w.movesTo("dev.new@partner.test", "dev.newer@partner.test")
	c.write("main.tf", seat("dev.newer@partner.test", "viewer"))
	c.must("apply", "-auto-approve", "-refresh=false")
	w.wantWrites(nothing)
	c.wantEmptyPlan()
}

// In a map of people the address is the key, so that the resource has another
// address of its own, too.
func TestAccMemberWithANewAddressInAMap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	team := func(email, more string) string {
		return w.partner(fmt.Sprintf(`
resource "neon_org_member" "team" {
  for_each = { %q = "member" }
  email    = each.key
  role     = each.value
  invite   = true
}
`, email) + more)
	}
	c := w.cli(map[string]string{"main.tf": team("dev@partner.test", "")})
	c.must("apply", "-auto-approve")
	w.movesTo("dev@partner.test", "dev.new@partner.test")
	w.emu.ClearRequests()
	c.said(c.must("plan"), "Member is named by a former e-mail address", "No changes")
	c.write("main.tf", team("dev.new@partner.test", ""))
	c.mustFail([]string{"Seat is both destroyed and managed", "moved block"}, "plan")
	c.write("main.tf", team("dev.new@partner.test", "moved {\n  from = neon_org_member.team[\"dev@partner.test\"]\n  to   = neon_org_member.team[\"dev.new@partner.test\"]\n}\n"))
	c.must("apply", "-auto-approve")
	c.wantEmptyPlan()
	w.wantWrites(nothing)
}

// The old address of somebody who changed it goes to nobody else's resource, whichever
// of the two is planned first.
func TestAccFormerAddressIsRefusedToAnotherResource(t *testing.T) {
	t.Parallel()
	for _, onDestroy := range []string{"keep", "demote"} {
		t.Run(onDestroy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.cli(map[string]string{"main.tf": w.partner(memberBlock("ann", devSeat, `role = "member"`, fmt.Sprintf("on_destroy = %q", onDestroy)))})
			c.must("apply", "-auto-approve")
			w.movesTo("dev@partner.test", "dev.new@partner.test")
			w.emu.ClearRequests()
			c.write("main.tf", w.partner(invitationBlock(devSeat)))
			for range 3 { // the CLI plans the two in no order
				c.mustFail([]string{"E-mail address is a member's former one", "dev.new@partner.test"}, "plan")
			}
			w.wantWrites(nothing)
			c.write("main.tf", w.partner(invitationBlock(`email = "dev.new@partner.test"`)))
			c.must("apply", "-auto-approve")
			c.wantEmptyPlan()
			w.wantWrites(nothing)
		})
	}
}

// Somebody else who has the old address now is invited by hand.
func TestAccFormerAddressOfWhoIsInvitedByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(memberBlock("ann", devSeat, `role = "member"`))})
	c.must("apply", "-auto-approve")
	w.movesTo("dev@partner.test", "dev.new@partner.test")
	moved := memberBlock("ann", `email = "dev.new@partner.test"`, `role = "member"`)
	c.write("main.tf", w.partner(moved))
	c.must("apply", "-auto-approve")
	for _, other := range []string{memberBlock("other", devSeat, `role = "member"`, "invite = true"), invitationBlock(devSeat)} {
		c.write("main.tf", w.partner(moved+other))
		c.mustFail([]string{"E-mail address is a member's former one", "invite them in the Neon Console"}, "plan")
	}
	w.advance(time.Minute)
	w.call(partnerAdmin, "POST", "/organizations/"+acme+"/invitations", `{"invitations":[{"email":"dev@partner.test","role":"member"}]}`)
	w.emu.ClearRequests()
	c.must("apply", "-auto-approve")
	c.wantEmptyPlan()
	w.wantWrites(nothing)
}

// The address changes after the plan of a forced replacement was made.
func TestAccMemberWithANewAddressSinceThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(memberBlock("ann", devSeat, `role = "member"`, "invite = true"))})
	c.must("apply", "-auto-approve")
	c.must("plan", "-out=saved", "-replace="+annSeat)
	w.movesTo("dev@partner.test", "dev.new@partner.test")
	c.mustFail([]string{"Member has another e-mail address", "Plan again"}, "apply", "saved")
	c.said(c.must("apply", "-auto-approve"), "Member is named by a former e-mail address")
	c.wantEmptyPlan()
	w.wantWrites(nothing)
}

// A former address that is somebody else's by now means them.
func TestAccFormerAddressThatSomebodyElseHas(t *testing.T) {
	t.Parallel()
	invite := func(w *world) {
		w.call(partnerAdmin, "POST", "/organizations/"+acme+"/invitations", `{"invitations":[{"email":"dev@partner.test","role":"viewer"}]}`)
	}
	for name, test := range map[string]struct {
		before, after func(w *world)
		keeps         bool
	}{
		"another member":                     {after: func(w *world) { w.movesTo("owner@customer.test", "dev@partner.test") }},
		"an invitation of later":             {after: invite},
		"the invitation that they joined by": {before: func(w *world) { w.leaves("dev@partner.test")(); invite(w) }, after: func(*world) {}, keeps: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.call(partnerAdmin, "POST", "/organizations/"+acme+"/invitations", `{"invitations":[{"email":"owner@customer.test","role":"viewer"}]}`)
			if test.before != nil {
				test.before(w)
			}
			c := w.cli(map[string]string{"main.tf": w.partner(memberBlock("ann", devSeat, `role = "viewer"`))})
			c.must("apply", "-auto-approve")
			w.advance(time.Minute)
			w.movesTo("dev@partner.test", "dev.new@partner.test")
			test.after(w)
			w.emu.ClearRequests()
			out := c.must("plan")
			if test.keeps {
				c.said(out, "The seat stays theirs", "No changes")
				return
			}
			c.said(out, "E-mail address means somebody else now", `email = "dev.new@partner.test"`, "1 to add, 0 to change, 1 to destroy")
		})
	}
}

// Somebody who was invited and has joined changes their address: the old one is not
// invited.
func TestAccAcceptedInvitationOfSomebodyWithANewAddress(t *testing.T) {
	t.Parallel()
	for _, hidesAccepted := range []bool{false, true} {
		t.Run(fmt.Sprintf("accepted ones are hidden: %t", hidesAccepted), func(t *testing.T) {
			t.Parallel()
			w := seededWorld(t, func(s *emulator.Seed) { s.HideAcceptedInvitations = hidesAccepted })
			c := w.cli(map[string]string{"main.tf": w.partner(invitationBlock(`email = "ann@example.test"`))})
			c.must("apply", "-auto-approve")
			w.annJoins()
			c.must("apply", "-auto-approve", "-refresh-only")
			w.movesTo("ann@example.test", "ann.new@example.test")
			w.emu.ClearRequests()
			c.wantEmptyPlan()
			c.mustFail([]string{"E-mail address is a member's former one"}, "apply", "-auto-approve", "-replace="+annInvitation)
			c.must("taint", annInvitation)
			c.mustFail([]string{"E-mail address is a member's former one"}, "apply", "-auto-approve")
			c.must("untaint", annInvitation)
			w.wantWrites(nothing)
			w.leaves("ann.new@example.test")()
			c.said(c.must("plan"), "Invitation is gone")
		})
	}
}
