package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const (
	spendingLimit = "neon_org_spending_limit.monthly"
	setLimitRoute = "PUT /organizations/{org_id}/billing/spending_limit"
	getLimitRoute = "GET /organizations/{org_id}/billing/spending_limit"
)

func limitOf(arguments string) string {
	return "resource \"neon_org_spending_limit\" \"monthly\" {\n" + arguments + "\n}"
}

func cents(n int) string { return fmt.Sprintf("  spending_limit_cents = %d", n) }

// limit is an organization's limit in cents, or -1 for none.
func (w *world) limit(orgID string) int64 {
	for _, o := range w.emu.Snapshot().Organizations {
		if o.ID == orgID && o.SpendingLimitCents != nil {
			return *o.SpendingLimitCents
		}
	}
	return -1
}

func expectCents(n int64) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(spendingLimit, tfjsonpath.New("spending_limit_cents"), knownvalue.Int64Exact(n))
}

func TestSpendingLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(limitOf(cents(5000)))
	byHand := func(change func() error) func() {
		return func() {
			if err := change(); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.run(
		resource.TestStep{
			Config: config, ConfigPlanChecks: planned(spendingLimit, plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{expectString(spendingLimit, "org_id", acme), expectCents(5000)},
		},
		resource.TestStep{PreConfig: w.emu.ClearRequests, Config: config, ConfigPlanChecks: unchanged(), Check: w.wantRequests(map[string]int{setLimitRoute: 0})},
		resource.TestStep{
			Config: w.partner(limitOf(cents(7000))), ConfigPlanChecks: planned(spendingLimit, plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{expectCents(7000)},
			Check:             w.wantBody(setLimitRoute, `{"spending_limit_cents":7000}`),
		},
		resource.TestStep{
			PreConfig: byHand(func() error { return w.client(partnerAdmin).SetSpendingLimit(t.Context(), acme, 1) }),
			Config:    config, ConfigPlanChecks: planned(spendingLimit, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig: byHand(func() error { return w.client(partnerAdmin).ClearSpendingLimit(t.Context(), acme) }),
			Config:    config, ConfigPlanChecks: planned(spendingLimit, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			Config: config, ResourceName: spendingLimit, ImportState: true, ImportStateVerify: true,
			ImportStateId: acme, ImportStateVerifyIdentifierAttribute: "org_id",
		},
		resource.TestStep{Config: config, ResourceName: spendingLimit, ImportState: true, ImportStateId: "acme", ExpectError: diagnostic("Invalid organization id")},
		// Leaving org_id out, or naming the same one, changes nothing. Another one replaces it.
		resource.TestStep{Config: w.config(partnerAdmin, labs, limitOf(cents(5000))), ConfigPlanChecks: unchanged()},
		resource.TestStep{
			Config:           w.partner(limitOf(cents(5000) + "\n  org_id = \"" + labs + "\"")),
			ConfigPlanChecks: planned(spendingLimit, plancheck.ResourceActionReplace),
			Check: func(*terraform.State) error {
				if w.limit(acme) != -1 || w.limit(labs) != 5000 {
					return fmt.Errorf("limits are %d and %d", w.limit(acme), w.limit(labs))
				}
				return nil
			},
		},
	)
	if w.limit(labs) != -1 {
		t.Errorf("after destroy the limit is %d", w.limit(labs))
	}
}

func TestSpendingLimitImportByIdentity(t *testing.T) {
	t.Parallel()
	requireIdentities(t)
	w := newWorld(t)
	config := w.partner(limitOf(cents(5000)))
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ResourceName: spendingLimit, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

// A key of an organization knows which organization is meant.
func TestSpendingLimitWithAnOrganizationKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(resource.TestStep{
		Config:            w.config(partnerOrgKey, "", limitOf(cents(100))),
		ConfigStateChecks: []statecheck.StateCheck{expectString(spendingLimit, "org_id", acme)},
	})
}

func TestSpendingLimitRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		key, orgID, arguments, want string
		sends                       bool
	}{
		"a member":           {partnerDev, acme, cents(1), "Spending limit not set.*lets only admins of " + acme, true},
		"another plan":       {partnerAdmin, labs, cents(1), "Spending limit not set.*Launch and Scale plans alone", true},
		"not a member":       {partnerAdmin, bloom, cents(1), "Spending limit not set", true},
		"no organization":    {partnerAdmin, "", cents(1), "No organization.*neon_organizations", true},
		"nothing":            {partnerAdmin, acme, cents(0), "at least 1", false},
		"a fraction":         {partnerAdmin, acme, "  spending_limit_cents = 10.5", "Not a whole number", false},
		"a project's id":     {partnerAdmin, "", cents(1) + "\n  org_id = \"cool-breeze-12345678\"", "Invalid organization id", false},
		"no amount whatever": {partnerAdmin, acme, "", "spending_limit_cents", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(o *emulator.Options) {
				seed := emulator.DefaultSeed()
				seed.Organizations[1].Plan = "business"
				o.Seed = &seed
			})
			w.run(resource.TestStep{Config: w.config(test.key, test.orgID, limitOf(test.arguments)), ExpectError: diagnostic(test.want)})
			if w.limit(acme) != -1 || w.limit(labs) != -1 || w.limit(bloom) != -1 {
				t.Error("a limit was set")
			}
			if !test.sends {
				w.wantNoRequests()
			}
		})
	}
}
