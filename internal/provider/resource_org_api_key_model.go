package provider

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

type orgAPIKeyModel struct {
	ID        types.String      `tfsdk:"id"`
	OrgID     types.String      `tfsdk:"org_id"`
	Name      types.String      `tfsdk:"name"`
	ProjectID types.String      `tfsdk:"project_id"`
	Key       types.String      `tfsdk:"key"`
	CreatedAt timetypes.RFC3339 `tfsdk:"created_at"`
}

type orgAPIKeyIdentity struct {
	OrgID types.String `tfsdk:"org_id"`
	KeyID types.String `tfsdk:"key_id"`
}

func (m *orgAPIKeyModel) identity() orgAPIKeyIdentity {
	return orgAPIKeyIdentity{OrgID: m.OrgID, KeyID: m.ID}
}

// keyID is Neon's number of the key. What is no number is no key's.
func (m *orgAPIKeyModel) keyID() int64 {
	id, _ := strconv.ParseInt(m.ID.ValueString(), 10, 64)
	return id
}

func (m *orgAPIKeyModel) readCreated(made *neon.CreatedAPIKey) {
	m.readFrom(made.APIKeyFields, made.ProjectID)
	m.Key = types.StringValue(made.Key)
}

// readFrom takes over what Neon tells of a key any time. The secret isn't part of it.
func (m *orgAPIKeyModel) readFrom(fields neon.APIKeyFields, projectID string) {
	m.ID = types.StringValue(strconv.FormatInt(fields.ID, 10))
	m.Name = types.StringValue(fields.Name)
	m.ProjectID = stringOrNull(projectID)
	m.CreatedAt = rfc3339(fields.CreatedAt)
}

// parseKeyImport reads org_id/key_id.
func parseKeyImport(id string) (orgID, keyID string, p *problem) {
	orgID, keyID, _ = strings.Cut(id, "/")
	if p := checkOrgID(orgID); p != nil && strings.Contains(id, "/") {
		return "", "", p
	}
	if _, err := strconv.ParseInt(keyID, 10, 64); err != nil {
		return "", "", newProblem("Invalid id of an organization API key", keyImportMistake(id)+
			" An id of the form org_id/key_id is expected, such as org-cool-breeze-12345678/165434, in which key_id is a number. "+
			"GET /organizations/{org_id}/api_keys lists an organization's keys; names of keys need not be unique.")
	}
	return orgID, keyID, nil
}

// keyImportMistake doesn't show what may be the secret.
func keyImportMistake(id string) string {
	if kindOf(id) == kindKey {
		return "The value is the key itself, not its id."
	}
	return fmt.Sprintf("%s was given.", quote(id))
}
