package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// organizationModel is an organization, by itself and in lists.
type organizationModel struct {
	ID                 types.String      `tfsdk:"id"`
	Name               types.String      `tfsdk:"name"`
	Handle             types.String      `tfsdk:"handle"`
	Plan               types.String      `tfsdk:"plan"`
	ManagedBy          types.String      `tfsdk:"managed_by"`
	CreatedAt          timetypes.RFC3339 `tfsdk:"created_at"`
	UpdatedAt          timetypes.RFC3339 `tfsdk:"updated_at"`
	RequireMFA         types.Bool        `tfsdk:"require_mfa"`
	AllowHipaaProjects types.Bool        `tfsdk:"allow_hipaa_projects"`
}

func newOrganizationModel(o neon.Organization) organizationModel {
	return organizationModel{
		ID:                 types.StringValue(o.ID),
		Name:               types.StringValue(o.Name),
		Handle:             types.StringValue(o.Handle),
		Plan:               types.StringValue(o.Plan),
		ManagedBy:          types.StringValue(o.ManagedBy),
		CreatedAt:          rfc3339(o.CreatedAt),
		UpdatedAt:          rfc3339(o.UpdatedAt),
		RequireMFA:         types.BoolPointerValue(o.RequireMFA),
		AllowHipaaProjects: types.BoolPointerValue(o.AllowHipaaProjects),
	}
}

// organizationAttributes are the attributes of an organization, with an id of the
// data source's own making.
func organizationAttributes(id schema.Attribute) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                   id,
		"name":                 shownString("The name, as the Neon Console shows it."),
		"handle":               shownString("The handle, a readable name that is unique and ends with the id."),
		"plan":                 shownString("The plan that the organization is on, such as `launch` or `scale`."),
		"managed_by":           shownString("Who manages the organization: `console` where it was made in the Neon Console or by the API, otherwise the product that it was made by."),
		"created_at":           shownTime("When the organization was created, in RFC 3339."),
		"updated_at":           shownTime("When the organization was last changed, in RFC 3339."),
		"require_mfa":          shownBool("Whether members need multi-factor authentication to get at the organization. It is null where Neon does not tell."),
		"allow_hipaa_projects": shownBool("Whether the organization may have projects under HIPAA rules. It is null where Neon does not tell."),
	}
}
