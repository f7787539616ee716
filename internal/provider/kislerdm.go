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
	// kislerdmProvider is the provider whose resources can be moved, on whatever
	// registry: OpenTofu and Terraform name different hosts.
	kislerdmProvider = "kislerdm/neon"
	// kislerdmRelease is a release of it that writes the versions that are understood.
	kislerdmRelease = "0.13.0"
	// firstSchemaVersion is the first version of this provider's own schemas that
	// share a type name with kislerdm/neon. It leaves the numbers below to that
	// provider, so that a state of it is recognised for what it is.
	firstSchemaVersion = 100

	repairAdvice = "Refresh the state with that provider and try again, or take the %s over with a removed block (destroy = false) and an import block."
)

// kislerdmType is a type of resource that kislerdm/neon has under the same name.
type kislerdmType struct {
	typeName string
	noun     string // what it is in a sentence, such as "project"
	version  int64  // of the schema that is understood
	// take writes what the state says, in JSON, into the target. Its error says
	// what is wrong with the state, after "is not what … writes: ".
	take func(ctx context.Context, state []byte, target *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) error
}

// movers let a moved block take over what kislerdm/neon manages. There is no source
// schema, as a state that doesn't fit it would only be logged by the framework, and
// not refused. Nothing is called: the refresh that follows reads the resource. A
// source that isn't known is left to the framework, which refuses it.
func (k kislerdmType) movers() []resource.StateMover {
	return []resource.StateMover{{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
		if isProvider(req.SourceProviderAddress, kislerdmProvider) && req.SourceTypeName == k.typeName {
			k.takeOver(ctx, req.SourceSchemaVersion, req.SourceRawState, &resp.TargetState, resp.TargetIdentity, &resp.Diagnostics)
		}
	}}}
}

// upgraders: every version below this provider's own is one of kislerdm/neon. Such a
// state comes here after `state replace-provider`, and from OpenTofu also in the
// course of a move by count or for_each: it takes the provider of the whole resource
// for that of each instance, and so moves the first and upgrades the others.
func (k kislerdmType) upgraders() map[int64]resource.StateUpgrader {
	upgraders := make(map[int64]resource.StateUpgrader, firstSchemaVersion)
	for version := range int64(firstSchemaVersion) {
		upgraders[version] = resource.StateUpgrader{
			StateUpgrader: func(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
				k.takeOver(ctx, version, req.RawState, &resp.State, nil, &resp.Diagnostics)
			},
		}
	}
	return upgraders
}

// takeOver writes into target what the source says.
func (k kislerdmType) takeOver(
	ctx context.Context, version int64, source *tfprotov6.RawState, target *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics,
) {
	if version != k.version {
		diags.Append(k.versionDiagnostic(version))
		return
	}
	repair := fmt.Sprintf(repairAdvice, k.noun)
	if source == nil || len(source.JSON) == 0 {
		diags.AddError(k.unreadable(), fmt.Sprintf("The state of the %s to move is empty, or in the format of Terraform 0.11. Nothing was changed. %s", k.noun, repair))
		return
	}
	if err := k.take(ctx, source.JSON, target, identity, diags); err != nil {
		diags.AddError(k.unreadable(), fmt.Sprintf("The state of the %s to move is not what %s %s writes: %s. Nothing was changed. %s",
			k.noun, kislerdmProvider, kislerdmRelease, err, repair))
	}
}

// unreadable is the summary of what goes wrong.
func (k kislerdmType) unreadable() string {
	return strings.ToUpper(k.noun[:1]) + k.noun[1:] + " can't be moved"
}

func (k kislerdmType) versionDiagnostic(version int64) diag.Diagnostic {
	advice := fmt.Sprintf("Upgrade %s to version %s, run apply with it once, so that the state is written anew, and then move the %s.", kislerdmProvider, kislerdmRelease, k.noun)
	if version > k.version {
		advice = "That is newer than what this provider knows. Look for a newer version of this provider, " +
			fmt.Sprintf("or take the %s over with a removed block (destroy = false) and an import block, which works for every version.", k.noun)
	}
	return diag.NewErrorDiagnostic(k.unreadable(),
		fmt.Sprintf("The state of the %s to move has schema version %d of %s, and version %d is needed. Nothing was changed. %s",
			k.noun, version, kislerdmProvider, k.version, advice))
}

// isProvider tells whether an address is that of the provider, on any host.
func isProvider(address, namespaceAndType string) bool {
	return address == namespaceAndType || strings.HasSuffix(address, "/"+namespaceAndType)
}
