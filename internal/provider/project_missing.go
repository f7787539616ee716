package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// This is for data sources and ephemeral resources about a project that may have been
// handed over. What belongs to somebody else is not read, and with ignore_missing its
// absence is no error.

// expectation is what a data source says of the project that it is about.
type expectation struct {
	projectID types.String
	at        path.Path    // of projectID
	orgID     types.String // who must own it, or null
	ignore    types.Bool   // ignore_missing
}

// The texts of the attributes.
const (
	expectedOrgText = "The organization that must own the project. " + expectedOrgRule
	expectedOrgRule = "The project of another owner is not read: that is an error, or with `ignore_missing` a missing project. " +
		"Pass `neon_project.NAME.org_id`. With `ignore_missing` it defaults to the provider's `org_id`; without, the owner is not checked unless this is set."
	ignoreMissingText = "Whether a project that was claimed, transferred or deleted is no error: then the result is null and `missing` is `true`. " +
		"It needs `org_id`, or that of the provider: Neon says the same of a project that is gone and of one that the key does not see. So a project is missing only if it has another owner, " +
		"or if Neon does not show it twice, a few seconds apart, and the organization's list, read to its end, does not have it. Where that can't be found out, it is an error all the same. Defaults to `false`."
	missingText = "Whether the project is missing, and everything else null for that reason. Always `false` without `ignore_missing`."
)

// look finds out whether the project may be read. It is looked at only where an owner
// is expected; the project is nil otherwise, and where it is missing.
func (c *configured) look(ctx context.Context, e expectation, summary string) (project *neon.Project, isMissing bool, diags diag.Diagnostics) {
	id := e.projectID.ValueString()
	if !e.ignore.ValueBool() {
		if isUnset(e.orgID) {
			return nil, false, nil
		}
		held, err := c.client.Look(ctx, id, neon.OwnedBy(e.orgID.ValueString()))
		if err != nil {
			return nil, false, lookFailure(e, summary, err).diagnostics(err)
		}
		return held.Project, false, nil
	}
	orgID := c.organization(e.orgID)
	if orgID == "" {
		diags.AddAttributeError(path.Root("org_id"), "Organization is needed",
			fmt.Sprintf("ignore_missing is true for project %s, and neither org_id nor the provider's org_id is set. Neon says the same of a project that is gone and of one that the key does not see, "+
				"so only the list of the project's organization shows that it is missing. Set org_id, by a reference such as neon_project.NAME.org_id.", id))
		return nil, false, diags
	}
	if owner, isTaken := c.handovers.taker(id); isTaken && owner != orgID {
		return nil, true, nil // its neon_project has looked
	}
	found, err := c.client.Find(ctx, id, homeOf(orgID), neon.OwnedBy(orgID))
	switch {
	case err != nil:
		return nil, false, lookFailure(e, summary, err).diagnostics(err)
	case found.Fate == neon.FateOurs:
		return found.Owned.Project, false, nil
	default:
		return nil, true, nil
	}
}

func lookFailure(e expectation, summary string, err error) failure {
	f := failure{summary: summary}
	id := e.projectID.ValueString()
	changed, isChanged := errors.AsType[*neon.OwnerChangedError](err)
	hidden, isHidden := errors.AsType[*neon.OwnerNotVisibleError](err)
	_, isUndecided := errors.AsType[*neon.UndecidedError](err)
	if isChanged || isHidden || isUndecided || neon.IsNotFound(err) || neon.IsForbidden(err) {
		f.at = e.at
	}
	switch {
	case isChanged:
		f.isAdvised = true
		f.advice = fmt.Sprintf("Project %s belongs to %s, and not to %s, so nothing of it was read: it was claimed or transferred. "+
			"If it is yours there, set org_id to that organization. If it may be missing, set ignore_missing = true.", id, changed.OwnerID, changed.Expected.String())
	case isHidden:
		f.isAdvised = true
		f.advice = fmt.Sprintf("The API key sees neither project %s nor organization %s, so whether the project is missing could not be found out. Use a key of that organization, or of one of its members, or correct org_id.", id, hidden.OwnerID)
	case isUndecided:
		f.isAdvised = true
		f.advice = fmt.Sprintf("The list of its organization has project %s, and the project's own address does not show it, so whether it is missing could not be found out. Try again in a while.", id)
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		f.advice = notSeen(id)
	}
	return f
}

// notSeen is for a project that Neon does not show to a data source.
func notSeen(id string) string {
	return fmt.Sprintf("The API key does not see project %s. The data source neon_projects lists those that it sees, and with recoverable = true those that were deleted in the last seven days. "+
		"A project that was claimed, or transferred to another organization, is seen by its new owner only; ignore_missing = true makes its absence a null result.", id)
}
