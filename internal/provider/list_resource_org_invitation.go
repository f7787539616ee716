package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func newOrgInvitationListResource() list.ListResource {
	return &orgListResource[neon.Seat]{
		typeName:    "neon_org_invitation",
		description: "The invitations of an organization, for `terraform query`. Neon may list those that were accepted as well. Where somebody was invited several times, it is the latest.",
		summary:     "Invitations not listed",
		items: func(ctx context.Context, client *neon.Client, orgID string) iter.Seq2[neon.Seat, error] {
			return wholeList(func() ([]neon.Seat, error) { return invitedSeats(ctx, client, orgID) })
		},
		show: func(orgID string, seat neon.Seat) listItem {
			model := orgInvitationModel{OrgID: types.StringValue(orgID), Email: types.StringValue(seat.Invitation.Email)}
			model.Email = model.identity().Email // as an import by identity has it
			model.readSeat(seat)
			return listItem{name: seat.Invitation.Email + " (" + seat.Invitation.Role + ", " + model.Status.ValueString() + ")", identity: model.identity(), resource: model}
		},
	}
}

// invitedSeats gives those who are or were invited, each once, and whether they
// have joined. The client reads members and invitations once for all of them.
func invitedSeats(ctx context.Context, client *neon.Client, orgID string) ([]neon.Seat, error) {
	invitations, err := client.Invitations(ctx, orgID)
	if err != nil {
		return nil, err
	}
	var seats []neon.Seat
	for _, invitation := range invitations {
		seat, err := client.FindSeat(ctx, orgID, invitation.Email)
		if err != nil {
			return nil, err
		}
		if seat != nil && seat.Invitation != nil && seat.Invitation.ID == invitation.ID {
			seats = append(seats, *seat)
		}
	}
	return seats, nil
}
