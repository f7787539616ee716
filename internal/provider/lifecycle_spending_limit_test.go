package provider

import (
	"fmt"
	"strings"
	"testing"
)

// An organization has one spending limit, whatever the configuration says.
func TestAccSpendingLimitThatIsManagedTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, another := limitOf(cents(5000)), strings.Replace(limitOf(cents(7000)), "monthly", "twin", 1)
	c := w.cli(map[string]string{"main.tf": w.partner(one + "\n" + another)})
	c.mustFail([]string{"Spending limit is managed twice", acme}, "plan")
	w.wantWrites(nothing)
	// Two that are written alike are told apart when they are created.
	alike := strings.Replace(another, "7000", "5000", 1)
	c.write("main.tf", w.partner(one+"\n"+alike))
	c.mustFail([]string{"Spending limit is managed twice", acme}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{setLimitRoute: 1})
	c.mustFail([]string{"Spending limit is managed twice"}, "plan")

	// The same one at another address.
	address := spendingLimit
	if c.instances()[address] == 0 { // which of the two came first is not determined
		address = "neon_org_spending_limit.twin"
	}
	c.write("main.tf", w.partner(strings.Replace(one, "monthly", "renamed", 1)))
	c.mustFail([]string{"Spending limit is both destroyed and managed", "moved block"}, "plan")
	w.wantWrites(nothing)
	c.write("main.tf", w.partner(strings.Replace(one, "monthly", "renamed", 1)+fmt.Sprintf("\nmoved {\n  from = %s\n  to = neon_org_spending_limit.renamed\n}\n", address)))
	c.must("apply", "-auto-approve")
	c.wantEmptyPlan()
	w.wantWrites(nothing)
	if w.limit(acme) != 5000 {
		t.Errorf("the limit is %d", w.limit(acme))
	}
}

// Where the organization is known only when it is too late for the plan, the apply
// finds out.
func TestAccSpendingLimitOfAnOrganizationNotKnownYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	org := "\n  org_id = terraform_data.org.output"
	data := fmt.Sprintf("resource \"terraform_data\" \"org\" {\n  input = %q\n}\n", acme)
	one, another := limitOf(cents(5000)+org), strings.Replace(limitOf(cents(7000)+org), "monthly", "twin", 1)
	c := w.cli(map[string]string{"main.tf": w.partner(data + one + "\n" + another)})
	c.mustFail([]string{"Spending limit is managed twice", acme}, "apply", "-auto-approve")
	w.wantWrites(map[string]int{setLimitRoute: 1})
}

// The limit of another organization is set before the old one is removed.
func TestAccSpendingLimitOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	for _, createFirst := range []bool{false, true} {
		t.Run(fmt.Sprintf("create_before_destroy=%t", createFirst), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			of := func(orgID string) string {
				return w.partner(limitOf(cents(5000) + fmt.Sprintf("\n  org_id = %q\n  lifecycle {\n    create_before_destroy = %t\n  }", orgID, createFirst)))
			}
			c := w.cli(map[string]string{"main.tf": of(acme)})
			c.must("apply", "-auto-approve")
			c.write("main.tf", of(labs))
			c.must("apply", "-auto-approve")
			if w.limit(acme) != -1 || w.limit(labs) != 5000 {
				t.Errorf("limits are %d and %d", w.limit(acme), w.limit(labs))
			}
			c.wantEmptyPlan()
		})
	}
}

// A state does not know what another one manages.
func TestAccSpendingLimitThatWasSetBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.client(partnerAdmin).SetSpendingLimit(t.Context(), acme, 4200); err != nil {
		t.Fatal(err)
	}
	c := w.cli(map[string]string{"main.tf": w.partner(limitOf(cents(5000)))})
	c.said(c.must("apply", "-auto-approve"), "Spending limit was set before", "4200 cents", "replaced by 5000")
	c.must("destroy", "-auto-approve")
	if out := c.must("apply", "-auto-approve"); strings.Contains(out, "was set before") {
		t.Errorf("a limit is said that was not set: %s", out)
	}
}
