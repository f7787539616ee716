package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// madeOrgAPIKey is a key and the organization that it was created in.
type madeOrgAPIKey struct {
	*neon.MadeAPIKey
	orgID string
}

// createOrgAPIKey creates a key, for the resource and for the ephemeral one, which
// differ in the client's method and in what is to be done about a key that nobody
// knows the secret of. The key is nil where there is none.
func (c *configured) createOrgAPIKey(
	ctx context.Context, ownOrg types.String, create neon.APIKeyCreate,
	send func(context.Context, string, neon.APIKeyCreate) (*neon.MadeAPIKey, error), adviseLost func(*neon.LostKeyError) string,
) (*madeOrgAPIKey, diag.Diagnostics) {
	if diags := c.requirePersonalKey(ctx, path.Empty(), "create API keys", orgAdmin); diags.HasError() {
		return nil, diags
	}
	orgID, diags := c.requireOrganization(ctx, ownOrg)
	if diags.HasError() {
		return nil, diags
	}
	made, err := send(ctx, orgID, create)
	if lost, ok := errors.AsType[*neon.LostKeyError](err); ok {
		return nil, failure{summary: "API key not created, and perhaps one left behind", advice: adviseLost(lost), isAdvised: true}.diagnostics(err)
	}
	if changed, ok := errors.AsType[*neon.OwnerChangedError](err); ok {
		diags.Append(partFailure(err, changed.ProjectID, "API key not created", "API key").diagnostics(err)...)
		return nil, diags
	}
	if err != nil {
		f := orgKeyFailure("API key not created", orgID, err)
		if neon.IsNotFound(err) && create.ProjectID != "" {
			f.at = path.Root("project_id")
			f.advice = fmt.Sprintf("A key can be confined only to a project of its organization, and project %s is not to be seen in %s: it was claimed, moved or deleted, or the id is wrong. "+
				"Correct the id, or remove this from the configuration.", create.ProjectID, orgID)
		}
		diags.Append(f.diagnostics(err)...)
		return nil, diags
	}
	return &madeOrgAPIKey{MadeAPIKey: made, orgID: orgID}, diags
}

// keyWasAskedFor says what is known of a key whose answer was lost.
func keyWasAskedFor(lost *neon.LostKeyError) string {
	return fmt.Sprintf("An API key named %q of organization %s was asked for, and the answer was lost. Neon may have created the key, and nobody knows its secret.", lost.Name, lost.OrgID)
}

// listKeys names keys, one to a line.
func listKeys(keys []neon.APIKey) string {
	lines := make([]string, len(keys))
	for i, k := range keys {
		by := k.CreatedBy.ID
		if k.CreatedBy.Name != "" {
			by = fmt.Sprintf("%s (%s)", k.CreatedBy.Name, k.CreatedBy.ID)
		}
		lines[i] = fmt.Sprintf("- Key %d, created %s by %s", k.ID, k.CreatedAt.UTC().Format(time.RFC3339), by)
	}
	return strings.Join(lines, "\n")
}

func orgKeyFailure(summary, orgID string, err error) failure {
	f := failure{summary: summary}
	if neon.IsForbidden(err) {
		f.advice = fmt.Sprintf("Only admins of %s, and for seeing and revoking them its own keys, may work with its API keys.", orgID)
	}
	if neon.IsNotFound(err) {
		f.at = path.Root("org_id")
		f.advice = fmt.Sprintf("The API key does not see organization %s, or is confined to a project. The data source neon_organizations lists the organizations that it sees.", orgID)
	}
	return f
}
