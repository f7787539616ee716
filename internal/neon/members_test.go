package neon

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

func TestMembersShareAList(t *testing.T) {
	t.Parallel()
	fake := newFakePeople(t, "ann@x.test")
	for i := range 1200 {
		fake.join(fmt.Sprintf("p%d@x.test", i), RoleMember)
	}
	client := fake.client()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			id := fmt.Sprintf("m-%05d", i*20)
			if m, err := client.ReadMember(t.Context(), orgA, id); err != nil || m.Member.ID != id {
				t.Errorf("got %v, %v", m, err)
			}
			if m, err := client.FindMember(t.Context(), orgA, MemberKey{Email: "P7@X.test"}); err != nil || m.Member.UserID != "u-00008" {
				t.Errorf("got %v, %v", m, err)
			}
		})
	}
	wg.Wait()
	if n := len(fake.calls); n != 3 {
		t.Errorf("%d requests, want the 3 pages: %v", n, fake.calls)
	}
}

func TestMemberThatNoListShows(t *testing.T) {
	t.Parallel()
	fake := newFakePeople(t, "ann@x.test", "bob@x.test")
	fake.hidden["m-00001"] = true
	client := fake.client()
	if m, err := client.ReadMember(t.Context(), orgA, "m-00001"); err != nil || m == nil || m.Member.Role != RoleAdmin {
		t.Errorf("got %v, %v: a list that lacks a member does not prove that it is gone", m, err)
	}
	if m, err := client.ReadMember(t.Context(), orgA, "m-00002"); err != nil || m != nil {
		t.Errorf("got %v, %v: there is no such member", m, err)
	}
}

// Before a change a member is looked at, for one request in any organization, as
// soon as the list was read.
func TestMemberIsLookedAtBeforeAChange(t *testing.T) {
	t.Parallel()
	const list, own = "GET /members", "GET /members/m-00001"
	for name, test := range map[string]struct {
		others int
		isRead bool
		want   []string
		email  string // of the member, who has changed it since the list was read
	}{
		"nobody has asked for the list": {others: 2, want: []string{list}, email: "new@x.test"},
		"a list of one page":            {others: 2, isRead: true, want: []string{list}, email: "new@x.test"},
		"a list of several pages":       {others: 600, isRead: true, want: []string{own}, email: "bob@x.test"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFakePeople(t, "ann@x.test", "bob@x.test")
			for i := range test.others {
				fake.join(fmt.Sprintf("p%d@x.test", i), RoleMember)
			}
			client := fake.client()
			if test.isRead {
				if _, err := client.Members(t.Context(), orgA); err != nil {
					t.Fatal(err)
				}
			}
			fake.calls = nil
			fake.members[1].Member.Role, fake.members[1].User.Email = RoleViewer, "new@x.test"
			m, err := client.MemberNow(t.Context(), orgA, "m-00001")
			if err != nil || m == nil || m.Member.Role != RoleViewer || m.User.Email != test.email {
				t.Errorf("got %+v, %v", m, err)
			}
			if !slices.Equal(fake.calls, test.want) {
				t.Errorf("calls %v, want %v", fake.calls, test.want)
			}
			fake.members = slices.Delete(fake.members, 1, 2)
			if m, err := client.MemberNow(t.Context(), orgA, "m-00001"); err != nil || m != nil {
				t.Errorf("one who is gone: %v, %v", m, err)
			}
		})
	}
}

// Whoever does not see the organization any more does not know that a member is
// gone.
func TestMemberWhoIsHiddenIsNotGone(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t, status(404))
	if m, err := client.MemberNow(t.Context(), "o", "m"); m != nil || !IsNotFound(err) {
		t.Errorf("got %v, %v", m, err)
	}
	wantCalls(t, script, "GET /organizations/o/members")
}

func TestSeatIsLookedAtBeforeAChange(t *testing.T) {
	t.Parallel()
	fake := newFakePeople(t, "ann@x.test")
	client := fake.client()
	if seat, err := client.FindSeat(t.Context(), orgA, "bob@x.test"); err != nil || seat != nil {
		t.Fatalf("got %v, %v", seat, err)
	}
	fake.join("bob@x.test", RoleMember)
	fake.calls = nil
	if seat, err := client.SeatNow(t.Context(), orgA, "BOB@x.test"); err != nil || seat == nil || seat.Member == nil {
		t.Errorf("got %v, %v", seat, err)
	}
	if len(fake.calls) != 1 {
		t.Errorf("calls %v, want one", fake.calls)
	}
}

func TestMemberChanges(t *testing.T) {
	t.Parallel()
	const patch, remove = "PATCH /members/m-00001", "DELETE /members/m-00001"
	for name, test := range map[string]struct {
		faults  []string
		patches int
		removes int
	}{
		"answered":             {patches: 1, removes: 1},
		"lost, and done":       {faults: []string{"after"}, patches: 1, removes: 1},
		"lost, and not done":   {faults: []string{"before"}, patches: 2, removes: 1},
		"removal lost, done":   {faults: []string{"", "after"}, patches: 1, removes: 1},
		"removal lost, undone": {faults: []string{"", "before"}, patches: 1, removes: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFakePeople(t, "ann@x.test", "bob@x.test")
			fake.fault = func(n int) string {
				if n < len(test.faults) {
					return test.faults[n]
				}
				return ""
			}
			client := fake.client()
			if _, err := client.Members(t.Context(), orgA); err != nil {
				t.Fatal(err)
			}
			if m, err := client.UpdateMemberRole(t.Context(), orgA, "m-00001", RoleViewer); err != nil || m.Role != RoleViewer {
				t.Fatalf("got %v, %v", m, err)
			}
			if m, err := client.ReadMember(t.Context(), orgA, "m-00001"); err != nil || m.Member.Role != RoleViewer || m.User.Email != "bob@x.test" {
				t.Errorf("the shared list has %v, %v", m, err)
			}
			if err := client.RemoveMember(t.Context(), orgA, "m-00001"); err != nil {
				t.Fatal(err)
			}
			if members, err := client.Members(t.Context(), orgA); err != nil || len(members) != 1 {
				t.Errorf("the shared list has %v, %v", members, err)
			}
			if err := client.RemoveMember(t.Context(), orgA, "m-00001"); err != nil {
				t.Errorf("one who is gone: %v", err)
			}
			if fake.count(patch) != test.patches || fake.count(remove) != test.removes+1 {
				t.Errorf("calls: %v", fake.calls)
			}
		})
	}
}

func TestLastAdminIsExplained(t *testing.T) {
	t.Parallel()
	fake := newFakePeople(t, "ann@x.test")
	fake.join("bob@x.test", RoleMember)
	client := fake.client()
	_, err := client.UpdateMemberRole(t.Context(), orgA, "m-00000", RoleMember)
	for _, err := range []error{err, client.RemoveMember(t.Context(), orgA, "m-00000")} {
		last, ok := errors.AsType[*LastAdminError](err)
		if !ok || last.Admin.User.Email != "ann@x.test" || !hasStatus(err, 409) {
			t.Errorf("got %v", err)
		}
	}
	// With a second admin a refusal is what Neon says and no more.
	fake.join("cid@x.test", RoleAdmin)
	client = fake.client()
	if _, err := client.UpdateMemberRole(t.Context(), orgA, "m-00009", RoleMember); !IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

func TestMemberThatVanishesWhileItIsChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, script := scriptedClient(t, cut(), status(404))
		if _, err := client.UpdateMemberRole(t.Context(), "o", "m", RoleMember); !IsOutcomeUnknown(err) {
			t.Errorf("got %v", err)
		}
		wantCalls(t, script, "PATCH /organizations/o/members/m", "GET /organizations/o/members/m")
	})
}

func TestRemovalThatCannotBeLookedAtIsNotCalledDone(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t, status(404), status(403))
	if err := client.RemoveMember(t.Context(), "o", "m"); !IsForbidden(err) {
		t.Errorf("got %v: whoever does not see the organization does not know that the member is gone", err)
	}
	wantCalls(t, script, "DELETE /organizations/o/members/m", "GET /organizations/o/members")
}
