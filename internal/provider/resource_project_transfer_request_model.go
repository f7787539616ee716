package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// The statuses of a transfer request, which are this provider's own: Neon has none.
const (
	statusPending = "pending"
	statusExpired = "expired"
	statusClaimed = "claimed"
)

type transferRequestModel struct {
	ProjectID          types.String      `tfsdk:"project_id"`
	TTLSeconds         wholeNumber       `tfsdk:"ttl_seconds"`
	RedirectURL        types.String      `tfsdk:"redirect_url"`
	Renew              types.Bool        `tfsdk:"renew"`
	RenewBeforeSeconds types.Int64       `tfsdk:"renew_before_seconds"`
	ID                 types.String      `tfsdk:"id"`
	ClaimURL           types.String      `tfsdk:"claim_url"`
	CreatedAt          timetypes.RFC3339 `tfsdk:"created_at"`
	ExpiresAt          timetypes.RFC3339 `tfsdk:"expires_at"`
	Status             types.String      `tfsdk:"status"`
}

func (m *transferRequestModel) readCreated(made *neon.TransferRequest, base *url.URL) {
	m.ID = types.StringValue(made.ID)
	m.CreatedAt = timetypes.NewRFC3339TimeValue(made.CreatedAt.UTC())
	m.ExpiresAt = timetypes.NewRFC3339TimeValue(made.ExpiresAt.UTC())
	m.Status = types.StringValue(statusPending)
	m.setClaimURL(base)
}

// setClaimURL writes the link that the other attributes make.
func (m *transferRequestModel) setClaimURL(base *url.URL) {
	if isUnset(m.ID) || m.RedirectURL.IsUnknown() {
		m.ClaimURL = types.StringUnknown()
		return
	}
	m.ClaimURL = types.StringValue(claimURL(base, claim{
		projectID: m.ProjectID.ValueString(), requestID: m.ID.ValueString(), redirectURL: m.RedirectURL.ValueString(),
	}))
}

// statusAt is the status by the clock. What was claimed stays claimed.
func (m *transferRequestModel) statusAt(now time.Time) string {
	if m.Status.ValueString() == statusClaimed {
		return statusClaimed
	}
	if expires, diags := m.ExpiresAt.ValueRFC3339Time(); !diags.HasError() && !now.Before(expires) {
		return statusExpired
	}
	return statusPending
}

// isDue tells whether a request has to be made anew.
func (m *transferRequestModel) isDue(now time.Time) bool {
	expires, diags := m.ExpiresAt.ValueRFC3339Time()
	if diags.HasError() || !m.Renew.ValueBool() {
		return false
	}
	return !now.Before(expires.Add(-time.Duration(m.RenewBeforeSeconds.ValueInt64()) * time.Second))
}

// forgetRequest leaves open what a new request will bring.
func (m *transferRequestModel) forgetRequest() {
	m.ID, m.ClaimURL, m.Status = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.CreatedAt, m.ExpiresAt = timetypes.NewRFC3339Unknown(), timetypes.NewRFC3339Unknown()
}

// projectOwner is kept beside the state: who owned the project when the request
// was made.
type projectOwner struct {
	OwnerID string `json:"owner_id"`
	OrgID   string `json:"org_id,omitempty"`
}

const ownerKey = "owner"

type privateGetter interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateSetter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func savePrivateOwner(ctx context.Context, private privateSetter, project neon.ProjectFields) diag.Diagnostics {
	value, err := json.Marshal(projectOwner{OwnerID: project.OwnerID, OrgID: project.OrgID})
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Owner not noted", err.Error())}
	}
	return private.SetKey(ctx, ownerKey, value)
}

func loadPrivateOwner(ctx context.Context, private privateGetter) (projectOwner, diag.Diagnostics) {
	var owner projectOwner
	value, diags := private.GetKey(ctx, ownerKey)
	if len(value) == 0 {
		return owner, diags
	}
	if err := json.Unmarshal(value, &owner); err != nil {
		diags.AddError("Owner not readable", fmt.Sprintf("What the state has on the project's owner is broken: %v. Replace the resource with -replace.", err))
	}
	return owner, diags
}

// fate is what became of a project that is no longer to be seen.
type fate int

const (
	fateUnknown fate = iota
	fatePresent
	fateDeleted
	fateElsewhere
)

// fateOfProject finds out what became of a project that Neon does not show. The
// diagnostics say why it is unknown.
func (c *configured) fateOfProject(ctx context.Context, id string, owner projectOwner, refusal error) (fate, *neon.Absence, diag.Diagnostics) {
	absence, err := c.client.ExplainAbsence(ctx, owner.OwnerID, owner.OrgID, id)
	if hidden, ok := errors.AsType[*neon.OwnerNotVisibleError](err); ok {
		return fateUnknown, nil, hiddenDiagnostics(id, hidden, refusal)
	}
	if err != nil {
		return fateUnknown, nil, failure{summary: "Project not read"}.diagnostics(err)
	}
	if absence.Project != nil && absence.Project.OwnerID == owner.OwnerID {
		return fatePresent, absence, nil
	}
	if absence.Deleted {
		return fateDeleted, absence, nil
	}
	return fateElsewhere, absence, nil
}
