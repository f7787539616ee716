package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// This is for what hangs on a project and goes with it: transfer requests, guests,
// keys. It is made only on a project of the expected owner, and when the project
// changes hands it stays in state and nothing is sent for it any more.

// partOrgAttribute is the argument that says who must own the project.
func partOrgAttribute(what string) schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Validators: []validator.String{orgIDValidator()},
		MarkdownDescription: fmt.Sprintf("The organization that must own the project when %s: pass `neon_project.NAME.org_id`. "+
			"Where it belongs to another one, nothing is sent, and the error names both. Defaults to the owner of the `neon_project` that the same apply creates or changes, then to the provider's `org_id`; where neither is known, the owner is not checked. "+
			"Changing it changes nothing at Neon.", what),
	}
}

// expectedOwners are those who may own the project when something is made on it.
func (c *configured) expectedOwners(projectID string, own types.String) neon.Owners {
	if !isUnset(own) {
		return neon.OwnedBy(own.ValueString())
	}
	if ours := neon.OwnedBy(c.handovers.owner(projectID), c.client.MovedTo(projectID)); len(ours) > 0 {
		return ours
	}
	return neon.OwnedBy(c.orgID)
}

// isTaken reports whether this process has seen the project in other hands.
func (c *configured) isTaken(projectID string) bool {
	if c == nil {
		return false
	}
	_, taken := c.handovers.taker(projectID)
	return taken
}

// isStillOurs reports whether an owner is the recorded one, or one that the project
// was moved to by this configuration.
func (c *configured) isStillOurs(projectID, ownerID string, recorded ownerRecord) bool {
	return ownerID != "" && (ownerID == recorded.OwnerID || ownerID == c.handovers.owner(projectID) || ownerID == c.client.MovedTo(projectID))
}

// checkExpectedOwner refuses at plan time what the apply would refuse: a project that
// its neon_project manages under another owner than the part would expect then.
func (c *configured) checkExpectedOwner(projectID, own types.String, noun string) diag.Diagnostics {
	var diags diag.Diagnostics
	if c == nil || isUnset(projectID) || !own.IsNull() || c.orgID == "" {
		return diags
	}
	owner := c.handovers.owner(projectID.ValueString())
	if owner != "" && owner != c.orgID {
		diags.AddAttributeError(path.Root("org_id"), "Organization of the project is needed",
			fmt.Sprintf("Project %s belongs to %s, and the provider works in %s. A %s is made only on a project whose owner is the expected one, so that it never reaches a project that changed hands. "+
				"Set org_id to that of the project, by a reference such as neon_project.NAME.org_id.", projectID.ValueString(), owner, c.orgID, noun))
	}
	return diags
}

// holdForPart looks at a project that something is to be made on. An error says why
// nothing was made.
func (c *configured) holdForPart(ctx context.Context, projectID string, owners neon.Owners, summary, noun string) (*neon.Owned, diag.Diagnostics) {
	held, err := c.client.Look(ctx, projectID, owners)
	if err == nil {
		return held, nil
	}
	return nil, partFailure(err, projectID, summary, noun).diagnostics(err)
}

// partFailure explains why nothing was made on a project that the look did not find as
// expected.
func partFailure(err error, projectID, summary, noun string) failure {
	f := failure{summary: summary, at: path.Root("project_id")}
	changed, isChanged := errors.AsType[*neon.OwnerChangedError](err)
	switch {
	case isChanged:
		f.isAdvised = true
		f.advice = fmt.Sprintf("Project %s belongs to %s, and not to %s, so no %s was made: the project may have been claimed. "+
			"If it is yours there, set org_id to that organization. If it was claimed, remove this from the configuration.", projectID, changed.OwnerID, changed.Expected, noun)
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		f.summary = "Project not found for the " + noun
		f.advice = fmt.Sprintf("No %s was made, because the key does not see project %s. It was claimed, moved or deleted, or the id is wrong. "+
			"Correct the id, or remove this from the configuration.", noun, projectID)
	default:
		f.advice = fmt.Sprintf("No %s was made, because project %s could not be read.", noun, projectID)
	}
	return f
}
