package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type projectPermissionModel struct {
	ID        types.String      `tfsdk:"id"`
	ProjectID types.String      `tfsdk:"project_id"`
	OrgID     types.String      `tfsdk:"org_id"`
	Email     types.String      `tfsdk:"email"`
	GrantedAt timetypes.RFC3339 `tfsdk:"granted_at"`
}

type projectPermissionIdentity struct {
	ProjectID    types.String `tfsdk:"project_id"`
	PermissionID types.String `tfsdk:"permission_id"`
}

func (m *projectPermissionModel) identity() projectPermissionIdentity {
	return projectPermissionIdentity{ProjectID: m.ProjectID, PermissionID: m.ID}
}

// readFrom takes over what Neon has. An address that is only written in another
// case stays as the user wrote it.
func (m *projectPermissionModel) readFrom(granted neon.ProjectPermission) {
	m.ID = types.StringValue(granted.ID)
	m.GrantedAt = rfc3339(granted.GrantedAt)
	if !strings.EqualFold(m.Email.ValueString(), granted.GrantedToEmail) {
		m.Email = types.StringValue(granted.GrantedToEmail)
	}
}

// parsePermissionImport reads project_id/permission_id or project_id/email.
func parsePermissionImport(id string) (projectID, guest string, isAddress bool, p *problem) {
	const summary = "Invalid id of a project permission"
	projectID, guest, found := strings.Cut(id, "/")
	switch {
	case !found || guest == "" || strings.Contains(guest, "/"):
		return "", "", false, newProblem(summary, fmt.Sprintf("%s is not of the form project_id/permission_id or project_id/email, "+
			"such as cool-breeze-12345678/3fa85f64-5717-4562-b3fc-2c963f66afa6 or cool-breeze-12345678/ann@example.com. "+
			"The data source neon_project_permissions lists a project's permissions.", quote(id)))
	case checkProjectID(projectID) != nil:
		return "", "", false, checkProjectID(projectID)
	case !strings.Contains(guest, "@"):
		return projectID, guest, false, nil
	default:
		return projectID, guest, true, checkEmail(guest)
	}
}
