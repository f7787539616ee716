package emulator

import (
	"fmt"
	"strings"
	"testing"
)

// invite invites people to Acme as its admin.
func (w *testWorld) invite(role string, emails ...string) response {
	w.t.Helper()
	list := make([]string, len(emails))
	for i, email := range emails {
		list[i] = fmt.Sprintf(`{"email":%q,"role":%q}`, email, role)
	}
	return w.as(adminKey).post(acmeInvitations, `{"invitations":[`+strings.Join(list, ",")+`]}`)
}

func (w *testWorld) accept(email string) response {
	w.t.Helper()
	return w.control("POST", "/invitations/accept", fmt.Sprintf(`{"email":%q}`, email))
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	w := start(t)
	made := w.invite("viewer", "new@partner.test").want(200)
	equal(t, "invited by", made.at("invitations.0.invited_by"), adminID)
	equal(t, "invited at", made.at("invitations.0.invited_at"), "2026-03-15T12:00:00Z")
	equal(t, "role", made.at("invitations.0.role"), "viewer")
	w.as(orgKey).get(acmeInvitations).want(200, made.at("invitations.0.id"))
	w.as(adminKey).get(acmeMembers).want(200).lacks("new@partner.test")
	w.invite("viewer", "another@partner.test", "NEW@partner.test").want(409, "is invited to organization")
	w.as(adminKey).get(acmeInvitations).want(200).lacks("another@partner.test")

	seats := w.accept("New@Partner.test").want(200)
	equal(t, "organization", seats.at("members.0.org_id"), acme)
	equal(t, "role", seats.at("members.0.role"), "viewer")
	w.as(adminKey).get(acmeMembers+"/"+seats.at("members.0.member_id")).want(200, `"role":"viewer"`)
	w.as(adminKey).get(acmeInvitations).want(200, made.at("invitations.0.id"))
	w.accept("new@partner.test").want(404, "no pending invitation")
	w.control("POST", "/invitations/accept", `{"mail":"x"}`).want(400, "mail")
	w.invite("viewer", "new@partner.test").want(409, "is a member")

	// Whoever left can be invited again, and has an account by now.
	w.as(adminKey).delete(acmeMembers + "/" + seats.at("members.0.member_id")).want(200)
	again := w.invite("member", "new@partner.test").want(200)
	w.as(adminKey).get(acmeInvitations).want(200, made.at("invitations.0.id"), again.at("invitations.0.id"))
	w.as(adminKey).get(acmeMembers).want(200, "new@partner.test")
}

func TestInvitedUsersJoinAtOnce(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) {
		s.Projects = []Project{
			{ID: "p-one", OrgID: acme, Permissions: []*Permission{{Email: "Owner@customer.test"}, {Email: "guest@x.test"}}},
			{ID: "p-two", OrgID: labs, Permissions: []*Permission{{Email: "owner@customer.test"}}},
		}
	}))
	w.invite("member", "owner@Customer.test", "new@x.test").want(200)
	w.as(adminKey).get(acmeMembers).want(200, "owner@customer.test").lacks("new@x.test")
	w.as(customerKey).get("/projects/p-one").want(200)
	equal(t, "guests of the organization's project", len(w.project("p-one").Permissions), 1)
	equal(t, "guests of another's", len(w.project("p-two").Permissions), 1)
	equal(t, "pending", w.control("GET", "/metrics", "").at("objects.pending_invitations"), "1")
	w.visitor().get("/").want(200, "1 invited")
}

func TestAcceptingEndsWhatAGuestWas(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) {
		s.Projects = []Project{{ID: "p-one", OrgID: acme, Permissions: []*Permission{{Email: "new@x.test"}}}}
		s.Organizations[1].Invitations = []*Invitation{{Email: "new@x.test", Role: "admin"}}
	}))
	w.invite("member", "new@x.test").want(200)
	equal(t, "guests before", len(w.project("p-one").Permissions), 1)
	seats := w.accept("new@x.test").want(200)
	equal(t, "first", seats.at("members.0.org_id"), acme)
	equal(t, "second", seats.at("members.1.org_id"), labs)
	equal(t, "guests after", len(w.project("p-one").Permissions), 0)
	equal(t, "people", w.control("GET", "/metrics", "").at("objects.users"), "4")
}

func TestAcceptedInvitationsCanBeHidden(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.HideAcceptedInvitations = true }))
	w.invite("member", "new@x.test", "owner@customer.test").want(200)
	w.as(adminKey).get(acmeInvitations).want(200, "new@x.test").lacks("owner@customer.test")
	w.accept("new@x.test").want(200)
	w.as(adminKey).get(acmeInvitations).want(200, `"invitations":[]`)
}

func TestInvitingNobody(t *testing.T) {
	t.Parallel()
	start(t).invite("member").want(200, `"invitations":[]`)
}
