package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

const (
	// kislerdmProvider is the provider whose projects can be moved, on whatever
	// registry: OpenTofu and Terraform name different hosts.
	kislerdmProvider = "kislerdm/neon"
	// kislerdmProjectVersion is the version of its project schema that is understood.
	kislerdmProjectVersion = 11
	// kislerdmRelease is a release of it that writes this version.
	kislerdmRelease = "0.13.0"
)

var _ resource.ResourceWithMoveState = (*projectResource)(nil)

// MoveState implements resource.ResourceWithMoveState: a moved block takes over a
// project that kislerdm/neon manages. There is no source schema, as a state that
// doesn't fit it would only be logged by the framework, and not refused.
func (r *projectResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveKislerdmProject}}
}

// moveKislerdmProject calls nothing: the refresh that follows reads the project.
// A source that it does not know is left to the framework, which refuses it.
func moveKislerdmProject(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if !isProvider(req.SourceProviderAddress, kislerdmProvider) || req.SourceTypeName != "neon_project" {
		return
	}
	if req.SourceSchemaVersion != kislerdmProjectVersion {
		resp.Diagnostics.Append(versionDiagnostic(req.SourceSchemaVersion))
		return
	}
	source, diags := readKislerdmProject(req.SourceRawState)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	moved, diags := source.toModel(ctx)
	resp.Diagnostics.Append(diags...)
	// One attribute makes the empty state an object, from which the type of the
	// timeouts can be had.
	resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("id"), moved.ID)...)
	resp.Diagnostics.Append(resp.TargetState.GetAttribute(ctx, path.Root("timeouts"), &moved.Timeouts)...)
	if resp.Diagnostics.HasError() {
		return
	}
	saveProject(ctx, moved, &resp.TargetState, resp.TargetIdentity, &resp.Diagnostics)
}

// isProvider tells whether an address is that of the provider, on any host.
func isProvider(address, namespaceAndType string) bool {
	return address == namespaceAndType || strings.HasSuffix(address, "/"+namespaceAndType)
}

func readKislerdmProject(state *tfprotov6.RawState) (kislerdmProject, diag.Diagnostics) {
	var diags diag.Diagnostics
	if state == nil || len(state.JSON) == 0 {
		diags.AddError(unreadableMove, "The state of the project to move is empty, or in the format of Terraform 0.11. "+
			"Nothing was changed. "+repairAdvice)
		return kislerdmProject{}, diags
	}
	source, err := parseKislerdmProject(state.JSON)
	if err != nil {
		diags.AddError(unreadableMove, fmt.Sprintf("The state of the project to move is not what %s %s writes: %s. Nothing was changed. %s",
			kislerdmProvider, kislerdmRelease, err, repairAdvice))
	}
	return source, diags
}

const (
	unreadableMove = "Project can't be moved"
	repairAdvice   = "Refresh the state with that provider and try again, or take the project over with a removed block (destroy = false) and an import block."
)

func versionDiagnostic(version int64) diag.Diagnostic {
	advice := fmt.Sprintf("Upgrade %s to version %s, run apply with it once, so that the state is written anew, and then move the project.", kislerdmProvider, kislerdmRelease)
	if version > kislerdmProjectVersion {
		advice = "That is newer than what this provider knows. Look for a newer version of this provider, " +
			"or take the project over with a removed block (destroy = false) and an import block, which works for every version."
	}
	return diag.NewErrorDiagnostic(unreadableMove,
		fmt.Sprintf("The state of the project to move has schema version %d of %s, and version %d is needed. Nothing was changed. %s",
			version, kislerdmProvider, kislerdmProjectVersion, advice))
}
