package provider

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// tokenKey is where a resource that makes claims keeps, in private state, a random
// token of its own: the CLI does not tell a provider the address of a resource.
// States of earlier versions have it under this name.
const tokenKey = "seat_token"

// ownToken returns the resource's token, and makes one where there is none.
func ownToken(ctx context.Context, before privateGetter, after privateSetter) (string, diag.Diagnostics) {
	token, diags := keptToken(ctx, before)
	if token == "" {
		token, diags = newToken(ctx, after)
	}
	return token, diags
}

// keptToken returns the token in private state, and "" where there is none.
func keptToken(ctx context.Context, private privateGetter) (token string, diags diag.Diagnostics) {
	diags = readNote(ctx, private, tokenKey, &token)
	return token, diags
}

// newToken makes a token.
func newToken(ctx context.Context, after privateSetter) (string, diag.Diagnostics) {
	token := uuid.NewString()
	return token, writeNote(ctx, after, tokenKey, token)
}

// planKey is where a plan leaves a planNote in private state.
const planKey = "plan"

// planNote is what a plan leaves for Delete, which learns from the CLI neither
// whether the resource is replaced nor by what. Where it is replaced, the note is
// that of the plan of the new one.
type planNote struct {
	// Ends: the plan passed the guards of an end of what is in state. The plan of the
	// new one for a tainted resource does not see what is in state.
	Ends bool `json:"ends,omitempty"`
	// Self: the plan warned that the API key is this member's own.
	Self bool `json:"self,omitempty"`
	// Replaces is the token of the resource that is replaced.
	Replaces string `json:"replaces,omitempty"`
	// OrgID, ID and Email name what the resource is going to have, as in a claim.
	OrgID string `json:"org_id,omitempty"`
	ID    string `json:"id,omitempty"`
	Email string `json:"email,omitempty"`
}

// next notes what the resource is going to have.
func (n *planNote) next(c orgClaim) { n.OrgID, n.ID, n.Email = c.orgID, c.id, c.email }

// keeps reports whether the resource is going to have what it has in state.
func (n *planNote) keeps(c orgClaim) bool {
	return c.isOf(orgClaim{orgID: n.OrgID, id: n.ID, email: n.Email})
}

// readNote reads a value from private state. What is not there, or another version
// has written in another way, leaves the value as it is.
func readNote(ctx context.Context, private privateGetter, key string, value any) diag.Diagnostics {
	kept, diags := private.GetKey(ctx, key)
	if len(kept) > 0 {
		_ = json.Unmarshal(kept, value)
	}
	return diags
}

// writeNote writes a value to private state.
func writeNote(ctx context.Context, private privateSetter, key string, value any) diag.Diagnostics {
	encoded, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Private state not written", "This is a fault of the provider; please report it: "+err.Error())}
	}
	return private.SetKey(ctx, key, encoded)
}

// newPlan is a plan of a resource that is not there: a new one, or the new one of
// two.
type newPlan struct {
	token string
	// was is what the plan before, of the one that is replaced, left in private
	// state, and empty for a resource that is new or tainted.
	was planNote
	now planNote
}

// planNew begins such a plan.
func (c *configured) planNew(ctx context.Context, before privateGetter, after privateSetter) (newPlan, diag.Diagnostics) {
	var made newPlan
	replaced, diags := keptToken(ctx, before)
	diags.Append(readNote(ctx, before, planKey, &made.was)...)
	token, more := newToken(ctx, after)
	diags.Append(more...)
	made.token = token
	made.now = planNote{Ends: made.was.Ends, Self: made.was.Self, Replaces: replaced}
	if replaced != "" {
		c.claims.replace(replaced)
	}
	diags.Append(writeNote(ctx, after, planKey, made.now)...)
	return made, diags
}

// note notes what the resource is going to have.
func (n *newPlan) note(ctx context.Context, next orgClaim, after privateSetter) diag.Diagnostics {
	n.now.next(next)
	return writeNote(ctx, after, planKey, n.now)
}
