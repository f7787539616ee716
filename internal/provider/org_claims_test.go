package provider

import (
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// Which purposes go together, whichever comes first.
func TestClaimsThatClash(t *testing.T) {
	t.Parallel()
	names := map[purpose]string{manages: "manages", invites: "invites", demotes: "demotes", removes: "removes"}
	clashes := map[[2]purpose]bool{
		{manages, manages}: true, {manages, demotes}: true, {manages, removes}: true, {invites, removes}: true,
	}
	for one := range names {
		for other := range names {
			want := clashes[[2]purpose{one, other}] || clashes[[2]purpose{other, one}]
			var claims orgClaims
			claims.plan(orgClaim{token: "a", purpose: one, orgID: acme, id: "m-1", email: "ann@x.test"})
			for _, second := range []orgClaim{{id: "m-1"}, {email: "ANN@x.test"}, {id: "m-1", email: "new@x.test"}} {
				second.token, second.purpose, second.orgID = "b", other, acme
				if got := claims.plan(second) != nil; got != want {
					t.Errorf("one %s and another %s: clash is %t", names[one], names[other], got)
				}
				claims.release("b")
			}
			for _, elsewhere := range []orgClaim{{orgID: labs, id: "m-1"}, {orgID: acme, id: "m-2"}, {orgID: acme}} {
				elsewhere.token, elsewhere.purpose = "b", other
				if claims.plan(elsewhere) != nil {
					t.Errorf("%+v clashes with another one's", elsewhere)
				}
			}
		}
	}
}

// Whichever comes first, what was created last is not destroyed.
func TestClaimThatIsHeldWhileAnotherEnds(t *testing.T) {
	t.Parallel()
	last := orgClaim{token: "old", purpose: removes, orgID: acme, id: limitID}
	first := orgClaim{token: "new", purpose: manages, orgID: acme, id: limitID}
	t.Run("created first", func(t *testing.T) {
		t.Parallel()
		var claims orgClaims
		if other, ended := claims.hold(first); other != nil || ended != nil {
			t.Fatal(other, ended)
		}
		if claims.holder(last) == nil || claims.keeper(last) == nil {
			t.Error("nobody holds it")
		}
		if keeper, _ := claims.end(last); keeper == nil || keeper.token != "new" {
			t.Errorf("it ends, though it is held by another: %v", keeper)
		}
		if other, _ := claims.hold(orgClaim{token: "third", orgID: acme, id: limitID}); other == nil {
			t.Error("a third one gets it, too")
		}
	})
	t.Run("destroyed first", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var claims orgClaims
			keeper, over := claims.end(last)
			if keeper != nil {
				t.Fatal(keeper)
			}
			isOver, isHeld := false, make(chan struct{})
			go func() {
				defer close(isHeld)
				_, ended := claims.hold(first)
				if err := awaitEnd(t.Context(), ended); err != nil || !isOver {
					t.Errorf("it did not wait: %v", err)
				}
				if other, ended := claims.hold(first); other != nil || ended != nil {
					t.Errorf("it is not to be had after that: %v, %v", other, ended)
				}
			}()
			synctest.Wait()
			isOver = true
			over()
			<-isHeld
		})
	})
}

// step is a plan or an apply of one resource, in the order that the test wants: a
// CLI's is not known beforehand.
type step struct {
	p        *protocol
	typeName string
}

// object makes a value of the resource's type; what is not named is null, or
// unknown where it may be computed.
func (s step) object(attributes map[string]any, computed tftypes.Value) *tfprotov6.DynamicValue {
	s.p.t.Helper()
	t := s.p.schemas.ResourceSchemas[s.typeName].ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attribute := range t.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
		if !computed.IsNull() {
			values[name] = tftypes.NewValue(attribute, tftypes.UnknownValue)
		}
		if value, ok := attributes[name]; ok {
			values[name] = tftypes.NewValue(attribute, value)
		}
	}
	made, err := tfprotov6.NewDynamicValue(t, tftypes.NewValue(t, values))
	if err != nil {
		s.p.t.Fatal(err)
	}
	return &made
}

func (s step) null() *tfprotov6.DynamicValue {
	t := s.p.schemas.ResourceSchemas[s.typeName].ValueType()
	made, err := tfprotov6.NewDynamicValue(t, tftypes.NewValue(t, nil))
	if err != nil {
		s.p.t.Fatal(err)
	}
	return &made
}

// create plans and creates a resource.
func (s step) create(attributes map[string]any) (*tfprotov6.ApplyResourceChangeResponse, string) {
	s.p.t.Helper()
	config := s.object(attributes, tftypes.NewValue(tftypes.String, nil))
	proposed := s.object(attributes, tftypes.NewValue(tftypes.String, "computed"))
	planned, err := s.p.server.PlanResourceChange(s.p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: s.typeName, PriorState: s.null(), ProposedNewState: proposed, Config: config,
	})
	if err != nil || len(planned.Diagnostics) > 0 {
		return nil, describe(planned.Diagnostics)
	}
	made, err := s.p.server.ApplyResourceChange(s.p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: s.typeName, PriorState: s.null(), PlannedState: planned.PlannedState, Config: config, PlannedPrivate: planned.PlannedPrivate,
	})
	if err != nil {
		s.p.t.Fatal(err)
	}
	return made, describe(made.Diagnostics)
}

// planEnd plans that a resource goes, and gives the private state of the plan.
func (s step) planEnd(made *tfprotov6.ApplyResourceChangeResponse) []byte {
	s.p.t.Helper()
	planned, err := s.p.server.PlanResourceChange(s.p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: s.typeName, PriorState: made.NewState, ProposedNewState: s.null(), Config: s.null(), PriorPrivate: made.Private,
	})
	s.p.check(err, planned.Diagnostics)
	return planned.PlannedPrivate
}

// end destroys a resource, as it was planned elsewhere.
func (s step) end(made *tfprotov6.ApplyResourceChangeResponse, private []byte) string {
	s.p.t.Helper()
	gone, err := s.p.server.ApplyResourceChange(s.p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: s.typeName, PriorState: made.NewState, PlannedState: s.null(), Config: s.null(), PlannedPrivate: private,
	})
	if err != nil {
		s.p.t.Fatal(err)
	}
	return describe(gone.Diagnostics)
}

// TestAccEndAndBeginningInAnyOrder is for what a plan could not know: that what is
// created is the same thing as what is destroyed. However the answers are lost,
// Neon has what the state of the new one says.
func TestAccEndAndBeginningInAnyOrder(t *testing.T) {
	t.Parallel()
	const member, invitation, limit = "neon_org_member", "neon_org_invitation", "neon_org_spending_limit"
	dev := map[string]any{"org_id": acme, "email": "dev@partner.test", "role": "member", "invite": true, "on_destroy": "remove"}
	for name, test := range map[string]struct {
		old, next      string // types
		was, is        map[string]any
		endRoute, path string
		wantAtNeon     func(w *world) bool
	}{
		"a spending limit": {
			old: limit, next: limit, was: map[string]any{"org_id": acme, "spending_limit_cents": 5}, is: map[string]any{"org_id": acme, "spending_limit_cents": 7},
			endRoute: clearLimitRoute, path: "/organizations/*/billing/spending_limit",
			wantAtNeon: func(w *world) bool { return w.limit(acme) == 7 },
		},
		"a member": {
			old: member, next: member, was: dev, is: dev, endRoute: removeRoute, path: "/organizations/*/members/*",
			wantAtNeon: func(w *world) bool { return w.member("dev@partner.test") != nil },
		},
		"a member who is invited then": {
			old: member, next: invitation, was: dev, is: map[string]any{"org_id": acme, "email": "dev@partner.test", "role": "member"},
			endRoute: removeRoute, path: "/organizations/*/members/*",
			wantAtNeon: func(w *world) bool { return w.member("dev@partner.test") != nil },
		},
	} {
		for _, drop := range []string{"", "before", "after"} {
			for _, endsFirst := range []bool{false, true} {
				t.Run(name+", lost "+drop+map[bool]string{false: ", created first", true: ", destroyed first"}[endsFirst], func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					planning, applying := w.protocol(partnerAdmin, acme), w.protocol(partnerAdmin, acme)
					made, diags := step{planning, test.old}.create(test.was)
					if diags != "" {
						t.Fatal(diags)
					}
					private := step{planning, test.old}.planEnd(made)
					w.emu.ClearRequests()
					if drop != "" {
						w.fault(emulator.Fault{Method: "DELETE", Path: test.path, Times: 1, Effect: emulator.FaultEffect{Drop: drop}})()
					}
					end := func() string { return step{applying, test.old}.end(made, private) }
					if endsFirst {
						diags += end()
					}
					begun, more := step{applying, test.next}.create(test.is)
					if diags += more; begun == nil || begun.NewState == nil {
						t.Fatal(diags)
					}
					if !endsFirst {
						diags += end()
						if n := w.requests()[test.endRoute]; n != 0 {
							t.Errorf("it was removed %d times after it was taken over", n)
						}
					}
					if !test.wantAtNeon(w) {
						t.Errorf("Neon lacks what the state has: %s", diags)
					}
				})
			}
		}
	}
}
