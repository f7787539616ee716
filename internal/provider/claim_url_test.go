package provider

import (
	"net/url"
	"testing"
)

var someClaim = claim{projectID: "cool-breeze-12345678", requestID: someUUID}

func withRedirect(c claim, redirect string) claim {
	c.redirectURL = redirect
	return c
}

func TestClaimURL(t *testing.T) {
	t.Parallel()
	const query = "/app/claim?p=cool-breeze-12345678&tr=" + someUUID
	for _, c := range []struct {
		name, base string
		claim      claim
		want       string
	}{
		{"the Console", "", someClaim, "https://console.neon.tech" + query},
		{"the public API", "https://console.neon.tech/api/v2", someClaim, "https://console.neon.tech" + query},
		{"a proxy", "https://proxy.example/neon", someClaim, "https://console.neon.tech" + query},
		{"an emulator", "http://127.0.0.1:7777/api/v2", someClaim, "http://127.0.0.1:7777" + query},
		{"an emulator by IPv6", "http://[::1]:7777/api/v2", someClaim, "http://[::1]:7777" + query},
		{
			"a redirect", "", withRedirect(someClaim, "https://app.example.com/a b?x=1&y=+#z"),
			"https://console.neon.tech" + query + "&ru=https%3A%2F%2Fapp.example.com%2Fa%20b%3Fx%3D1%26y%3D%2B%23z",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var base *url.URL
			if c.base != "" {
				var p *problem
				if base, p = parseBaseURL(c.base); p != nil {
					t.Fatal(p.detail)
				}
			}
			got := claimURL(base, c.claim)
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if back, p := parseClaimURL(got); p != nil || back != c.claim {
				t.Errorf("read back as %+v, problem %+v", back, p)
			}
		})
	}
}

func TestParseClaimURL(t *testing.T) {
	t.Parallel()
	const console = "https://console.neon.tech/app/claim"
	const p, tr = "p=cool-breeze-12345678", "tr=" + someUUID
	runChecks(t, claimURLValidator().check, "Invalid claim URL", []checkCase{
		{"usual", console + "?" + p + "&" + tr, ""},
		{"other order and more", console + "?utm_source=mail&" + tr + "&" + p, ""},
		{"empty redirect", console + "?" + p + "&" + tr + "&ru=", ""},
		{"capitals in the host", "https://Console.Neon.Tech/app/claim?" + p + "&" + tr, ""},
		{"empty", "", "The value is empty."},
		{"no scheme", "console.neon.tech/app/claim?" + p + "&" + tr, "doesn't begin with https://"},
		{"unencrypted", "http://console.neon.tech/app/claim?" + p + "&" + tr, "doesn't lead to https://console.neon.tech"},
		{"elsewhere", "https://console.neon.tech.evil.example/app/claim?" + p + "&" + tr, "doesn't lead to https://console.neon.tech"},
		{"user", "https://console.neon.tech@evil.example/app/claim?" + p + "&" + tr, "user or password"},
		{"another page", "https://console.neon.tech/app/projects?" + p + "&" + tr, "leads to another page"},
		{"escaped path", "https://console.neon.tech/app%2Fclaim?" + p + "&" + tr, "leads to another page"},
		{"no query", console, `no valid project id in "p"`},
		{"no project", console + "?" + tr, `no valid project id in "p"`},
		{"an organization", console + "?p=org-cool-breeze-12345678&" + tr, `no valid project id in "p"`},
		{"no request", console + "?" + p, `no valid transfer request id in "tr"`},
		{"braces left", console + "?" + p + "&tr={transfer_request_id}", `no valid transfer request id in "tr"`},
		{"twice", console + "?" + p + "&" + p + "&" + tr, `has "p" more than once`},
		{"bad escape", console + "?" + p + "&" + tr + "&ru=%zz", "malformed"},
	})
}

// A redirect URL stays what it is, and can't slip anything into the claim.
func FuzzClaimURL(f *testing.F) {
	f.Fuzz(func(t *testing.T, redirect string) {
		c := withRedirect(someClaim, redirect)
		link := claimURL(nil, c)
		back, p := parseClaimURL(link)
		if p != nil || back != c {
			t.Fatalf("%q read back as %+v, problem %+v", link, back, p)
		}
		u, err := url.Parse(link)
		if err != nil || u.Host != "console.neon.tech" || u.Fragment != "" {
			t.Fatalf("%q leads elsewhere: %v", link, err)
		}
	})
}

func FuzzParseClaimURL(f *testing.F) {
	f.Fuzz(func(t *testing.T, link string) {
		c, p := parseClaimURL(link)
		if p != nil {
			return
		}
		if again, p := parseClaimURL(claimURL(nil, c)); p != nil || again != c {
			t.Fatalf("%q: %+v read back as %+v, problem %+v", link, c, again, p)
		}
	})
}
