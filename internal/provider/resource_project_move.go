package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

const (
	// kislerdmProvider is the provider whose projects can be moved, on whatever
	// registry: OpenTofu and Terraform name different hosts.
	kislerdmProvider = "kislerdm/neon"
	// kislerdmProjectVersion is the version of its project schema that is understood.
	kislerdmProjectVersion = 11
	// firstSchemaVersion is the first version of this provider's own schemas that
	// share a type name with kislerdm/neon. It leaves the numbers below to that
	// provider, so that a state of it is recognised for what it is.
	firstSchemaVersion = 100
	// kislerdmRelease is a release of it that writes this version.
	kislerdmRelease = "0.13.0"
)

var (
	_ resource.ResourceWithMoveState    = (*projectResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectResource)(nil)
)

// MoveState implements resource.ResourceWithMoveState: a moved block takes over a
// project that kislerdm/neon manages. There is no source schema, as a state that
// doesn't fit it would only be logged by the framework, and not refused.
func (r *projectResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: moveKislerdmProject}}
}

// UpgradeState implements resource.ResourceWithUpgradeState: every version below
// this provider's own is one of kislerdm/neon. Such a state comes here after
// `state replace-provider`, and from OpenTofu also in the course of a move by count
// or for_each: it takes the provider of the whole resource for that of each
// instance, and so moves the first and upgrades the others.
func (r *projectResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	upgraders := make(map[int64]resource.StateUpgrader, firstSchemaVersion)
	for version := range int64(firstSchemaVersion) {
		upgraders[version] = resource.StateUpgrader{
			StateUpgrader: func(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
				takeKislerdmProject(ctx, version, req.RawState, &resp.State, nil, &resp.Diagnostics)
			},
		}
	}
	return upgraders
}

// moveKislerdmProject calls nothing: the refresh that follows reads the project.
// A source that it does not know is left to the framework, which refuses it.
func moveKislerdmProject(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if !isProvider(req.SourceProviderAddress, kislerdmProvider) || req.SourceTypeName != "neon_project" {
		return
	}
	takeKislerdmProject(ctx, req.SourceSchemaVersion, req.SourceRawState, &resp.TargetState, resp.TargetIdentity, &resp.Diagnostics)
}

// takeKislerdmProject writes into target what the source says of a project.
func takeKislerdmProject(
	ctx context.Context, version int64, source *tfprotov6.RawState, target *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics,
) {
	if version != kislerdmProjectVersion {
		diags.Append(versionDiagnostic(version))
		return
	}
	project, d := readKislerdmProject(source)
	diags.Append(d...)
	if diags.HasError() {
		return
	}
	model, d := project.toModel(ctx)
	diags.Append(d...)
	if diags.HasError() {
		return
	}
	saveProject(ctx, model, target, identity, diags)
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
