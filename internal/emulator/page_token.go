package emulator

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// tokenCookie holds a random text by which a form proves that this browser got it.
const tokenCookie = "emulator_claim" //nolint:gosec // the name of the cookie, not a secret

// newPageKey makes the key that form tokens are signed with. It is not one of
// the world's ids: those can be foretold.
func newPageKey() []byte { return []byte(rand.Text()) }

// formToken gives the token for a form, and the cookie that goes with it, which
// is nil for a browser that has one already: forms in other tabs stay valid.
func (e *Emulator) formToken(r *http.Request) (string, *http.Cookie) {
	if had, err := r.Cookie(tokenCookie); err == nil && had.Value != "" {
		return e.signForm(had.Value), nil
	}
	cookie := &http.Cookie{ //nolint:gosec // not Secure: the emulator speaks plain HTTP
		Name: tokenCookie, Value: rand.Text(), Path: claimPath, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
	return e.signForm(cookie.Value), cookie
}

// formIsOurs tells whether a submitted form was made for this browser.
func (e *Emulator) formIsOurs(r *http.Request) bool {
	cookie, err := r.Cookie(tokenCookie)
	return err == nil && cookie.Value != "" && hmac.Equal([]byte(r.PostForm.Get("token")), []byte(e.signForm(cookie.Value)))
}

func (e *Emulator) signForm(cookie string) string {
	mac := hmac.New(sha256.New, e.pageKey)
	mac.Write([]byte(cookie))
	return hex.EncodeToString(mac.Sum(nil))
}
