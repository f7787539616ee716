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
	whoAmI    = "GET /auth"

	madeKey = `{"id":7,"key":"napi_secret","name":"ci","created_at":"2026-01-01T00:00:00Z","created_by":"me"}`
	myAuth  = `{"account_id":"me","auth_method":"api_key_user"}`
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

func TestKeyWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	old, lost := "1 ci me", "5 ci me"
	auth := ok(myAuth)
	for name, test := range map[string]struct {
		steps  []step
		want   []string
		isMade bool
		strays []int64 // named in the error; -1 for an error that can't name any
	}{
		"not lost": {[]step{keys(old), ok(madeKey)}, []string{listKeys, createKey}, true, nil},
		"refused":  {[]step{keys(old), status(403)}, []string{listKeys, createKey}, false, nil},
		"found, revoked, and made anew": {
			[]step{keys(old), cut(), auth, keys(old, lost), ok(madeKey), ok(madeKey), keys(old, "7 ci me")},
			[]string{listKeys, createKey, whoAmI, listKeys, revokeKey(5), createKey, listKeys},
			true, nil,
		},
		"not done, and made": {
			[]step{keys(old), cut(), auth, keys(old), keys(old), keys(old), ok(madeKey), keys(old, "7 ci me")},
			[]string{listKeys, createKey, whoAmI, listKeys, listKeys, listKeys, createKey, listKeys},
			true, nil,
		},
		"turns up late": {
			[]step{keys(old), cut(), auth, keys(old), keys(old), keys(old), ok(madeKey), keys(old, lost, "7 ci me"), ok(madeKey)},
			[]string{listKeys, createKey, whoAmI, listKeys, listKeys, listKeys, createKey, listKeys, revokeKey(5)},
			true, nil,
		},
		"not another's": {
			[]step{keys(old), cut(), auth, keys(old, "4 ci ann", "6 cd me", "8 ci me used", lost), ok(madeKey), ok(madeKey), keys(old)},
			[]string{listKeys, createKey, whoAmI, listKeys, revokeKey(5), createKey, listKeys},
			true, nil,
		},
		"lost twice": {
			[]step{keys(old), cut(), auth, keys(old, lost), ok(madeKey), cut(), keys(old, "9 ci me"), ok(madeKey)},
			[]string{listKeys, createKey, whoAmI, listKeys, revokeKey(5), createKey, listKeys, revokeKey(9)},
			false, nil,
		},
		"several that it may be": {
			[]step{keys(old), cut(), auth, keys(old, lost, "6 ci me")},
			[]string{listKeys, createKey, whoAmI, listKeys},
			false,
			[]int64{5, 6},
		},
		"found, and not revoked": {
			[]step{keys(old), cut(), auth, keys(old, lost), status(403)},
			[]string{listKeys, createKey, whoAmI, listKeys, revokeKey(5)},
			false,
			[]int64{5},
		},
		"not to be looked for": {
			[]step{keys(old), cut(), auth, status(403)},
			[]string{listKeys, createKey, whoAmI, listKeys},
			false,
			[]int64{-1},
		},
		"nobody knows who made it": {
			[]step{keys(old), cut(), status(401)}, []string{listKeys, createKey, whoAmI}, false, []int64{-1},
		},
		"turns up late, and stays": {
			[]step{keys(old), cut(), auth, keys(old), keys(old), keys(old), ok(madeKey), keys(old, lost, "7 ci me"), status(403)},
			[]string{listKeys, createKey, whoAmI, listKeys, listKeys, listKeys, createKey, listKeys, revokeKey(5)},
			true,
			[]int64{5},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, test.steps...)
				made, err := client.CreateOrgAPIKey(t.Context(), "org-a-1", APIKeyCreate{KeyName: "ci"})
				stray, isStray := errors.AsType[*StrayKeyError](err)
				if isStray && stray.Made != nil {
					made = stray.Made
				}
				if (made != nil) != test.isMade || made != nil && (made.ID != 7 || made.Key != "napi_secret") {
					t.Errorf("made %v, %v", made, err)
				}
				wantStrays(t, err, test.strays)
				if err != nil && strings.Contains(err.Error(), "napi_secret") {
					t.Errorf("the error has the secret: %v", err)
				}
				wantCalls(t, script, test.want...)
			})
		})
	}
}

func wantStrays(t *testing.T, err error, want []int64) {
	t.Helper()
	stray, isStray := errors.AsType[*StrayKeyError](err)
	switch {
	case isStray != (len(want) > 0):
		t.Errorf("got %v, want strays %v", err, want)
	case !isStray:
	case want[0] < 0:
		if len(stray.Keys) > 0 || !strings.Contains(err.Error(), `"ci"`) {
			t.Errorf("got %v, want an error without ids, but with the name", err)
		}
	default:
		for i, id := range want {
			if i >= len(stray.Keys) || stray.Keys[i].ID != id || !strings.Contains(err.Error(), fmt.Sprintf("key %d,", id)) {
				t.Errorf("got %v, want key %d named", err, id)
			}
		}
	}
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
		client, script := scriptedClient(t, keys("1 ci me"), cut(), ok(myAuth), keys("1 ci me", "5 ci me"), ok(madeKey))
		client.transport.http.HTTPClient.Transport = &interrupting{inner: client.transport.http.HTTPClient.Transport, method: http.MethodPost, cancel: cancel}
		if _, err := client.CreateOrgAPIKey(ctx, "org-a-1", APIKeyCreate{KeyName: "ci"}); !IsOutcomeUnknown(err) {
			t.Errorf("got %v", err)
		}
		wantCalls(t, script, listKeys, createKey, whoAmI, listKeys, revokeKey(5))
	})
}

// After an interruption there is time for one look, and what it doesn't find is
// named, as it may turn up yet.
func TestLostKeyIsLookedForOnceAfterAnInterruption(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		client, script := scriptedClient(t, keys("1 ci me"), cut(), ok(myAuth), keys("1 ci me"))
		client.transport.http.HTTPClient.Transport = &interrupting{inner: client.transport.http.HTTPClient.Transport, method: http.MethodPost, cancel: cancel}
		_, err := client.CreateOrgAPIKey(ctx, "org-a-1", APIKeyCreate{KeyName: "ci"})
		wantStrays(t, err, []int64{-1})
		wantCalls(t, script, listKeys, createKey, whoAmI, listKeys)
	})
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
