package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// unusedKeysKey is where a key keeps, in private state, which keys of its name were
// there when it was created and had never been used. A run may have left them that
// was killed before it could save them. A key that this one replaces looks the same,
// and while one is created nothing tells which of the two it is: with
// create_before_destroy the CLI tells the process that creates the new object nothing
// of the old one. So the creation asks nobody to do anything, and the next refresh,
// by which a replaced key is revoked, says what to do about those that are left.
const unusedKeysKey = "unused_keys"

// keyLeftBehind goes on with an id: the CLIs show only the first of several warnings
// that have the same summary.
const keyLeftBehind = "Perhaps an API key was left behind: key "

// unusedKeysFor is how long they are named, and once more after that.
const unusedKeysFor = 24 * time.Hour

// noteUnusedKeys remembers the keys for the next refresh.
func noteUnusedKeys(ctx context.Context, made *madeOrgAPIKey, private privateSetter) diag.Diagnostics {
	var diags diag.Diagnostics
	if len(made.Unused) == 0 {
		return diags
	}
	ids := make([]int64, len(made.Unused))
	for i, k := range made.Unused {
		ids[i] = k.ID
		diags.AddWarning(keyLeftBehind+strconv.FormatInt(k.ID, 10),
			fmt.Sprintf("When key %d, named %q, was created, organization %s had another one of this name: key %d, created %s and never used. Nothing has to be done now. "+
				"If this apply replaces key %d, it revokes it next. If a run was broken off before it could save its state, key %d is what it has left; the next plan names it then, and says what to do.",
				made.ID, made.Name, made.orgID, k.ID, k.CreatedAt.UTC().Format(time.RFC3339), k.ID, k.ID))
	}
	value, err := json.Marshal(ids)
	if err != nil {
		diags.AddError("Unused API keys not noted", err.Error())
		return diags
	}
	diags.Append(private.SetKey(ctx, unusedKeysKey, value)...)
	return diags
}

// warnOfUnusedKeys names the keys that are still there and still unused. It makes no
// request of its own: the organization's list was read for the key itself.
func (r *orgAPIKeyResource) warnOfUnusedKeys(ctx context.Context, state orgAPIKeyModel, before privateGetter, after privateSetter) diag.Diagnostics {
	value, diags := before.GetKey(ctx, unusedKeysKey)
	var ids []int64
	if err := json.Unmarshal(value, &ids); err != nil || len(ids) == 0 {
		return diags
	}
	orgID := state.OrgID.ValueString()
	isOver := true
	for _, id := range ids {
		k, err := r.client.FindOrgAPIKey(ctx, orgID, id)
		if err != nil {
			return diags // the next refresh looks again
		}
		if k == nil || k.LastUsedAt != nil {
			continue
		}
		isOver = r.isPast(state, unusedKeysFor)
		diags.AddWarning(keyLeftBehind+strconv.FormatInt(k.ID, 10),
			fmt.Sprintf("When key %s, named %q, was created, organization %s had another one of this name: key %d, created %s and never used since. "+
				"If a run was broken off before it could save its state, this is what it has left, and nobody knows its secret: revoke it under the organization's API keys in the Neon Console. "+
				"Ignore this if the key is in use elsewhere, is in another state, or is to be destroyed by this plan.",
				state.ID.ValueString(), state.Name.ValueString(), orgID, k.ID, k.CreatedAt.UTC().Format(time.RFC3339)))
	}
	if isOver {
		diags.Append(after.SetKey(ctx, unusedKeysKey, []byte("null"))...)
	}
	return diags
}

// isPast reports whether the key is so old.
func (r *orgAPIKeyResource) isPast(state orgAPIKeyModel, age time.Duration) bool {
	created, diags := state.CreatedAt.ValueRFC3339Time()
	return diags.HasError() || r.client.Now().Sub(created) >= age
}

// adviseLostKey lists the keys that may be the lost one. Others may have made them.
func adviseLostKey(lost *neon.LostKeyError) string {
	said := keyWasAskedFor(lost) + " Nothing was revoked and nothing was sent again, because nothing proves which key came of it.\n\n"
	switch {
	case len(lost.Keys) > 0:
		return said + fmt.Sprintf("Keys of this name that were not there before:\n%s\n\n"+
			"If nobody else made one of them, revoke it under the organization's API keys in the Neon Console, or by DELETE /organizations/%s/api_keys/ and its id. "+
			"Then apply again to create a key whose secret is known.", listKeys(lost.Keys), lost.OrgID)
	case lost.LookErr != nil:
		return said + "Whether there is a new key of this name could not be found out. " +
			"Look for one under the organization's API keys in the Neon Console, and revoke it if nobody else made it. Then apply again."
	default:
		return said + "The organization has no new key of this name, so it was probably not created. Neon may still create it: " +
			"should such a key turn up that nobody else made, revoke it under the organization's API keys in the Neon Console. Apply again to create a key whose secret is known."
	}
}
