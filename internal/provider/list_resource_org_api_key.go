package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func newOrgAPIKeyListResource() list.ListResource {
	return &orgListResource[neon.APIKey]{
		typeName:    "neon_org_api_key",
		description: "The API keys of an organization, for `terraform query`: which there are, as Neon tells the keys themselves only once, when they are created.",
		summary:     "API keys not listed",
		items: func(ctx context.Context, client *neon.Client, orgID string) iter.Seq2[neon.APIKey, error] {
			return wholeList(func() ([]neon.APIKey, error) { return client.ListOrgAPIKeys(ctx, orgID) })
		},
		show: func(orgID string, key neon.APIKey) listItem {
			model := orgAPIKeyModel{OrgID: types.StringValue(orgID)}
			model.readFrom(key.APIKeyFields, key.ProjectID)
			name := key.Name
			if key.ProjectID != "" {
				name += " (" + key.ProjectID + ")"
			}
			return listItem{name: name, identity: model.identity(), resource: model}
		},
	}
}
