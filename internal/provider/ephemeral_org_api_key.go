package provider

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Defaults of the ephemeral key, and how long its revocation may take. It goes on
// when the run was interrupted, for as long as leaves a CLI time to end within five
// seconds: a request that was sent by then is waited for by the client.
const (
	defaultKeyPrefix       = "terraform-ephemeral"
	defaultMaxLifetime     = 24 * time.Hour
	minMaxLifetimeSeconds  = 60
	ephemeralRevokeTimeout = time.Minute
	ephemeralRevokeGrace   = 500 * time.Millisecond
)

type orgAPIKeyEphemeral struct{ ephemeralBase }

var (
	_ ephemeral.EphemeralResource              = (*orgAPIKeyEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithClose     = (*orgAPIKeyEphemeral)(nil)
	_ ephemeral.EphemeralResourceWithConfigure = (*orgAPIKeyEphemeral)(nil)
)

func newOrgAPIKeyEphemeral() ephemeral.EphemeralResource { return &orgAPIKeyEphemeral{} }

type ephemeralKeyModel struct {
	OrgID              types.String      `tfsdk:"org_id"`
	ProjectID          types.String      `tfsdk:"project_id"`
	NamePrefix         types.String      `tfsdk:"name_prefix"`
	MaxLifetimeSeconds types.Int64       `tfsdk:"max_lifetime_seconds"`
	ID                 types.String      `tfsdk:"id"`
	Name               types.String      `tfsdk:"name"`
	Key                types.String      `tfsdk:"key"`
	CreatedAt          timetypes.RFC3339 `tfsdk:"created_at"`
}

// Metadata implements ephemeral.EphemeralResource.
func (e *orgAPIKeyEphemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "neon_org_api_key"
}

// Schema implements ephemeral.EphemeralResource.
func (e *orgAPIKeyEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An API key of an organization, or of one of its projects, for the time that a run lasts: it is created when the run first needs it, revoked when the run is over, and is in neither plan nor state. " +
			"A `plan` creates and revokes one as well. It needs a personal key of an admin.\n\n" +
			"No CLI ends an ephemeral resource when something that depends on it fails, and none can when it is killed. Keys of Neon never expire, so the key says in its name until when it may be in use: " +
			"`<name_prefix>-<time>-<random>`, such as `terraform-ephemeral-20260315T120000Z-k3v7q2ma`. The next run that has the same `name_prefix` and the same user revokes those that are past their time, so give no other key such a name. " +
			"A key that could not be revoked is named in an error, with its id, so that it can be revoked by hand.\n\n" +
			"Where the answer to the creation is lost, a key of exactly this name is revoked and another one is created, as nobody knows the secret of the first.",
		Attributes: map[string]schema.Attribute{
			"org_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization. Defaults to the provider's `org_id`.",
			},
			"project_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{projectIDValidator()},
				MarkdownDescription: "Confines the key to this project of the organization, which it can change, but not delete. Without it, the default, the key may do all that an admin may with the organization's projects.",
			},
			"name_prefix": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, maxKeyPrefixLength)},
				MarkdownDescription: fmt.Sprintf("What the key's name begins with, 1 to %d characters, so that people and later runs recognise it. Defaults to `"+defaultKeyPrefix+"`.", maxKeyPrefixLength),
			},
			"max_lifetime_seconds": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.AtLeast(minMaxLifetimeSeconds)},
				MarkdownDescription: "After how many seconds later runs take the key for one that was left behind, and revoke it; at least 60, and longer than any run takes. Defaults to 86400 (a day). Neon itself does not end the key.",
			},
			"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "The key's id, a number."},
			"name":       schema.StringAttribute{Computed: true, MarkdownDescription: "The key's name."},
			"key":        schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The key, a secret."},
			"created_at": schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "When the key was created, in RFC 3339."},
		},
	}
}

// openedKey is what Close has to know of the key.
type openedKey struct {
	OrgID string `json:"org_id"`
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	// Repeated: there may be a second one of the name.
	Repeated bool `json:"repeated,omitempty"`
}

const openedKeyKey = "opened"

// Open creates a key, and revokes what earlier runs have left behind.
func (e *orgAPIKeyEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model ephemeralKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	name := ephemeralKeyName{prefix: cmp.Or(model.NamePrefix.ValueString(), defaultKeyPrefix), until: e.client.Now().Add(defaultMaxLifetime)}
	if !model.MaxLifetimeSeconds.IsNull() {
		name.until = e.client.Now().Add(time.Duration(model.MaxLifetimeSeconds.ValueInt64()) * time.Second)
	}
	create := neon.APIKeyCreate{KeyName: name.String(), ProjectID: model.ProjectID.ValueString()}
	made, diags := e.createOrgAPIKey(ctx, model.OrgID, create, e.client.CreateUniqueOrgAPIKey, name.adviseLost)
	resp.Diagnostics.Append(diags...)
	if made == nil {
		return
	}
	opened := openedKey{OrgID: made.orgID, ID: made.ID, Name: made.Name, Repeated: made.Repeated}
	if made.Repeated {
		resp.Diagnostics.AddWarning("Perhaps a second API key was created: "+made.Name, fmt.Sprintf(
			"The answer to a first request for key %q of organization %s was lost, and no key was to be seen, so that the request was sent again. If Neon carries the first one out after all, there are two keys of this name, "+
				"and nobody knows the secret of the other. It is revoked when this run ends, if it is there by then, else by the first run after %s that has the same name_prefix and the same user.",
			made.Name, made.orgID, name.until.UTC().Format(time.RFC3339)))
	}
	model.readCreated(made)
	resp.Diagnostics.Append(opened.save(ctx, resp.Private)...)
	resp.Diagnostics.Append(resp.Result.Set(ctx, model)...)
	if resp.Diagnostics.HasError() {
		// What was not opened is not closed either.
		resp.Diagnostics.Append(e.revoke(ctx, opened)...)
		return
	}
	resp.Diagnostics.Append(e.revokeLeftovers(ctx, made.orgID, name.prefix)...)
}

func (m *ephemeralKeyModel) readCreated(made *madeOrgAPIKey) {
	var key orgAPIKeyModel
	key.readCreated(&made.CreatedAPIKey)
	m.OrgID = types.StringValue(made.orgID)
	m.ID, m.Name, m.Key, m.CreatedAt = key.ID, key.Name, key.Key, key.CreatedAt
}

func (k openedKey) save(ctx context.Context, private privateSetter) diag.Diagnostics {
	value, err := json.Marshal(k)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Ephemeral API key not noted", err.Error())}
	}
	return private.SetKey(ctx, openedKeyKey, value)
}

// Close revokes the key.
func (e *orgAPIKeyEphemeral) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	value, diags := req.Private.GetKey(ctx, openedKeyKey)
	resp.Diagnostics.Append(diags...)
	var opened openedKey
	if err := json.Unmarshal(value, &opened); err != nil && !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddError("Ephemeral API key not revoked",
			fmt.Sprintf("Which key it was can't be read any more: %v. Look for a key whose name begins with the name_prefix in the Neon Console, and revoke it there.", err))
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(e.revoke(ctx, opened)...)
	}
}

// revoke goes on when the run was interrupted. A key that stays is named.
func (e *orgAPIKeyEphemeral) revoke(ctx context.Context, key openedKey) diag.Diagnostics {
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), ephemeralRevokeTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(ephemeralRevokeGrace, cancel) })
	defer stop()
	err := e.client.RevokeOrgAPIKey(patient, key.OrgID, key.ID)
	which := fmt.Sprintf("Key %d, named %q, of organization %s was created for this run and may still work.", key.ID, key.Name, key.OrgID)
	if err == nil && key.Repeated {
		err = e.client.RevokeUniqueOrgAPIKey(patient, key.OrgID, key.Name)
		which = fmt.Sprintf("A second key named %q of organization %s may have been created for this run, and whether it is there could not be found out.", key.Name, key.OrgID)
		if left, ok := errors.AsType[*neon.LostKeyError](err); ok {
			which = fmt.Sprintf("Of the keys for this run, one is left that nobody knows the secret of, named %q, of organization %s:\n%s\n", key.Name, key.OrgID, listKeys(left.Keys))
		}
	}
	if err == nil {
		return nil
	}
	return failure{
		summary: "Ephemeral API key not revoked", isAdvised: true,
		advice: which + fmt.Sprintf(" Revoke it under the organization's API keys in the Neon Console, or by DELETE /organizations/%s/api_keys/ and its id.", key.OrgID),
	}.diagnostics(err)
}

// revokeLeftovers revokes the keys that this user's earlier runs should have
// revoked. This run doesn't need it to work.
func (e *orgAPIKeyEphemeral) revokeLeftovers(ctx context.Context, orgID, prefix string) diag.Diagnostics {
	const summary = "Ephemeral API keys of earlier runs not revoked"
	var diags diag.Diagnostics
	me, err := e.client.KeyOwner(ctx)
	var keys []neon.APIKey
	if err == nil {
		keys, err = e.client.ListOrgAPIKeys(ctx, orgID)
	}
	if err != nil {
		diags.AddWarning(summary, "Whether earlier runs have left keys behind could not be found out. This run doesn't need to know; the next one looks again.\n\n"+technical(err))
		return diags
	}
	for _, k := range keys {
		name, isOurs := parseEphemeralKeyName(k.Name)
		if !isOurs || name.prefix != prefix || k.CreatedBy.ID != me.AccountID || e.client.Now().Before(name.until) {
			continue
		}
		if err := e.client.RevokeOrgAPIKey(ctx, orgID, k.ID); err != nil {
			diags.AddWarning(summary, fmt.Sprintf("Key %d, named %q, was left behind by an earlier run and still works. Revoke it under the organization's API keys in the Neon Console.\n\n%s", k.ID, k.Name, technical(err)))
		}
	}
	return diags
}
