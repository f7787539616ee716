package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAccForcedReplacementChangesNothingAtNeon replaces seats, an invitation and a
// spending limit by force, in all ways that there are.
func TestAccForcedReplacementChangesNothingAtNeon(t *testing.T) {
	t.Parallel()
	addresses := []string{
		"neon_org_member.me", "neon_org_member.dev", "neon_org_member.ann", "neon_org_invitation.ann", "neon_org_spending_limit.monthly",
	}
	for _, createFirst := range []bool{false, true} {
		t.Run(fmt.Sprintf("create_before_destroy=%t", createFirst), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := func(trigger string) string {
				lifecycle := fmt.Sprintf("lifecycle {\n    create_before_destroy = %t\n    replace_triggered_by = [terraform_data.trigger]\n  }", createFirst)
				return w.partner(fmt.Sprintf("resource \"terraform_data\" \"trigger\" {\n  input = %q\n}\n", trigger) +
					memberBlock("me", adminSeat, `role = "admin"`, lifecycle) +
					memberBlock("dev", devSeat, `role = "member"`, lifecycle) +
					memberBlock("ann", `email = "new@example.test"`, `role = "viewer"`, "invite = true", lifecycle) +
					invitationBlock(`email = "ann@example.test"`, lifecycle) +
					limitOf(cents(5000)+"\n  "+lifecycle))
			}
			c := w.cli(map[string]string{"main.tf": config("one")})
			c.must("apply", "-auto-approve")
			before := w.org()
			w.emu.ClearRequests()
			check := func(road, out string) {
				t.Helper()
				if diff := cmp.Diff(before, w.org()); diff != "" {
					t.Errorf("%s: the organization (-before +after):\n%s", road, diff)
				}
				w.wantWrites(map[string]int{setLimitRoute: 1})
				for address, n := range c.instances() {
					if n != 1 {
						t.Errorf("%s: %d instances of %s: %s", road, n, address, out)
					}
				}
				c.wantEmptyPlan()
				w.emu.ClearRequests()
			}
			var replace []string
			for _, address := range addresses {
				replace = append(replace, "-replace="+address)
			}
			out := c.must(append([]string{"apply", "-auto-approve"}, replace...)...)
			c.said(out, "Seat is kept", "dev@partner.test keeps the seat", "admin@partner.test keeps the seat", "5 added, 0 changed, 5 destroyed")
			check("-replace", out)
			check("-replace, -refresh=false", c.must(append([]string{"apply", "-auto-approve", "-refresh=false"}, replace...)...))
			c.must(append([]string{"plan", "-out=saved"}, replace...)...)
			check("a saved plan", c.must("apply", "saved"))
			for _, address := range addresses {
				c.must("taint", address)
			}
			check("taint", c.must("apply", "-auto-approve"))
			c.write("main.tf", config("two"))
			check("replace_triggered_by", c.must("apply", "-auto-approve"))
		})
	}
}

// A tainted resource is planned without what is in state, so that nobody was told
// whose seat would go.
func TestAccTaintedSeatOfAnotherPersonIsNotRemovedUnannounced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(memberBlock("ann", devSeat, `role = "member"`))})
	c.must("apply", "-auto-approve")
	c.must("taint", annSeat)
	c.write("main.tf", w.partner(memberBlock("ann", adminSeat, `role = "admin"`)))
	c.mustFail([]string{"Member not removed", "dev@partner.test", "untaint"}, "apply", "-auto-approve")
	w.wantWrites(nothing)
	w.wantRole("dev@partner.test", "member")
	c.must("untaint", annSeat)
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{removeRoute: 1})
	c.wantEmptyPlan()
}

// The seat of another person is taken first, and then the old one given up, after
// the same warnings and refusals.
func TestAccSeatOfAnotherPersonIsTakenBeforeTheOldOneGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seat := func(email string) string {
		return w.partner(memberBlock("ann", fmt.Sprintf("email = %q", email), `role = "admin"`, "invite = true", "lifecycle {\n    create_before_destroy = true\n  }"))
	}
	c := w.cli(map[string]string{"main.tf": seat("admin@partner.test")})
	c.must("apply", "-auto-approve")
	c.write("main.tf", seat("owner@customer.test"))
	c.mustFail([]string{"Organization would be without an admin", "admin@partner.test is the only admin"}, "plan")
	w.wantWrites(nothing)

	w.givesRole("dev@partner.test", "admin")()
	c.write("main.tf", strings.Replace(seat("owner@customer.test"), partnerAdmin, partnerDev, 1))
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{inviteRoute: 1, removeRoute: 1})
	w.wantRole("admin@partner.test", "")
	w.wantRole("owner@customer.test", "admin")
	if n := c.instances()[annSeat]; n != 1 {
		t.Errorf("%d instances", n)
	}
	c.wantEmptyPlan()
}

// An apply with create_before_destroy may end between the two. The next one must
// not remove whom the configuration keeps, and says how to go on.
func TestAccLeftoverOfAnInterruptedReplacement(t *testing.T) {
	t.Parallel()
	for address, config := range map[string]string{
		annSeat:       memberBlock("ann", devSeat, `role = "member"`),
		spendingLimit: limitOf(cents(5000)),
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.cli(map[string]string{"main.tf": w.partner(config)})
			c.must("apply", "-auto-approve")
			old := c.read("terraform.tfstate")
			c.must("apply", "-auto-approve", "-replace="+address)
			c.depose(address, old)
			before := w.org()
			w.emu.ClearRequests()

			c.mustFail([]string{"both destroyed and managed", "deposed object", "removed block with destroy = false"}, "plan")
			c.write("main.tf", w.partner(fmt.Sprintf("removed {\n  from = %s\n  lifecycle { destroy = false }\n}\n", address)))
			c.must("apply", "-auto-approve")
			w.wantWrites(nothing)
			c.write("main.tf", w.partner(config))
			c.must("apply", "-auto-approve")
			c.wantEmptyPlan()
			if diff := cmp.Diff(before, w.org()); diff != "" {
				t.Errorf("the organization (-before +after):\n%s", diff)
			}
			if n := c.instances()[address]; n != 1 {
				t.Errorf("%d instances", n)
			}
		})
	}
}

// What was left over of another person's seat, or another organization's limit, is
// to go, and goes.
func TestAccLeftoverOfAnotherPersonGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seat := func(email string) string {
		return w.partner(memberBlock("ann", fmt.Sprintf("email = %q", email), `role = "member"`, "invite = true"))
	}
	c := w.cli(map[string]string{"main.tf": seat("dev@partner.test")})
	c.must("apply", "-auto-approve")
	old := c.read("terraform.tfstate")
	c.write("main.tf", w.partner("removed {\n  from = neon_org_member.ann\n  lifecycle { destroy = false }\n}\n"))
	c.must("apply", "-auto-approve")
	c.write("main.tf", seat("owner@customer.test"))
	c.must("apply", "-auto-approve")
	c.depose(annSeat, old)
	w.emu.ClearRequests()
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{removeRoute: 1})
	w.wantRole("dev@partner.test", "")
	w.wantRole("owner@customer.test", "member")
	c.wantEmptyPlan()
}

// Who is meant may be known only after the apply: nobody loses a seat for that.
func TestAccPersonWhoIsNotKnownYetKeepsTheSeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seat := func(who, role string) string {
		return w.partner(fmt.Sprintf("resource \"terraform_data\" \"who\" {\n  input = %q\n}\n", who) +
			memberBlock("ann", "email = terraform_data.who.output", fmt.Sprintf("role = %q", role), "invite = true"))
	}
	c := w.cli(map[string]string{"main.tf": seat("dev@partner.test", "member")})
	c.must("apply", "-auto-approve")
	w.emu.ClearRequests()

	c.write("main.tf", seat("DEV@partner.test", "viewer"))
	c.said(c.must("apply", "-auto-approve"), "Member not known yet", "dev@partner.test")
	w.wantWrites(nothing)
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{roleRoute: 1})

	c.write("main.tf", seat("owner@customer.test", "viewer"))
	c.must("apply", "-auto-approve")
	w.wantWrites(nothing)
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{removeRoute: 1, inviteRoute: 1})

	// By force it can't be told apart from another person's.
	c.write("main.tf", seat("OWNER@customer.test", "viewer"))
	c.mustFail([]string{"Member not removed", "not known yet"}, "apply", "-auto-approve", "-replace="+annSeat)
	w.wantWrites(nothing)
	c.must("apply", "-auto-approve")
	c.wantEmptyPlan()
	w.wantWrites(nothing)
}

// Nobody gives up a seat for somebody who gets none.
func TestAccSeatIsNotGivenUpForNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(memberBlock("ann", devSeat, `role = "member"`))})
	c.must("apply", "-auto-approve")
	for _, who := range []string{`email = "nobody@example.test"`, `user_id = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0aff"`} {
		c.write("main.tf", w.partner(memberBlock("ann", who, `role = "member"`)))
		c.mustFail([]string{"Not a member"}, "plan")
	}
	w.wantWrites(nothing)
	w.wantRole("dev@partner.test", "member")
}

// A plan that was made with another key could not warn whoever applies it that the
// seat is theirs.
func TestAccOwnSeatIsNotRemovedByAnotherKeysPlan(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"remove", "demote"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.givesRole("dev@partner.test", "admin")()
			config := w.partner(memberBlock("ann", devSeat, `role = "admin"`, fmt.Sprintf("on_destroy = %q", how)))
			key := partnerAdmin
			w.getenv = func(name string) string { return map[string]string{"NEON_API_KEY": key}[name] }
			config = strings.Replace(config, fmt.Sprintf("api_key  = %q", partnerAdmin), "", 1)
			c := w.cli(map[string]string{"main.tf": config})
			c.must("apply", "-auto-approve")
			c.must("plan", "-destroy", "-out=saved")
			key = partnerDev
			c.mustFail([]string{"The API key is this member's own", "dev@partner.test", "another key"}, "apply", "saved")
			w.wantWrites(nothing)
			c.said(c.must("destroy", "-auto-approve"), "The API key is this member's own")
		})
	}
}

// Before a role is changed it is looked at: somebody may have given it meanwhile.
func TestAccRoleThatWasGivenMeanwhileIsNotSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seat := func(role string) string {
		return w.partner(memberBlock("ann", devSeat, fmt.Sprintf("role = %q", role), `on_destroy = "demote"`))
	}
	c := w.cli(map[string]string{"main.tf": seat("member")})
	c.must("apply", "-auto-approve")
	c.write("main.tf", seat("viewer"))
	c.must("plan", "-out=saved")
	w.givesRole("dev@partner.test", "viewer")()
	c.must("apply", "saved")
	w.wantWrites(nothing)
	c.wantEmptyPlan()
	c.must("plan", "-destroy", "-out=saved")
	w.givesRole("dev@partner.test", "member")()
	c.must("apply", "saved")
	w.wantWrites(nothing)
}

// A member whose neon_org_member becomes a neon_org_invitation would be removed
// and invited, in no order that anybody knows.
func TestAccMemberTurnedIntoAnInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(memberBlock("ann", devSeat, `role = "member"`))})
	c.must("apply", "-auto-approve")
	invitation := invitationBlock(`email = "DEV@partner.test"`)
	c.write("main.tf", w.partner(invitation))
	c.mustFail([]string{"Seat is both destroyed and managed", "neon_org_invitation", "removed block with destroy = false"}, "plan")
	w.wantWrites(nothing)
	c.write("main.tf", w.partner(invitation+"removed {\n  from = neon_org_member.ann\n  lifecycle { destroy = false }\n}\n"))
	c.must("apply", "-auto-approve")
	c.wantEmptyPlan()

	// Both together are fine, and so is the other way round, and to end both.
	member := memberBlock("ann", devSeat, `role = "viewer"`)
	c.write("main.tf", w.partner(invitation+member))
	c.must("apply", "-auto-approve")
	c.wantEmptyPlan()
	w.wantWrites(map[string]int{roleRoute: 1})
	c.write("main.tf", w.partner(invitation))
	c.mustFail([]string{"Seat is both destroyed and managed", "neon_org_invitation"}, "plan")
	c.write("main.tf", w.partner(member))
	c.must("apply", "-auto-approve")
	w.wantWrites(nothing)
	c.write("main.tf", w.partner(invitation+member))
	c.must("apply", "-auto-approve")
	c.write("main.tf", w.partner(""))
	c.must("apply", "-auto-approve")
	w.wantWrites(map[string]int{removeRoute: 1})
}
