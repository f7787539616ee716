package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const annInvitation = "neon_org_invitation.ann"

// invitationBlock is the resource ann with the attributes.
func invitationBlock(attributes ...string) string {
	return fmt.Sprintf("resource \"neon_org_invitation\" \"ann\" {\n  %s\n}\n", strings.Join(attributes, "\n  "))
}

func TestOrgInvitation(t *testing.T) {
	t.Parallel()
	for _, hidesAccepted := range []bool{false, true} {
		t.Run(fmt.Sprintf("accepted ones are hidden: %t", hidesAccepted), func(t *testing.T) {
			t.Parallel()
			w := seededWorld(t, func(s *emulator.Seed) { s.HideAcceptedInvitations = hidesAccepted })
			config := w.partner(invitationBlock(`email = "Ann@Example.test"`))
			const theirID = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01"
			w.run(
				resource.TestStep{
					Config: config, ConfigPlanChecks: planned(annInvitation, plancheck.ResourceActionCreate),
					ConfigStateChecks: []statecheck.StateCheck{
						expectString(annInvitation, "org_id", acme), expectString(annInvitation, "status", "pending"), expectString(annInvitation, "role", "member"),
						expectString(annInvitation, "invited_by", theirID), statecheck.ExpectKnownValue(annInvitation, tfjsonpath.New("invited_at"), knownvalue.NotNull()),
					},
					Check: w.wantRequests(map[string]int{inviteRoute: 1}),
				},
				resource.TestStep{
					Config:   w.partner(invitationBlock(`email = "ann@example.test"`, `role = "viewer"`)),
					PlanOnly: true, ExpectError: diagnostic("Invitation can't be changed.*as member"),
				},
				resource.TestStep{
					PreConfig: w.annJoins, Config: config, ConfigPlanChecks: unchanged(), Check: w.wantRequests(noChanges()),
				},
				resource.TestStep{
					// What the member is now is not the invitation's business, nor is another role of the invitation Neon's.
					PreConfig:         w.givesRole("ann@example.test", "viewer"),
					Config:            w.partner(invitationBlock(`email = "Ann@Example.test"`, `role = "editor"`)),
					ConfigPlanChecks:  planned(annInvitation, plancheck.ResourceActionUpdate),
					ConfigStateChecks: []statecheck.StateCheck{expectString(annInvitation, "status", "accepted"), expectString(annInvitation, "role", "editor")},
					Check:             w.wantRequests(noChanges()),
				},
				resource.TestStep{
					PreConfig: w.leaves("ann@example.test"), Config: config, PlanOnly: true, ExpectNonEmptyPlan: true,
				},
				resource.TestStep{Config: w.partner(""), Check: w.wantRequests(noChanges())},
			)
		})
	}
}

// What exists is taken over: invitations, by import or not, and members.
func TestOrgInvitationThatExists(t *testing.T) {
	t.Parallel()
	const id = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
	w := seededWorld(t, func(s *emulator.Seed) {
		s.Organizations[0].Invitations = []*emulator.Invitation{{ID: id, Email: "ann@example.test", Role: "viewer"}}
	})
	config := w.partner(invitationBlock(`email = "Ann@Example.test"`, `role = "viewer"`))
	forget := w.partner("removed {\n  from = neon_org_invitation.ann\n  lifecycle { destroy = false }\n}")
	steps := []resource.TestStep{
		{Config: w.partner(invitationBlock(`email = "Ann@Example.test"`)), PlanOnly: true, ExpectError: diagnostic("Invitation can't be changed.*as viewer")},
		{Config: config, ConfigStateChecks: []statecheck.StateCheck{expectString(annInvitation, "id", id)}, Check: w.wantRequests(noChanges())},
	}
	for _, argument := range []string{
		fmt.Sprintf("id = %q", acme+"/"+id), fmt.Sprintf("id = %q", acme+"/Ann@example.test"),
		fmt.Sprintf("identity = {\n    org_id = %q\n    email = \"ann@example.test\"\n  }", acme),
	} {
		if strings.HasPrefix(argument, "identity") && !knowsIdentities() {
			t.Logf("not imported by identity, which this CLI does not know")
			continue
		}
		imported := fmt.Sprintf("import {\n  to = neon_org_invitation.ann\n  %s\n}\n", argument) + config
		steps = append(steps, resource.TestStep{Config: forget},
			resource.TestStep{Config: imported, ConfigPlanChecks: planned(annInvitation, plancheck.ResourceActionNoop), Check: w.wantRequests(noChanges())})
	}
	steps = append(steps,
		resource.TestStep{
			Config:           w.partner(invitationBlock(`email = "dev@partner.test"`)),
			ConfigPlanChecks: planned(annInvitation, plancheck.ResourceActionDestroyBeforeCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				expectString(annInvitation, "status", "accepted"), isNull(annInvitation, "id"), isNull(annInvitation, "invited_by"),
			},
			Check: w.wantRequests(noChanges()),
		},
		resource.TestStep{Config: w.partner(invitationBlock(`email = "DEV@partner.test"`)), ConfigPlanChecks: unchanged()},
	)
	w.run(steps...)
}

// Invitations that are made at the same time may share requests, and one that is
// refused leaves the others alone. How many requests that takes is tested with the
// client, where time stands still.
func TestOrgInvitationsTogether(t *testing.T) {
	t.Parallel()
	w := seededWorld(t, func(s *emulator.Seed) { s.Organizations[0].Roles = []string{"admin", "member"} })
	people := func(roleOfFirst string) string {
		return w.partner(fmt.Sprintf(`
resource "neon_org_invitation" "team" {
  count = 10
  email = "p${count.index}@example.test"
  role  = count.index == 0 ? %q : "member"
}`, roleOfFirst))
	}
	w.run(
		resource.TestStep{Config: people("viewer"), ExpectError: diagnostic("Invitation not sent.*p0@example.test was not invited.*400")},
		resource.TestStep{
			PreConfig: func() {
				if n := len(w.emu.Snapshot().Organizations[0].Invitations); n != 9 {
					t.Errorf("%d are invited, want all but the one that was refused", n)
				}
				w.emu.ClearRequests()
			},
			Config: people("member"), Check: w.wantRequests(map[string]int{inviteRoute: 1}),
		},
		resource.TestStep{Config: people("member"), ConfigPlanChecks: unchanged()},
	)
}

func TestOrgInvitationThatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann := invitationBlock(`email = "ann@example.test"`)
	for config, want := range map[string]string{
		w.config(partnerOrgKey, "", ann):                                                                   "A personal API key is needed.*can't invite people",
		w.config(partnerDev, acme, ann):                                                                    "Invitation not sent.*only an admin",
		w.config(customerOwner, acme, ann):                                                                 "Invitations not read.*organization not found",
		w.partner(invitationBlock(`email = "ann"`)):                                                        "Invalid e-mail address",
		w.partner(invitationBlock(`email = "ann@example.test"`, `role = "boss"`)):                          "role value must be one of",
		w.partner("import {\n  to = neon_org_invitation.ann\n  id = \"x\"\n}\n" + ann):                     "not of the form org_id/email",
		w.partner("import {\n  to = neon_org_invitation.ann\n  id = \"" + acme + "/a@x.test\"\n}\n" + ann): "Invitation not found",
	} {
		w.run(resource.TestStep{Config: config, ExpectError: diagnostic(want)})
	}
	if n := len(w.emu.Snapshot().Organizations[0].Invitations); n != 0 {
		t.Errorf("%d invitations were sent", n)
	}
}
