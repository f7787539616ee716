package provider

import (
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// A test of the CLI plans, plans again while it applies, and goes on to its next
// run, all with one provider.
func TestSeatClaimsOfOneProvider(t *testing.T) {
	t.Parallel()
	var claims seatClaims
	first := seatClaim{token: "plan", orgID: acme, email: "ann@x.test", written: neon.MemberKey{Email: "ann@x.test"}}
	again := first
	again.token = "apply"
	created := seatClaim{token: "plan", orgID: acme, email: "ann@x.test", memberID: "m-1"}
	for _, claim := range []seatClaim{first, again} {
		if other := claims.claim(claim); other != nil {
			t.Fatalf("%+v is refused for %+v", claim, other)
		}
	}
	claims.settle(created)
	if other := claims.claim(created); other != nil {
		t.Errorf("the next plan is refused for %+v", other)
	}
	written := again
	written.written.Email = "ANN@x.test"
	if claims.claim(written) == nil {
		t.Error("another resource gets at the seat")
	}
	claims.release(created.token)
	if other := claims.claim(written); other != nil {
		t.Errorf("the seat is free, but refused for %+v", other)
	}
}

// Two resources that are written alike are told apart when they are created.
func TestSeatIsHeldByOneResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	twins := w.partner(`
resource "neon_org_member" "twin" {
  count  = 2
  email  = "dev@partner.test"
  role   = "viewer"
}
`)
	c := w.cli(map[string]string{"main.tf": twins})
	c.mustFail([]string{"Seat is managed twice", "dev@partner.test"}, "apply", "-auto-approve")
	if n := w.requests()["PATCH /organizations/{org_id}/members/{member_id}"]; n != 1 {
		t.Errorf("the role was changed %d times, want once", n)
	}
}
