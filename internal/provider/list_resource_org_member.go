package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func newOrgMemberListResource() list.ListResource {
	return &orgListResource[neon.MemberWithUser]{
		typeName:    "neon_org_member",
		description: "The members of an organization, in the order in which they joined, for `terraform query`. People who were invited and have not joined yet are listed as `neon_org_invitation`.",
		summary:     "Members not listed",
		items: func(ctx context.Context, client *neon.Client, orgID string) iter.Seq2[neon.MemberWithUser, error] {
			return client.ListMembers(ctx, orgID, neon.MemberOrder{By: "joined_at", Order: "asc"})
		},
		show: func(orgID string, member neon.MemberWithUser) listItem {
			model := importedOrgMember()
			model.OrgID = types.StringValue(orgID)
			model.readSeat(neon.Seat{Member: &member})
			return listItem{name: model.who() + " (" + member.Member.Role + ")", identity: model.identity(), resource: model}
		},
	}
}
