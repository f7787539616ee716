package neon

import (
	"regexp"
	"strings"
)

// blanked stands for what is not shown.
const blanked = "[not shown]"

// shortestSecret bounds what is taken out word for word: a shorter one would take
// ordinary words apart.
const shortestSecret = 6

// secretLooks are how secrets look, with the part to keep in the first group. What
// comes first is tried first.
var secretLooks = []*regexp.Regexp{
	// Connection strings, and other addresses with a password in them.
	regexp.MustCompile(`()(?i)\bpostgres(?:ql)?://[^\s"'<>]+`),
	regexp.MustCompile(`()(?i)\b[a-z][a-z0-9+.-]*://[^\s"'<>/@]*:[^\s"'<>/@]*@[^\s"'<>]*`),
	// Claim URLs, whole or in part.
	regexp.MustCompile(`()(?i)\bhttps?://[^\s"'<>]*(?:/claim\b|[?&;]tr=)[^\s"'<>]*`),
	regexp.MustCompile(`(?i)(\btr(?:=|%3d))[^\s"'<>&]+`),
	// API keys, passwords as Neon makes them, bearer tokens, JSON web tokens.
	regexp.MustCompile(`()(?i)\bnapi_[a-z0-9_-]+`),
	regexp.MustCompile(`()(?i)\bnpg_[a-z0-9_-]+`),
	regexp.MustCompile(`(?i)(\bbearer\s+)[^\s"',;]+`),
	regexp.MustCompile(`()\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+`),
	// A word that announces a secret: password=x, "password": "x", PASSWORD 'x'.
	regexp.MustCompile(`(?i)((?:password|passwd|pwd|secret|token|api[ _-]?key)["']?\s*(?:[:=]|%3d)\s*)(?:"[^"]*"|'[^']*'|[^\s"',;&]+)`),
	regexp.MustCompile(`(?i)((?:password|passwd|pwd|secret|token|api[ _-]?key)\s+)(?:"[^"]+"|'[^']+')`),
	// UUIDs: a transfer request's id is one, and who knows it can take the project.
	regexp.MustCompile(`()(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`),
}

// Blank takes out of words of Neon's, or of a server in between, what is a secret or
// looks like one: keys, passwords, connection strings, claim URLs, ids of transfer
// requests. The own are secrets that the request held, whatever they look like.
func Blank(text string, own ...string) string {
	for _, secret := range own {
		if len(secret) >= shortestSecret {
			text = strings.ReplaceAll(text, secret, blanked)
		}
	}
	for _, look := range secretLooks {
		text = look.ReplaceAllString(text, "${1}"+blanked)
	}
	return text
}

// blankedError is an error with words that a server may have chosen.
type blankedError struct {
	text string
	err  error
}

func (e *blankedError) Error() string { return e.text }

// Unwrap returns the error as it was.
func (e *blankedError) Unwrap() error { return e.err }

// blank takes the secrets out of an error's text. The error stays what it was.
func (a *attempt) blank(err error) error {
	text := Blank(err.Error(), a.secrets...)
	if text == err.Error() {
		return err
	}
	return &blankedError{text: text, err: err}
}
