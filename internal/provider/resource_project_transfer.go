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

// transfer moves the project to the organization and notes in the model where it
// is: the new one on success, the old one otherwise.
func (r *projectResource) transfer(ctx context.Context, state *projectModel, from, to string) diag.Diagnostics {
	if diags := r.requirePersonalKey(ctx, path.Root("org_id"), "transfer a project to another organization", giverAndTaker); diags.HasError() {
		return diags
	}
	if err := r.client.MoveProject(ctx, state.ID.ValueString(), from, to); err != nil {
		return moveFailure(err, *state, to).diagnostics(err)
	}
	state.OrgID, state.OwnerID = types.StringValue(to), types.StringValue(to)
	return nil
}

func moveFailure(err error, state projectModel, to string) failure {
	f := failure{summary: "Project not transferred", at: path.Root("org_id")}
	id, from := state.ID.ValueString(), state.OwnerID.ValueString()
	elsewhere, isElsewhere := errors.AsType[*neon.ElsewhereError](err)
	switch {
	case isElsewhere && elsewhere.OwnerID != "":
		f.advice = fmt.Sprintf("Project %s is no longer in %s: it belongs to %s now. Refresh, and the plan takes it from there.", id, from, elsewhere.OwnerID)
	case isElsewhere || neon.IsOutcomeUnknown(err):
		f.advice = fmt.Sprintf("The state says that project %s is in %s, as before. The next refresh shows where it is.", id, from)
	default:
		f.advice = fmt.Sprintf("Project %s is still in %s, and so says the state. A transfer needs a personal key whose user is an admin of %s and a member of %s.", id, from, from, to)
	}
	return f
}
