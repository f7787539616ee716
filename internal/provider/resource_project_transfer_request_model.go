package provider

import (
	"net/url"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
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
	OrgID              types.String      `tfsdk:"org_id"`
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
	if m.ID.IsNull() { // of a request that was never made, as the project was claimed
		m.ClaimURL = types.StringNull()
		return
	}
	if m.ID.IsUnknown() || m.RedirectURL.IsUnknown() {
		m.ClaimURL = types.StringUnknown()
		return
	}
	m.ClaimURL = types.StringValue(claimURL(base, claim{
		projectID: m.ProjectID.ValueString(), requestID: m.ID.ValueString(), redirectURL: m.RedirectURL.ValueString(),
	}))
}

// statusAt is the status by the clock. What was claimed or has expired stays so.
func (m *transferRequestModel) statusAt(now time.Time) string {
	if status := m.Status.ValueString(); status == statusClaimed || status == statusExpired {
		return status
	}
	if expires, diags := m.ExpiresAt.ValueRFC3339Time(); !diags.HasError() && !now.Before(expires) {
		return statusExpired
	}
	return statusPending
}

// isDue reports whether a request has to be made anew.
func (m *transferRequestModel) isDue(now time.Time) bool {
	if !m.Renew.ValueBool() || m.Status.ValueString() == statusClaimed {
		return false
	}
	expires, diags := m.ExpiresAt.ValueRFC3339Time()
	if m.Status.ValueString() == statusExpired || diags.HasError() {
		return true
	}
	return !now.Before(expires.Add(-time.Duration(m.RenewBeforeSeconds.ValueInt64()) * time.Second))
}

// forgetRequest leaves open what a new request will bring.
func (m *transferRequestModel) forgetRequest() {
	m.ID, m.ClaimURL, m.Status = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.CreatedAt, m.ExpiresAt = timetypes.NewRFC3339Unknown(), timetypes.NewRFC3339Unknown()
}

// setClaimed is for a request that was not made, as the project was claimed.
func (m *transferRequestModel) setClaimed() {
	m.ID, m.ClaimURL, m.Status = types.StringNull(), types.StringNull(), types.StringValue(statusClaimed)
	m.CreatedAt, m.ExpiresAt = timetypes.NewRFC3339Null(), timetypes.NewRFC3339Null()
}
