package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Whose personal key may do what a key of an organization can't.
const (
	giverAndTaker = "somebody who is an admin of the organization that gives and a member of the one that takes"
	orgAdmin      = "an admin of the organization"
)

// requirePersonalKey says before anything is sent that a key of an organization
// can't do what is asked; who says whose key can.
func (c *configured) requirePersonalKey(ctx context.Context, at path.Path, what, who string) diag.Diagnostics {
	var diags diag.Diagnostics
	auth, err := c.client.KeyOwner(ctx)
	if err != nil {
		return failure{summary: "API key not accepted", at: at}.diagnostics(err)
	}
	if auth.AuthMethod == neon.AuthMethodOrgKey {
		diags.AddAttributeError(at, "A personal API key is needed",
			fmt.Sprintf("The API key belongs to organization %s. Such a key can't %s, so nothing was sent. Use a personal key of %s.", auth.AccountID, what, who))
	}
	return diags
}
