package faults

import (
	"fmt"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// People of the scenarios: one who is in Acme, and one who has no account.
const (
	dev      = "dev@partner.test"
	stranger = "ann@elsewhere.example"
	customer = "owner@customer.test"
)

// Addresses in the scenarios.
const (
	Seat    = "neon_org_member.seat"
	Invited = "neon_org_invitation.guest"
)

// seat is the configuration of a member; who is an argument such as "email":"…".
func seat(who, role, more string) string {
	return Resource("neon_org_member", "seat", fmt.Sprintf(`%s,"role":%q%s`, who, role, more))
}

func byEmail(email string) string { return fmt.Sprintf(`"email":%q`, email) }

// knowMember sets the ids of the member of Acme who is in the scenarios.
func knowMember(w *World) {
	w.T.Helper()
	m := member(organization(w.Emu.Snapshot(), Acme), dev)
	w.Vars["member_id"], w.Vars["user_id"] = m.ID, m.UserID
}

// invited lets the partner invite somebody to Acme.
func invited(email, role string) func(*World) {
	return func(w *World) {
		w.T.Helper()
		_, err := w.Client(PartnerAdmin).Invite(w.T.Context(), Acme, email, role)
		must(w, err)
	}
}

// joined lets somebody accept what they are invited to.
func joined(w *World) {
	w.T.Helper()
	_, err := w.Emu.AcceptInvitations(stranger)
	must(w, err)
}

// left lets a member of Acme be removed.
func left(email string) func(*World) {
	return func(w *World) {
		w.T.Helper()
		m := member(organization(w.Emu.Snapshot(), Acme), email)
		must(w, w.Client(PartnerAdmin).RemoveMember(w.T.Context(), Acme, m.ID))
	}
}

// hidesAccepted is a Neon that lists no invitation that was accepted.
func hidesAccepted(seed *emulator.Seed) { seed.HideAcceptedInvitations = true }

func memberScenarios() []Scenario {
	const invite, keep, demote = `,"invite":true`, `,"on_destroy":"keep"`, `,"on_destroy":"demote"`
	adopted, viewer := seat(byEmail(dev), "member", ""), seat(byEmail(dev), "viewer", "")
	pending, joins := seat(byEmail(stranger), "member", invite), seat(byEmail(customer), "editor", invite)
	given := func(role string) func(*World) {
		return func(w *World) {
			m := member(organization(w.Emu.Snapshot(), Acme), dev)
			_, err := w.Client(PartnerAdmin).UpdateMemberRole(w.T.Context(), Acme, m.ID, role)
			must(w, err)
		}
	}
	return []Scenario{
		{Name: "adopt a member by email", Config: adopted},
		{Name: "adopt a member and give another role", Config: viewer},
		{Name: "adopt a member by user id", Prepare: knowMember, Config: seat(`"user_id":"{user_id}"`, "editor", "")},
		{Name: "adopt a member by member id", Prepare: knowMember, Config: seat(`"member_id":"{member_id}"`, "editor", "")},
		{Name: "adopt a member with the organization's key", Key: PartnerOrg, Config: viewer},
		{Name: "invite somebody to a seat", Config: pending},
		{Name: "invite somebody who joins at once", Config: joins},
		{Name: "adopt a pending seat", Prepare: invited(stranger, neon.RoleMember), Config: pending},
		{Name: "refresh a member", Before: []string{adopted}, Config: adopted, Command: Refresh},
		{Name: "refresh a pending seat", Before: []string{pending}, Config: pending, Command: Refresh},
		{Name: "see that somebody has joined", Before: []string{pending}, Config: pending, Meanwhile: joined},
		{Name: "change a member's role", Before: []string{adopted}, Config: viewer},
		{Name: "give a role to somebody who has joined", Before: []string{pending}, Config: seat(byEmail(stranger), "viewer", invite), Meanwhile: joined},
		{Name: "mend a role that was changed outside", Before: []string{adopted}, Config: adopted, Meanwhile: given("viewer")},
		{Name: "take a seat out of the configuration", Before: []string{adopted}, Config: `{}`},
		{Name: "remove a member", Before: []string{adopted}, Config: adopted, Command: Destroy},
		{Name: "remove somebody who left", Before: []string{adopted}, Config: adopted, Command: Destroy, Meanwhile: left(dev)},
		{Name: "give a pending seat up", Before: []string{pending}, Config: pending, Command: Destroy},
		{Name: "give up the seat of somebody who has joined", Before: []string{pending}, Config: pending, Command: Destroy, Meanwhile: joined},
		{Name: "demote a member", Before: []string{seat(byEmail(dev), "viewer", demote)}, Config: seat(byEmail(dev), "viewer", demote), Command: Destroy},
		{Name: "keep a member", Before: []string{seat(byEmail(dev), "viewer", keep)}, Config: seat(byEmail(dev), "viewer", keep), Command: Destroy},
		{Name: "give a seat to another person", Before: []string{adopted}, Config: joins},
		{Name: "invite again somebody who left", Seed: hidesAccepted, Before: []string{joins}, Config: joins, Meanwhile: left(customer)},
		{Name: "import a member by email", Config: adopted, Command: Import, Address: Seat, ID: Acme + "/" + dev},
		{Name: "import a member by id", Prepare: knowMember, Config: adopted, Command: Import, Address: Seat, ID: Acme + "/{member_id}"},
		{Name: "import a member by identity", Prepare: knowMember, Config: adopted, Command: Import, Address: Seat, Identity: `{"org_id":"` + Acme + `","member_id":"{member_id}","email":null}`},
		{Name: "import a pending seat", Prepare: invited(stranger, neon.RoleMember), Config: pending, Command: Import, Address: Seat, ID: Acme + "/" + stranger},
	}
}

func invitationScenarios() []Scenario {
	invite := func(email string) string { return Resource("neon_org_invitation", "guest", byEmail(email)) }
	pending, joins := invite(stranger), invite(customer)
	there := invited(stranger, neon.RoleMember)
	known := func(w *World) {
		there(w)
		w.Vars["invitation_id"] = organization(w.Emu.Snapshot(), Acme).Invitations[0].ID
	}
	return []Scenario{
		{Name: "invite somebody", Config: pending},
		{Name: "invite somebody who joins right away", Config: joins},
		{Name: "invite a member", Config: invite(dev)},
		{Name: "adopt an invitation", Prepare: there, Config: pending},
		{Name: "refresh an invitation", Before: []string{pending}, Config: pending, Command: Refresh},
		{Name: "see that an invitation was accepted", Before: []string{pending}, Config: pending, Meanwhile: joined},
		{Name: "see that the invited one has joined and left", Before: []string{joins}, Config: joins, Command: Refresh, Seed: hidesAccepted, Meanwhile: left(customer)},
		{Name: "invite another person", Before: []string{pending}, Config: joins},
		{Name: "forget an invitation", Before: []string{pending}, Config: pending, Command: Destroy},
		{Name: "forget an accepted invitation", Before: []string{joins}, Config: joins, Command: Destroy},
		{Name: "import an invitation by email", Prepare: there, Config: pending, Command: Import, Address: Invited, ID: Acme + "/" + stranger},
		{Name: "import an invitation by id", Prepare: known, Config: pending, Command: Import, Address: Invited, ID: Acme + "/{invitation_id}"},
		{Name: "import an invitation by identity", Prepare: there, Config: pending, Command: Import, Address: Invited, Identity: `{"org_id":"` + Acme + `","email":"` + stranger + `"}`},
	}
}
