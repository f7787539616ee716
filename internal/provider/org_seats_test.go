package provider

import "testing"

// A test of the CLI plans, plans again while it applies, and goes on to its next
// run, all with one provider.
func TestSeatClaimsOfOneProvider(t *testing.T) {
	t.Parallel()
	var claims orgClaims
	first := orgClaim{token: "plan", orgID: acme, email: "ann@x.test", written: "ann@x.test"}
	again := first
	again.token = "apply"
	created := orgClaim{token: "created", orgID: acme, email: "ann@x.test", id: "m-1"}
	for _, claim := range []orgClaim{first, again} {
		if other := claims.plan(claim); other != nil {
			t.Fatalf("%+v is refused for %+v", claim, other)
		}
	}
	if other, ended := claims.hold(created); other != nil || ended != nil {
		t.Fatalf("the seat is not to be had: %+v, %v", other, ended)
	}
	if other := claims.plan(created); other != nil {
		t.Errorf("the next plan is refused for %+v", other)
	}
	written := again
	written.written = "ANN@x.test"
	if claims.plan(written) == nil {
		t.Error("another resource gets at the seat")
	}
	claims.release(created.token)
	if other := claims.plan(written); other != nil {
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
