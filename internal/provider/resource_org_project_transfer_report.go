package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// maxTransferDiagnostics is how many failures are explained one by one. The
// projects of further ones are named together.
const maxTransferDiagnostics = 100

// transferDiagnostics explains why projects were not moved from one owner to
// another: a diagnostic for each project that has a reason of its own, and for
// each limit.
func transferDiagnostics(failures []neon.TransferFailure, from, to string) diag.Diagnostics {
	var diags diag.Diagnostics
	for i, failed := range failures {
		if i == maxTransferDiagnostics {
			var others []string
			for _, further := range failures[i:] {
				others = append(others, further.ProjectIDs...)
			}
			diags.AddAttributeError(path.Root("project_ids"), "More projects not transferred",
				fmt.Sprintf("%s more could not be transferred, for reasons like those above: %s.", countProjects(len(others)), nameProjects(others)))
			break
		}
		diags.Append(transferFailure(failed, from, to).diagnostics(failed.Err)...)
	}
	return diags
}

func transferFailure(failed neon.TransferFailure, from, to string) failure {
	f := failure{summary: "Project not transferred", at: path.Root("project_ids")}
	which := fmt.Sprintf("%s: %s.", countProjects(len(failed.ProjectIDs)), nameProjects(failed.ProjectIDs))
	_, isIntegration := errors.AsType[*neon.IntegrationsError](failed.Err)
	elsewhere, isElsewhere := errors.AsType[*neon.ElsewhereError](failed.Err)
	switch {
	case isIntegration:
	case isElsewhere && elsewhere.OwnerID != "":
		f.advice = fmt.Sprintf("Project %s is neither in %s nor in %s: it belongs to %s. It was left alone. Take it out of project_ids, or transfer it from there.",
			elsewhere.ProjectID, from, to, elsewhere.OwnerID)
	case isElsewhere:
		f.advice = fmt.Sprintf("Project %s is not visible to the API key: it was deleted, belongs to somebody else, or the id is wrong. It was left alone. Correct the id, or take it out of project_ids.",
			elsewhere.ProjectID)
	case neon.IsOutcomeUnknown(failed.Err):
		f.summary = "Projects perhaps not transferred"
		f.advice = "It is not known of these whether they were transferred. The next apply looks first, and transfers only what is not there. " + which
	default:
		f.summary = "Projects not transferred"
		f.advice = fmt.Sprintf("These stay in %s. A transfer needs a personal key whose user is an admin there and a member of %s. %s", from, to, which)
	}
	return f
}
