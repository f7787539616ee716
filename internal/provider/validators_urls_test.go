package provider

import (
	"net/url"
	"strings"
	"testing"
)

func TestCheckRedirectURL(t *testing.T) {
	t.Parallel()
	runChecks(t, checkRedirectURL, "Invalid redirect URL", []checkCase{
		{"plain", "https://app.example.com/claimed", ""},
		{"query and fragment", "https://app.example.com/claimed?id=1&next=%2Fhome#top", ""},
		{"port", "https://app.example.com:8443/", ""},
		{"capitals in the scheme", "HTTPS://app.example.com/", ""},
		{"empty", "", "The value is empty."},
		{"no scheme", "app.example.com/claimed", "doesn't begin with https://"},
		{"path", "/claimed", "doesn't begin with https://"},
		{"path with a URL in it", "/claimed?next=https://app.example.com", "doesn't begin with https://"},
		{"no scheme but slashes", "//app.example.com/claimed", "doesn't begin with https://"},
		{"http", "http://app.example.com/", "begins with http://"},
		{"http to this machine", "http://localhost/", "begins with http://"},
		{"other scheme", "ftp://app.example.com/", "begins with ftp://"},
		{"script", "javascript:alert(1)//https://", "doesn't begin with https://"},
		{"no host", "https:///claimed", "has no host"},
		{"port alone", "https://:443/", "has no host"},
		{"user", "https://console.neon.tech@evil.example/", "user or password"},
		{"blank", "https://app.example.com/a b", "has blanks"},
		{"line break", "https://app.example.com/\n", "has blanks"},
		{"bad escape", "https://app.example.com/%zz", "not a well-formed URL"},
		{"bad port", "https://app.example.com:x/", "not a well-formed URL"},
	})
}

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"https://console.neon.tech/api/v2":   "https://console.neon.tech/api/v2",
		"https://console.neon.tech/api/v2//": "https://console.neon.tech/api/v2",
		"https://proxy.example":              "https://proxy.example",
		"https://proxy.example/":             "https://proxy.example",
		"https://proxy.example//neon/":       "https://proxy.example//neon",
		"https://proxy.example:8443/a%2Fb/":  "https://proxy.example:8443/a%2Fb",
		"http://127.0.0.1:7777/api/v2":       "http://127.0.0.1:7777/api/v2",
		"http://127.8.9.10/api/v2":           "http://127.8.9.10/api/v2",
		"http://localhost:7777/api/v2":       "http://localhost:7777/api/v2",
		"http://LocalHost/api/v2":            "http://LocalHost/api/v2",
		"http://[::1]:7777/api/v2":           "http://[::1]:7777/api/v2",
	}
	for given, want := range good {
		u, p := parseBaseURL(given)
		if p != nil {
			t.Errorf("%s was refused: %s", given, p.detail)
		} else if u.String() != want {
			t.Errorf("%s became %s, want %s", given, u, want)
		}
	}
	runChecks(t, baseURLValidator().check, "Invalid base URL", []checkCase{
		{"empty", "", "The value is empty."},
		{"no scheme", "console.neon.tech/api/v2", "doesn't begin with https://"},
		{"no slashes", "https:console.neon.tech/api/v2", "doesn't begin with https://"},
		{"http", "http://console.neon.tech/api/v2", "send the API key in the clear"},
		{"http to all of this machine's addresses", "http://0.0.0.0:7777/api/v2", "in the clear"},
		{"http to a name like this machine's", "http://localhost.evil.example/", "in the clear"},
		{"http to a name like an address", "http://127.0.0.1.evil.example/", "in the clear"},
		{"user", "https://key@console.neon.tech/api/v2", "user or password"},
		{"user like this machine", "http://localhost@evil.example/", "user or password"},
		{"query", "https://console.neon.tech/api/v2?a=b", "has a query"},
		{"empty query", "https://console.neon.tech/api/v2?", "has a query"},
		{"fragment", "https://console.neon.tech/api/v2#a", "has a fragment"},
		{"empty fragment", "https://console.neon.tech/api/v2#", "has a fragment"},
		{"other scheme", "unix://run/neon.sock", "begins with unix://"},
		{"blank", "https://console.neon.tech /api/v2", "has blanks"},
		{"zone", "http://[::1%25lo]:7777/api/v2", "with a zone"},
	})
}

// Whatever is accepted keeps the API key on an encrypted way or on this machine.
func FuzzBaseURL(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		u, p := parseBaseURL(s)
		if p != nil {
			if u != nil {
				t.Fatalf("%q: both a URL and a problem", s)
			}
			return
		}
		again, err := url.Parse(u.String())
		if err != nil || again.Host != u.Host || again.Scheme != u.Scheme {
			t.Fatalf("%q became %q, which reads otherwise: %v", s, u, err)
		}
		if again.Scheme != "https" && !isLoopback(again) || again.User != nil || again.RawQuery != "" || again.Fragment != "" {
			t.Fatalf("%q was accepted as %q", s, u)
		}
		if strings.HasSuffix(u.String(), "/") {
			t.Fatalf("%q kept its slash: %q", s, u)
		}
	})
}

func FuzzRedirectURL(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		if checkRedirectURL(s) != nil {
			return
		}
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
			t.Fatalf("%q was accepted: %v", s, err)
		}
	})
}
