package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// kislerdmProjectVersion is the version of kislerdm/neon's project schema that is
// understood.
const kislerdmProjectVersion = 11

var (
	_ resource.ResourceWithMoveState    = (*projectResource)(nil)
	_ resource.ResourceWithUpgradeState = (*projectResource)(nil)
)

func kislerdmProjectType() kislerdmType {
	return kislerdmType{typeName: "neon_project", noun: "project", version: kislerdmProjectVersion, take: takeKislerdmProject}
}

// MoveState implements resource.ResourceWithMoveState.
func (r *projectResource) MoveState(context.Context) []resource.StateMover {
	return kislerdmProjectType().movers()
}

// UpgradeState implements resource.ResourceWithUpgradeState.
func (r *projectResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return kislerdmProjectType().upgraders()
}

func takeKislerdmProject(ctx context.Context, state []byte, target *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) error {
	project, err := parseKislerdmProject(state)
	if err != nil {
		return err
	}
	model, d := project.toModel(ctx)
	diags.Append(d...)
	if !diags.HasError() {
		saveProject(ctx, model, target, identity, diags)
	}
	return nil
}
