package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// readAbsent decides what it means that Neon does not show the project: claimed,
// deleted, or only hidden from this key. Only the first two change the state.
func (r *projectResource) readAbsent(ctx context.Context, state projectModel, refusal error, resp *resource.ReadResponse) {
	if state.Claimed.ValueBool() {
		return // as it was
	}
	if state.OwnerID.IsNull() {
		// Just imported: there is nothing in state that could be kept or lost.
		resp.Diagnostics.Append(failure{summary: "Project not found"}.diagnostics(refusal)...)
		return
	}
	id := state.ID.ValueString()
	absence, err := r.client.ExplainAbsence(ctx, state.OwnerID.ValueString(), state.OrgID.ValueString(), id)
	if hidden, ok := errors.AsType[*neon.OwnerNotVisibleError](err); ok {
		resp.Diagnostics.Append(hiddenDiagnostics(id, hidden, refusal)...)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(failure{summary: "Project not read"}.diagnostics(err)...)
		return
	}

	switch {
	case absence.Project != nil:
		r.readPresent(ctx, state, absence.Project, resp)
	case absence.Deleted:
		resp.Diagnostics.AddWarning("Project was deleted outside of this configuration",
			fmt.Sprintf("Project %s (%q) is gone from Neon, so it is taken out of the state, and a plan would create a new, empty one. %s",
				id, state.Name.ValueString(), recoveryAdvice(id, absence.RecoverableUntil)))
		resp.State.RemoveResource(ctx)
	case state.Claimable.ValueBool():
		state.Claimed = types.BoolValue(true)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	case neon.IsForbidden(refusal):
		resp.Diagnostics.Append(failure{
			summary: "Project not visible to this key",
			advice: fmt.Sprintf("Project %s exists, but the API key may not see it; perhaps it was moved to another organization. The state was kept. "+
				"Use a key that sees the project, or take it out of the configuration with a removed block.", id),
		}.diagnostics(refusal)...)
	default:
		resp.Diagnostics.AddWarning("Project is gone",
			fmt.Sprintf("Project %s (%q) is no longer in organization %s and is not among its recoverable projects: it was moved to an owner that this key does not see, "+
				"or deleted more than seven days ago. It is taken out of the state, and a plan would create a new, empty one. "+
				"If it was claimed or moved on purpose, remove it from the configuration; for projects that customers claim, set claimable = true.",
				id, state.Name.ValueString(), state.OwnerID.ValueString()))
		resp.State.RemoveResource(ctx)
	}
}

func hiddenDiagnostics(id string, hidden *neon.OwnerNotVisibleError, refusal error) diag.Diagnostics {
	return failure{
		summary: "Project not visible to this key",
		advice: fmt.Sprintf("The API key sees neither project %s nor %s, which owned it when it was last read. That says nothing about the project, so the state was kept and nothing is planned anew. "+
			"Use a key of that organization, or of one of its members.", id, hidden.OwnerID),
	}.diagnostics(refusal)
}

func recoveryAdvice(id string, until *time.Time) string {
	if until == nil {
		return "It can be recovered for seven days after it was deleted: in the Neon Console, by the action neon_recover_project, or by POST /projects/" + id + "/recover; then import it."
	}
	return fmt.Sprintf("It can be recovered until %s: in the Neon Console, by the action neon_recover_project, or by POST /projects/%s/recover; then import it.", until.UTC().Format(time.RFC3339), id)
}
