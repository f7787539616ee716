package provider

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

func TestDataSourcesOfPeople(t *testing.T) {
	t.Parallel()
	gone := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	w := seededWorld(t, func(s *emulator.Seed) {
		s.Users[1].HasMFA, s.Users[1].DeactivatedAt = true, &gone
		joined := gone.AddDate(0, 0, -1)
		s.Organizations[0].Invitations = []*emulator.Invitation{
			{Email: "new@example.test", Role: "viewer", InvitedAt: gone},
			{Email: "DEV@partner.test", InvitedAt: joined, AcceptedAt: &joined},
		}
	})
	const body = `
data "neon_org_members" "all" {}

data "neon_org_invitations" "all" {}

output "people" {
  value = [for m in data.neon_org_members.all.members : "${m.email} ${m.role} ${m.has_mfa} ${m.deactivated_at != null}"]
}

output "same_organization" {
  value = alltrue([for m in data.neon_org_members.all.members : m.org_id == data.neon_org_invitations.all.org_id])
}

output "invitations" {
  value = [for i in data.neon_org_invitations.all.invitations : "${i.email} ${i.role} ${i.status} ${i.invited_at}"]
}`
	checks := []statecheck.StateCheck{
		wantOutput("people", exactly("admin@partner.test admin false false", "dev@partner.test member true true")), //nolint:dupword // two flags of the same value
		wantOutput("same_organization", knownvalue.Bool(true)),
		wantOutput("invitations", exactly("DEV@partner.test member accepted 2026-01-01T03:04:05Z", "new@example.test viewer pending 2026-01-02T03:04:05Z")),
	}
	w.run(
		resource.TestStep{Config: w.partner(body), ConfigStateChecks: checks},
		// A key of the organization names it.
		resource.TestStep{Config: w.config(partnerOrgKey, "", body), ConfigPlanChecks: unchanged(), ConfigStateChecks: checks},
	)
}

func TestDataSourcesOfPeopleThatAreNotToBeSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for summary, source := range map[string]datasource.DataSourceWithConfigure{
		"Members not read": &orgMembersDataSource{}, "Invitations not read": &orgInvitationsDataSource{},
	} {
		_, diags := w.readData(source, customerOwner, "", map[string]any{"org_id": acme})
		wantOneError(t, diags, "org_id", summary, "does not see organization "+acme, "Status 404")
		_, diags = w.readData(source, customerOwner, acme, nil)
		wantOneError(t, diags, "", summary, "the provider's org_id")
		_, diags = w.readData(source, customerOwner, "", nil)
		wantOneError(t, diags, "org_id", "No organization")
	}
}
