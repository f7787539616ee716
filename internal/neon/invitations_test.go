package neon

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// addresses makes n e-mail addresses.
func addresses(n int) []string {
	emails := make([]string, n)
	for i := range emails {
		emails[i] = fmt.Sprintf("p%03d@x.test", i)
	}
	return emails
}

// inviteAll invites the people at the same time, each for itself.
func inviteAll(ctx context.Context, client *Client, emails []string) map[string]inviteResult {
	var mu sync.Mutex
	results := map[string]inviteResult{}
	var wg sync.WaitGroup
	for _, email := range emails {
		wg.Go(func() {
			seat, err := client.Invite(ctx, orgA, email, RoleMember)
			mu.Lock()
			defer mu.Unlock()
			results[email] = inviteResult{seat, err}
		})
	}
	wg.Wait()
	return results
}

// wantSeats asserts that each result is true of the world.
func wantSeats(t *testing.T, fake *fakePeople, results map[string]inviteResult) {
	t.Helper()
	for email, got := range results {
		switch {
		case got.err == nil && got.seat == nil:
			t.Errorf("%s: neither a seat nor an error", email)
		case got.err == nil && !fake.hasSeat(email):
			t.Errorf("%s is said to be invited, and is not", email)
		case got.err == nil && (got.seat.Member != nil) != fake.users[email]:
			t.Errorf("%s: is a member: %t", email, got.seat.Member != nil)
		case got.err != nil && fake.hasSeat(email) && !IsOutcomeUnknown(got.err):
			t.Errorf("%s is invited, and is said not to be: %v", email, got.err)
		}
	}
}

// wantNobodyTwice asserts that nobody got two e-mails.
func wantNobodyTwice(t *testing.T, fake *fakePeople) {
	t.Helper()
	seen := map[string]bool{}
	for _, i := range fake.invitations {
		if seen[emailKey(i.Email)] {
			t.Errorf("%s was invited twice", i.Email)
		}
		seen[emailKey(i.Email)] = true
	}
}

func TestInvitationsShareRequests(t *testing.T) {
	t.Parallel()
	for n, posts := range map[int]int{1: 1, 30: 1, 250: 3} {
		synctest.Test(t, func(t *testing.T) {
			fake := newFakePeople(t, "ann@x.test")
			emails := addresses(n)
			fake.users[emails[0]] = true
			wantSeats(t, fake, inviteAll(t.Context(), fake.client(), emails))
			if len(fake.invited) != posts {
				t.Errorf("%d invitations took %d calls, want %d", n, len(fake.invited), posts)
			}
			// Members before and after each call, invitations at first: the answers tell the rest.
			if all := len(fake.calls); all > 2+3*posts {
				t.Errorf("%d invitations took %d requests: %v", n, all, fake.calls)
			}
		})
	}
}

func TestSeatsAreNotInvitedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFakePeople(t, "Ann@x.test")
		fake.invitations = []Invitation{{ID: "i", Email: "Bob@X.test", OrgID: orgA, Role: RoleViewer}}
		results := inviteAll(t.Context(), fake.client(), []string{"ann@X.test", "bob@x.test", "cid@x.test", "CID@x.test"})
		if m := results["ann@X.test"].seat.Member; m == nil || m.Member.Role != RoleAdmin {
			t.Errorf("got %v", results["ann@X.test"])
		}
		if i := results["bob@x.test"].seat.Invitation; i == nil || i.ID != "i" || i.Role != RoleViewer {
			t.Errorf("got %v", results["bob@x.test"])
		}
		if len(fake.invited) != 1 || len(fake.invited[0]) != 1 || !SameEmail(fake.invited[0][0], "cid@x.test") {
			t.Errorf("invited: %v", fake.invited)
		}
	})
}

func TestRefusedInvitationLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	for _, invitesSome := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			fake := newFakePeople(t, "ann@x.test")
			fake.invitesSome = invitesSome
			emails := addresses(40)
			fake.refused[emails[13]] = true
			results := inviteAll(t.Context(), fake.client(), emails)
			wantSeats(t, fake, results)
			wantNobodyTwice(t, fake)
			for email, got := range results {
				if (got.err != nil) != (email == emails[13]) {
					t.Errorf("%s: %v", email, got.err)
				}
			}
			if len(fake.invited) > 14 {
				t.Errorf("%d calls for one bad address", len(fake.invited))
			}
		})
	}
}

func TestRefusalOfTheKeyIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 403, 404} {
		synctest.Test(t, func(t *testing.T) {
			fake := newFakePeople(t, "ann@x.test")
			fake.status = status
			for email, got := range inviteAll(t.Context(), fake.client(), addresses(20)) {
				if !hasStatus(got.err, status) {
					t.Errorf("%s: %v", email, got.err)
				}
			}
			if len(fake.invited) != 1 {
				t.Errorf("%d calls, want one", len(fake.invited))
			}
		})
	}
}

func TestLostInvitationsAreLookedForBeforeTheyAreRepeated(t *testing.T) {
	t.Parallel()
	for fault, posts := range map[string]int{"after": 1, "before": 2} {
		synctest.Test(t, func(t *testing.T) {
			fake := newFakePeople(t, "ann@x.test")
			fake.users["p001@x.test"] = true
			fake.fault = func(n int) string { return map[int]string{0: fault}[n] }
			results := inviteAll(t.Context(), fake.client(), addresses(5))
			wantSeats(t, fake, results)
			wantNobodyTwice(t, fake)
			for email, got := range results {
				if got.err != nil {
					t.Errorf("%s: %v", email, got.err)
				}
			}
			if len(fake.invited) > posts || fake.changes != posts {
				t.Errorf("%d calls, want %d", fake.changes, posts)
			}
		})
	}
}

func TestInvitationThatIsNowhereToBeSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := scriptedClient(t, ok(`{"members":[]}`), ok(`{"invitations":[]}`), ok(`{"invitations":[]}`), ok(`{"members":[]}`))
		_, err := client.Invite(t.Context(), orgA, "ann@x.test", RoleMember)
		nowhere, isNowhere := errors.AsType[*NotInvitedError](err)
		if !isNowhere || nowhere.Email != "ann@x.test" || strings.Contains(err.Error(), "ann@") {
			t.Errorf("got %v", err)
		}
	})
}

// What was sent is not said not to be, because nothing can be seen afterwards.
func TestInvitationThatWasSentAndNothingSeenOf(t *testing.T) {
	t.Parallel()
	const made = `{"invitations":[{"id":"i-1","email":"Ann@x.test","role":"member","invited_at":"2026-01-02T03:04:05Z"}]}`
	for name, answered := range map[string]string{"named in the answer": made, "not named": `{"invitations":[]}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scriptedClient(t, ok(`{"members":[]}`), ok(`{"invitations":[]}`), ok(answered), status(403))
				seat, err := client.Invite(t.Context(), orgA, "ann@x.test", RoleMember)
				_, isSent := errors.AsType[*JoinUnknownError](err)
				switch {
				case answered != made && (seat != nil || !IsOutcomeUnknown(err)):
					t.Errorf("got %v, %v", seat, err)
				case answered == made && (!isSent || seat == nil || seat.Invitation.ID != "i-1" || !IsForbidden(err)):
					t.Errorf("got %v, %v", seat, err)
				}
			})
		})
	}
}

func TestInvitationThatIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFakePeople(t, "ann@x.test")
		client := fake.client()
		ctx, cancel := context.WithTimeout(t.Context(), batchQuiet/2)
		defer cancel()
		if _, err := client.Invite(ctx, orgA, "bob@x.test", RoleMember); !errors.Is(err, context.DeadlineExceeded) || IsOutcomeUnknown(err) {
			t.Errorf("got %v", err)
		}
		if len(fake.calls) != 0 {
			t.Errorf("calls: %v", fake.calls)
		}
	})
}

func TestAnswersOfInvitationsAreTrueWhateverHappens(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			fake := newFakePeople(t, "ann@x.test")
			emails := addresses(1 + random.IntN(60))
			fake.invitesSome, fake.showsJoined = random.IntN(2) == 0, random.IntN(2) == 0
			for _, email := range emails {
				fake.refused[email] = random.IntN(20) == 0
				fake.users[email] = random.IntN(4) == 0
			}
			faults := make([]string, 20)
			for i := range faults {
				faults[i] = []string{"", "", "", "before", "after"}[random.IntN(5)]
			}
			fake.fault = func(n int) string {
				if n < len(faults) {
					return faults[n]
				}
				return ""
			}
			wantSeats(t, fake, inviteAll(t.Context(), fake.client(), emails))
			wantNobodyTwice(t, fake)
			if t.Failed() {
				t.Fatalf("seed %d: faults %v", seed, slices.Compact(faults))
			}
		})
	}
}
