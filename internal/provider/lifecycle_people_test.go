package provider

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const clearLimitRoute = "DELETE /organizations/{org_id}/billing/spending_limit"

// org gives Acme as it is at Neon.
func (w *world) org() emulator.Organization { return w.emu.Snapshot().Organizations[0] }

var nothing = map[string]int{}

// movesTo gives somebody another e-mail address at Neon.
func (w *world) movesTo(from, to string) {
	w.t.Helper()
	world := w.emu.Snapshot()
	for i, user := range world.Users {
		if strings.EqualFold(user.Email, from) {
			world.Users[i].Email = to
		}
	}
	for _, org := range world.Organizations {
		for _, m := range org.Members {
			if strings.EqualFold(m.Email, from) {
				m.Email = to
			}
		}
	}
	if err := w.emu.Restore(world); err != nil {
		w.t.Fatal(err)
	}
}

// said asserts that what a command printed has all this.
func (c *cli) said(out string, wants ...string) {
	c.t.Helper()
	for _, want := range wants {
		if !strings.Contains(out, want) {
			c.t.Errorf("%q is not said: %s", want, out)
		}
	}
}

// instances gives how many objects of each resource are in state, deposed ones
// included.
func (c *cli) instances() map[string]int {
	c.t.Helper()
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(c.read("terraform.tfstate")), &state); err != nil {
		c.t.Fatal(err)
	}
	counts := map[string]int{}
	for _, r := range state.Resources {
		counts[r.Type+"."+r.Name] = len(r.Instances)
	}
	return counts
}

// depose adds to the state what an apply leaves that ends after it has created the
// new one of two: the old one, with a private state of its own.
func (c *cli) depose(address, oldState string) {
	c.t.Helper()
	read := func(text string) map[string]any {
		var state map[string]any
		if err := json.Unmarshal([]byte(text), &state); err != nil {
			c.t.Fatal(err)
		}
		return state
	}
	instances := func(state map[string]any) (map[string]any, []any) {
		for _, r := range state["resources"].([]any) {
			r := r.(map[string]any)
			if fmt.Sprintf("%s.%s", r["type"], r["name"]) == address {
				return r, r["instances"].([]any)
			}
		}
		c.t.Fatalf("%s is not in state", address)
		return nil, nil
	}
	_, old := instances(read(oldState))
	old[0].(map[string]any)["deposed"] = "00000001"
	state := read(c.read("terraform.tfstate"))
	in, current := instances(state)
	in["instances"] = append(current, old[0])
	state["serial"] = state["serial"].(float64) + 1
	written, err := json.Marshal(state)
	if err != nil {
		c.t.Fatal(err)
	}
	c.write("terraform.tfstate", string(written))
}

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
			w.advance(60_000_000_000)
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

// An organization has one spending limit, whatever the configuration says.
func TestAccSpendingLimitThatIsManagedTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, another := limitOf(cents(5000)), strings.Replace(limitOf(cents(7000)), "monthly", "twin", 1)
	c := w.cli(map[string]string{"main.tf": w.partner(one + "\n" + another)})
	c.mustFail([]string{"Spending limit is managed twice", acme}, "plan")
	w.wantWrites(nothing)
	// Two that are written alike are told apart when they are created.
	alike := strings.Replace(another, "7000", "5000", 1)
	c.write("main.tf", w.partner(one+"\n"+alike))
	c.mustFail([]string{"Spending limit is managed twice", acme}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{setLimitRoute: 1})
	c.mustFail([]string{"Spending limit is managed twice"}, "plan")

	// The same one at another address.
	address := spendingLimit
	if c.instances()[address] == 0 { // which of the two came first is not determined
		address = "neon_org_spending_limit.twin"
	}
	c.write("main.tf", w.partner(strings.Replace(one, "monthly", "renamed", 1)))
	c.mustFail([]string{"Spending limit is both destroyed and managed", "moved block"}, "plan")
	w.wantWrites(nothing)
	c.write("main.tf", w.partner(strings.Replace(one, "monthly", "renamed", 1)+fmt.Sprintf("\nmoved {\n  from = %s\n  to = neon_org_spending_limit.renamed\n}\n", address)))
	c.must("apply", "-auto-approve")
	c.wantEmptyPlan()
	w.wantWrites(nothing)
	if w.limit(acme) != 5000 {
		t.Errorf("the limit is %d", w.limit(acme))
	}
}

// Where the organization is known only when it is too late for the plan, the apply
// finds out.
func TestAccSpendingLimitOfAnOrganizationNotKnownYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org := "\n  org_id = terraform_data.org.output"
	data := fmt.Sprintf("resource \"terraform_data\" \"org\" {\n  input = %q\n}\n", acme)
	one, another := limitOf(cents(5000)+org), strings.Replace(limitOf(cents(7000)+org), "monthly", "twin", 1)
	c := w.cli(map[string]string{"main.tf": w.partner(data + one + "\n" + another)})
	c.mustFail([]string{"Spending limit is managed twice", acme}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{setLimitRoute: 1})
}

// The limit of another organization is set before the old one is removed.
func TestAccSpendingLimitOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	for _, createFirst := range []bool{false, true} {
		t.Run(fmt.Sprintf("create_before_destroy=%t", createFirst), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			of := func(orgID string) string {
				return w.partner(limitOf(cents(5000) + fmt.Sprintf("\n  org_id = %q\n  lifecycle {\n    create_before_destroy = %t\n  }", orgID, createFirst)))
			}
			c := w.cli(map[string]string{"main.tf": of(acme)})
			c.must("apply", "-auto-approve")
			c.write("main.tf", of(labs))
			c.must("apply", "-auto-approve")
			if w.limit(acme) != -1 || w.limit(labs) != 5000 {
				t.Errorf("limits are %d and %d", w.limit(acme), w.limit(labs))
			}
			c.wantEmptyPlan()
		})
	}
}

// A state does not know what another one manages.
func TestAccSpendingLimitThatWasSetBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.client(partnerAdmin).SetSpendingLimit(t.Context(), acme, 4200); err != nil {
		t.Fatal(err)
	}
	c := w.cli(map[string]string{"main.tf": w.partner(limitOf(cents(5000)))})
	c.said(c.must("apply", "-auto-approve"), "Spending limit was set before", "4200 cents", "replaced by 5000")
	c.must("destroy", "-auto-approve")
	if out := c.must("apply", "-auto-approve"); strings.Contains(out, "was set before") {
		t.Errorf("a limit is said that was not set: %s", out)
	}
}
