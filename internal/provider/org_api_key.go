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

// createdOrgAPIKey is a key and the organization that it was created in.
type createdOrgAPIKey struct {
	*neon.CreatedAPIKey
	orgID string
}

// createOrgAPIKey creates a key, for the resource and for the ephemeral one. The key
// is nil where there is none; where there is one, it may come with a warning.
func (c *configured) createOrgAPIKey(ctx context.Context, ownOrg types.String, create neon.APIKeyCreate) (*createdOrgAPIKey, diag.Diagnostics) {
	if diags := c.requirePersonalKey(ctx, path.Empty(), "create API keys", orgAdmin); diags.HasError() {
		return nil, diags
	}
	orgID, diags := c.requireOrganization(ctx, ownOrg)
	if diags.HasError() {
		return nil, diags
	}
	made, err := c.client.CreateOrgAPIKey(ctx, orgID, create)
	if stray, ok := errors.AsType[*neon.StrayKeyError](err); ok {
		if stray.Made == nil {
			return nil, failure{summary: "API key not created, and perhaps one left behind", advice: strayAdvice(stray), isAdvised: true}.diagnostics(err)
		}
		diags.AddWarning("Perhaps an API key was left behind", strayAdvice(stray)+"\n\n"+technical(err))
		made, err = stray.Made, nil
	}
	if err != nil {
		f := orgKeyFailure("API key not created", orgID, err)
		if neon.IsNotFound(err) && create.ProjectID != "" {
			f.at = path.Root("project_id")
			f.advice = fmt.Sprintf("A key can be confined only to a project of its organization. Check that project %s belongs to %s.", create.ProjectID, orgID)
		}
		diags.Append(f.diagnostics(err)...)
		return nil, diags
	}
	return &createdOrgAPIKey{CreatedAPIKey: made, orgID: orgID}, diags
}

// warnOfUnusedKeys names keys that a run may have left which was killed before it
// could save them.
func warnOfUnusedKeys(made *createdOrgAPIKey) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, k := range made.Unused {
		diags.AddWarning("Perhaps an API key was left behind",
			fmt.Sprintf("When key %d, named %q, was created, organization %s had another one of this name: key %d, created %s and never used. "+
				"If a run was broken off before it could save its state, this is what it has left, and nobody knows its secret: revoke it under the organization's API keys in the Neon Console. "+
				"Ignore this if the key is in use elsewhere, or in another state.",
				made.ID, made.Name, made.orgID, k.ID, k.CreatedAt.UTC().Format(time.RFC3339)))
	}
	return diags
}

// strayAdvice names the keys that are to be revoked by hand.
func strayAdvice(stray *neon.StrayKeyError) string {
	lines := []string{fmt.Sprintf("A key named %q was asked for, and the answer was lost. Neon may have created it, and nobody knows its secret. "+
		"Look for it under the API keys of organization %s in the Neon Console, and revoke it there.", stray.Name, stray.OrgID)}
	for _, k := range stray.Keys {
		lines = append(lines, fmt.Sprintf("It may be the key with the id %d, created %s.", k.ID, k.CreatedAt.UTC().Format(time.RFC3339)))
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
