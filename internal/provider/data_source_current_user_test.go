package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

func TestAccCurrentUserData(t *testing.T) {
	t.Parallel()
	const adminID = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01"
	person := map[string]knownvalue.Check{
		"auth_method": knownvalue.StringExact("api_key_user"), "account_id": knownvalue.StringExact(adminID), "org_id": knownvalue.Null(),
		"id": knownvalue.StringExact(adminID), "email": knownvalue.StringExact("admin@partner.test"), "plan": knownvalue.StringExact("scale"),
		"name": knownvalue.NotNull(), "last_name": knownvalue.NotNull(), "image": knownvalue.NotNull(),
		"projects_limit": knownvalue.Int64Exact(1000), "branches_limit": knownvalue.Int64Exact(5000), "max_autoscaling_limit": knownvalue.Float64Exact(56),
	}
	organization := map[string]knownvalue.Check{}
	for name := range person {
		organization[name] = knownvalue.Null()
	}
	organization["auth_method"] = knownvalue.StringExact("api_key_org")
	organization["account_id"], organization["org_id"] = knownvalue.StringExact(acme), knownvalue.StringExact(acme)

	w := newWorld(t)
	for key, want := range map[string]map[string]knownvalue.Check{partnerAdmin: person, partnerOrgKey: organization} {
		config := w.config(key, "", "data \"neon_current_user\" \"me\" {}\noutput \"me\" { value = data.neon_current_user.me }")
		w.run(
			resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{wantOutput("me", knownvalue.ObjectExact(want))}},
			resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
		)
	}
}

func TestCurrentUserDataRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for key, want := range map[string]map[string]int{
		partnerAdmin:  {"GET /auth": 1, "GET /users/me": 1},
		partnerOrgKey: {"GET /auth": 1},
	} {
		if _, diags := w.readData(&currentUserDataSource{}, key, "", nil); diags.HasError() {
			t.Error(diags)
		}
		w.wantExactRequests(want)
	}
	_, diags := w.readData(&currentUserDataSource{}, "napi_wrong", "", nil)
	wantOneError(t, diags, "", "Current user not read", "does not accept the API key", "Status 401")
}
