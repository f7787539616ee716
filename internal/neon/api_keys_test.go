package neon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

const (
	listKeys  = "GET /organizations/org-a-1/api_keys"
	createKey = "POST /organizations/org-a-1/api_keys"

	madeKey = `{"id":7,"key":"napi_secret","name":"ci","created_at":"2026-01-01T00:00:00Z","created_by":"me"}`
)

func revokeKey(id int) string { return fmt.Sprintf("DELETE /organizations/org-a-1/api_keys/%d", id) }

// keys answers as a list; each key is written as its id, name, creator and, if it
// was used, "used".
func keys(items ...string) step {
	list := make([]string, len(items))
	for i, item := range items {
		f := append(strings.Fields(item), "")
		used := "null"
		if f[3] == "used" {
			used = `"2026-01-02T00:00:00Z"`
		}
		list[i] = fmt.Sprintf(`{"id":%s,"name":%q,"created_at":"2026-01-01T00:00:00Z","created_by":{"id":%q,"name":"","image":""},"last_used_at":%s,"last_used_from_addr":""}`,
			f[0], f[1], f[2], used)
	}
	return ok("[" + strings.Join(list, ",") + "]")
}

// Nothing at Neon proves that a key is the lost one, whatever it looks like.
func TestKeyWhoseAnswerWasLostIsNeverRevokedNorAskedForAgain(t *testing.T) {
	t.Parallel()
	old, lost := "1 ci me", "5 ci me"
	three := []string{listKeys, listKeys, listKeys}
	for name, test := range map[string]struct {
		steps      []step
		want       []string // after the list and the creation
		isMade     bool
		candidates []int64
		isLost     bool
		isSeen     bool // the list could be looked through
	}{
		"not lost": {steps: []step{keys(old), ok(madeKey)}, isMade: true},
		"refused":  {steps: []step{keys(old), status(403)}},
		"one that it may be": {
			steps: []step{keys(old), cut(), keys(old, lost)}, want: []string{listKeys}, isLost: true, candidates: []int64{5}, isSeen: true,
		},
		"one that comes at the second look": {
			steps: []step{keys(old), status(504), keys(old), keys(old, lost)}, want: []string{listKeys, listKeys}, isLost: true, candidates: []int64{5}, isSeen: true,
		},
		"several, whoever made and uses them": {
			steps: []step{keys(old), cut(), keys(old, lost, "6 ci ann", "8 ci me used", "9 cd me")}, want: []string{listKeys}, isLost: true, candidates: []int64{5, 6, 8}, isSeen: true,
		},
		"none": {
			steps: []step{keys(old), cut(), keys(old), keys(old, "9 cd me"), keys(old)}, want: three, isLost: true, isSeen: true,
		},
		"not to be looked for": {
			steps: []step{keys(old), cut(), status(403)}, want: []string{listKeys}, isLost: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, test.steps...)
				made, err := client.CreateOrgAPIKey(t.Context(), "org-a-1", APIKeyCreate{KeyName: "ci"})
				if (made != nil) != test.isMade || made != nil && (made.ID != 7 || made.Key != "napi_secret") {
					t.Errorf("made %v, %v", made, err)
				}
				wantLost(t, err, test.isLost, test.candidates, test.isSeen)
				wantCalls(t, script, append([]string{listKeys, createKey}, test.want...)...)
			})
		})
	}
}

// A key of a name that no other call has is this call's own, so that it is revoked
// and made anew.
func TestUniqueKeyWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	other, lost, made := "1 ci-x9 me", "5 ci me", "7 ci me"
	for name, test := range map[string]struct {
		steps      []step
		want       []string
		isMade     bool
		isRepeated bool
		isLost     bool
		left       []int64
		isSeen     bool
	}{
		"not lost": {steps: []step{ok(madeKey)}, want: []string{createKey}, isMade: true},
		"refused":  {steps: []step{status(403)}, want: []string{createKey}},
		"found, revoked, and made anew": {
			steps: []step{cut(), keys(other, lost), ok(madeKey), ok(madeKey)},
			want:  []string{createKey, listKeys, revokeKey(5), createKey}, isMade: true,
		},
		"not seen, and made": {
			steps: []step{cut(), keys(other), keys(other), keys(other), ok(madeKey), keys(other, made)},
			want:  []string{createKey, listKeys, listKeys, listKeys, createKey, listKeys}, isMade: true, isRepeated: true,
		},
		"turns up late": {
			steps: []step{cut(), keys(other), keys(other), keys(other), ok(madeKey), keys(other, lost, made), ok(madeKey)},
			want:  []string{createKey, listKeys, listKeys, listKeys, createKey, listKeys, revokeKey(5)}, isMade: true,
		},
		"turns up late, and stays": {
			steps: []step{cut(), keys(other), keys(other), keys(other), ok(madeKey), keys(other, lost, made), status(403)},
			want:  []string{createKey, listKeys, listKeys, listKeys, createKey, listKeys, revokeKey(5)}, isMade: true, isRepeated: true,
		},
		"not seen, and refused": {
			steps: []step{cut(), keys(other), keys(other), keys(other), status(403)},
			want:  []string{createKey, listKeys, listKeys, listKeys, createKey}, isLost: true, isSeen: true,
		},
		"revoked, and refused": {
			steps: []step{cut(), keys(other, lost), ok(madeKey), status(403)},
			want:  []string{createKey, listKeys, revokeKey(5), createKey},
		},
		"lost twice, and revoked twice": {
			steps: []step{cut(), keys(other, lost), ok(madeKey), cut(), keys(other, "9 ci me"), ok(madeKey)},
			want:  []string{createKey, listKeys, revokeKey(5), createKey, listKeys, revokeKey(9)},
		},
		"lost twice, and seen once": {
			steps: []step{cut(), keys(other), keys(other), keys(other), cut(), keys(other, "9 ci me"), ok(madeKey)},
			want:  []string{createKey, listKeys, listKeys, listKeys, createKey, listKeys, revokeKey(9)}, isLost: true, isSeen: true,
		},
		"found, and not revoked": {
			steps: []step{cut(), keys(other, lost), status(403)},
			want:  []string{createKey, listKeys, revokeKey(5)}, isLost: true, left: []int64{5},
		},
		"not to be looked for": {
			steps: []step{cut(), status(403)}, want: []string{createKey, listKeys}, isLost: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, test.steps...)
				made, err := client.CreateUniqueOrgAPIKey(t.Context(), "org-a-1", APIKeyCreate{KeyName: "ci"})
				if (made != nil) != test.isMade || made != nil && (made.ID != 7 || made.Key != "napi_secret" || made.Repeated != test.isRepeated) {
					t.Errorf("made %+v, %v", made, err)
				}
				if (err == nil) != test.isMade {
					t.Errorf("got %v", err)
				}
				wantLost(t, err, test.isLost, test.left, test.isSeen)
				wantCalls(t, script, test.want...)
			})
		})
	}
}

// wantLost asserts that the error says which keys the lost one may be.
func wantLost(t *testing.T, err error, isLost bool, want []int64, isSeen bool) {
	t.Helper()
	if err != nil && strings.Contains(err.Error(), "napi_secret") {
		t.Errorf("the error has the secret: %v", err)
	}
	lost, got := errors.AsType[*LostKeyError](err)
	if got != isLost {
		t.Fatalf("got %v, want a lost key: %t", err, isLost)
	}
	if !isLost {
		return
	}
	if !IsOutcomeUnknown(err) || !strings.Contains(err.Error(), `"ci"`) || (lost.LookErr == nil) != isSeen || len(lost.Keys) != len(want) {
		t.Errorf("got %v, keys %v, look %v; want keys %v", err, lost.Keys, lost.LookErr, want)
		return
	}
	for i, id := range want {
		if lost.Keys[i].ID != id || !strings.Contains(err.Error(), fmt.Sprintf("key %d,", id)) {
			t.Errorf("got %v, want key %d named", err, id)
		}
	}
}

func TestUniqueKeyIsRevokedByName(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t, keys("1 ci-x9 me", "5 ci me", "6 ci me"), ok(madeKey), status(403))
	err := client.RevokeUniqueOrgAPIKey(t.Context(), "org-a-1", "ci")
	if lost, ok := errors.AsType[*LostKeyError](err); !ok || len(lost.Keys) != 1 || lost.Keys[0].ID != 6 || !IsForbidden(err) {
		t.Errorf("got %v, want key 6 named", err)
	}
	wantCalls(t, script, listKeys, revokeKey(5), revokeKey(6))
}

// A key that a killed run has left is named when the next one is created; one that
// this client made, that somebody uses or that somebody else made is not.
func TestUnusedNamesakesAreNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		second := strings.Replace(madeKey, `"id":7`, `"id":8`, 1)
		client, _ := scriptedClient(t, keys("1 ci me", "2 ci me used", "3 ci ann", "4 cd me"), ok(madeKey), keys("1 ci me", "7 ci me"), ok(second),
			keys("1 ci me"), ok(strings.Replace(second, "2026-01-01", "2026-01-03", 1)))
		for i, want := range []int{1, 1, 0} { // two days later the key is nobody's concern any more
			made, err := client.CreateOrgAPIKey(t.Context(), "org-a-1", APIKeyCreate{KeyName: "ci"})
			if err != nil || len(made.Unused) != want || want == 1 && made.Unused[0].ID != 1 {
				t.Errorf("creation %d: %v, unused are %v", i, err, made.Unused)
			}
		}
	})
}

// A key is not left behind because the run was interrupted.
func TestLostKeyIsRevokedAfterAnInterruption(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		client, script := scriptedClient(t, cut(), keys("1 other me", "5 ci me"), ok(madeKey))
		client.transport.http.HTTPClient.Transport = &interrupting{inner: client.transport.http.HTTPClient.Transport, method: http.MethodPost, cancel: cancel}
		if _, err := client.CreateUniqueOrgAPIKey(ctx, "org-a-1", APIKeyCreate{KeyName: "ci"}); !IsOutcomeUnknown(err) {
			t.Errorf("got %v", err)
		}
		wantCalls(t, script, createKey, listKeys, revokeKey(5))
	})
}

// After an interruption there is time for one look, and what it doesn't find is
// named, as it may turn up yet.
func TestLostKeyIsLookedForOnceAfterAnInterruption(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps []step
		send  func(*Client) func(context.Context, string, APIKeyCreate) (*MadeAPIKey, error)
		want  []string
	}{
		"of any name": {
			[]step{keys("1 ci me"), cut(), keys("1 ci me")},
			func(c *Client) func(context.Context, string, APIKeyCreate) (*MadeAPIKey, error) {
				return c.CreateOrgAPIKey
			},
			[]string{listKeys, createKey, listKeys},
		},
		"of a name of its own": {
			[]step{cut(), keys("1 other me")},
			func(c *Client) func(context.Context, string, APIKeyCreate) (*MadeAPIKey, error) {
				return c.CreateUniqueOrgAPIKey
			},
			[]string{createKey, listKeys},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				client, script := scriptedClient(t, test.steps...)
				client.transport.http.HTTPClient.Transport = &interrupting{inner: client.transport.http.HTTPClient.Transport, method: http.MethodPost, cancel: cancel}
				_, err := test.send(client)(ctx, "org-a-1", APIKeyCreate{KeyName: "ci"})
				wantLost(t, err, true, nil, false)
				wantCalls(t, script, test.want...)
			})
		})
	}
}

// interrupting ends a context when a request of the method was sent.
type interrupting struct {
	inner  http.RoundTripper
	method string
	cancel context.CancelFunc
}

func (i *interrupting) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := i.inner.RoundTrip(req)
	if req.Method == i.method {
		i.cancel()
	}
	return resp, err
}

func TestKeysOfOneNameAreCreatedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := scriptedClient(t)
		unlock, err := client.keyNames.lock(t.Context(), "org-a-1/ci")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error)
		go func() {
			_, err := client.CreateOrgAPIKey(ctx, "org-a-1", APIKeyCreate{KeyName: "ci"})
			failed <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		unlock()
	})
}

func TestKeysShareOneList(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t, keys("1 ci me", "2 ci me"), ok(madeKey), keys("2 ci me"))
	for _, id := range []int64{1, 2, 1} {
		if found, err := client.FindOrgAPIKey(t.Context(), "org-a-1", id); err != nil || found == nil || found.ID != id {
			t.Fatal(found, err)
		}
	}
	if err := client.RevokeOrgAPIKey(t.Context(), "org-a-1", 1); err != nil {
		t.Fatal(err)
	}
	if found, err := client.FindOrgAPIKey(t.Context(), "org-a-1", 1); err != nil || found != nil {
		t.Error(found, err)
	}
	wantCalls(t, script, listKeys, revokeKey(1), listKeys)
}
