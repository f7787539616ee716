package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// connectionURIModel is the data source's and the ephemeral resource's.
type connectionURIModel struct {
	ProjectID     types.String `tfsdk:"project_id"`
	OrgID         types.String `tfsdk:"org_id"`
	IgnoreMissing types.Bool   `tfsdk:"ignore_missing"`
	Missing       types.Bool   `tfsdk:"missing"`
	BranchID      types.String `tfsdk:"branch_id"`
	EndpointID    types.String `tfsdk:"endpoint_id"`
	DatabaseName  types.String `tfsdk:"database_name"`
	RoleName      types.String `tfsdk:"role_name"`
	Pooled        types.Bool   `tfsdk:"pooled"`
	URI           types.String `tfsdk:"uri"`
	Host          types.String `tfsdk:"host"`
	Port          types.Int64  `tfsdk:"port"`
	User          types.String `tfsdk:"user"`
	Password      types.String `tfsdk:"password"`
	Database      types.String `tfsdk:"database"`
}

// uriAttribute is a text attribute that the data source and the ephemeral resource
// have in common. Their schemas are of different types, so each makes its own of it.
type uriAttribute struct {
	name               string
	text               string
	required, optional bool // neither: Neon sets it
	sensitive          bool
	checks             []validator.String
}

func uriAttributes() []uriAttribute {
	named := []validator.String{stringvalidator.LengthAtLeast(1)}
	return []uriAttribute{
		{name: "project_id", required: true, checks: []validator.String{projectIDValidator()}, text: "The project to connect to."},
		{name: "org_id", optional: true, checks: []validator.String{orgIDValidator()}, text: expectedOrgText},
		{name: "branch_id", optional: true, checks: []validator.String{branchIDValidator()}, text: "The branch to connect to. Defaults to the project's default branch."},
		{name: "endpoint_id", optional: true, checks: []validator.String{endpointIDValidator()}, text: "The compute endpoint to connect through. Defaults to the branch's read-write endpoint."},
		{name: "database_name", required: true, checks: named, text: "The name of the database, such as `neondb`."},
		{name: "role_name", required: true, checks: named, text: "The name of the Postgres role to connect as, such as `neondb_owner`."},
		{name: "uri", sensitive: true, text: "The connection string, with the password in it."},
		{name: "host", text: "The host in the connection string."},
		{name: "user", text: "The user in the connection string."},
		{name: "password", sensitive: true, text: "The password in the connection string. It is null where the project doesn't store passwords."},
		{name: "database", text: "The database in the connection string."},
	}
}

// The attributes that aren't texts.
const (
	uriPooledText = "Whether to connect through the connection pooler, which takes many more connections and keeps no sessions. Defaults to `false`."
	uriPortText   = "The port in the connection string; 5432 where it has none."
)

// readConnectionURI asks Neon for the connection string and takes it apart. That of a
// project which belongs to somebody else is never asked for.
func (c *configured) readConnectionURI(ctx context.Context, m *connectionURIModel) diag.Diagnostics {
	const summary = "Connection URI not read"
	expected := expectation{projectID: m.ProjectID, at: path.Root("project_id"), orgID: m.OrgID, ignore: m.IgnoreMissing}
	_, isMissing, diags := c.look(ctx, expected, summary)
	m.Missing = types.BoolValue(isMissing)
	if isMissing || diags.HasError() {
		return diags
	}
	uri, err := c.client.GetConnectionURI(ctx, m.ProjectID.ValueString(), neon.ConnectionURIQuery{
		BranchID: m.BranchID.ValueString(), EndpointID: m.EndpointID.ValueString(),
		DatabaseName: m.DatabaseName.ValueString(), RoleName: m.RoleName.ValueString(), Pooled: knownBool(m.Pooled),
	})
	if err != nil {
		f := failure{summary: summary}
		if neon.IsNotFound(err) {
			f.advice = fmt.Sprintf("Project %s, its branch or endpoint, database %s or role %s does not exist; Neon says below which.",
				m.ProjectID.ValueString(), quote(m.DatabaseName.ValueString()), quote(m.RoleName.ValueString()))
		}
		return f.diagnostics(err)
	}
	parts, problem := parseConnectionURI(uri)
	if problem != nil {
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("uri"), summary, "Neon's answer can't be taken apart. "+problem.detail)}
	}
	m.URI, m.Host, m.Port = types.StringValue(uri), types.StringValue(parts.host), types.Int64Value(parts.port)
	m.User, m.Password, m.Database = types.StringValue(parts.user), stringOrNull(parts.password), types.StringValue(parts.database)
	return nil
}
