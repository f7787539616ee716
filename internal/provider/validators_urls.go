package provider

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
)

// redirectURLValidator accepts pages that a browser may be sent to after a claim.
func redirectURLValidator() stringValidator {
	return stringValidator{
		description: "must be an absolute URL with `https`, such as `https://app.example.com/claimed`",
		check:       checkRedirectURL,
	}
}

// claimURLValidator accepts claim URLs. Its messages never show the value,
// which is a secret.
func claimURLValidator() stringValidator {
	return stringValidator{
		description: "must be a claim URL, `https://console.neon.tech/app/claim?p=<project id>&tr=<transfer request id>`",
		check: func(s string) *problem {
			_, p := parseClaimURL(s)
			return p
		},
	}
}

// baseURLValidator accepts roots of Neon's API.
func baseURLValidator() stringValidator {
	return stringValidator{
		description: "must be an absolute URL with `https`, or with `http` to a loopback address, without user, query and fragment",
		check: func(s string) *problem {
			_, p := parseBaseURL(s)
			return p
		},
	}
}

func checkRedirectURL(s string) *problem {
	const (
		summary = "Invalid redirect URL"
		form    = " An absolute URL with https is expected, for example https://app.example.com/claimed."
	)
	u, mistake := parseWebURL(s)
	switch {
	case mistake != "":
		return newProblem(summary, mistake+form)
	case u.Scheme != "https":
		return newProblem(summary, "The URL begins with "+u.Scheme+"://."+form)
	default:
		return nil
	}
}

// parseBaseURL reads the address of an API: https to anywhere, or http to this
// machine, as an emulator is reached. An API key travels there, hence no plain
// http over a network, and no user, query or fragment, which would be
// misplaced in the paths built upon it. Slashes at the end are dropped.
func parseBaseURL(s string) (*url.URL, *problem) {
	const (
		summary = "Invalid base URL"
		form    = " Neon's API is at https://console.neon.tech/api/v2, which is the default; an emulator is at http://127.0.0.1:7777/api/v2 or the like."
	)
	u, mistake := parseWebURL(s)
	switch {
	case mistake != "":
		return nil, newProblem(summary, mistake+form)
	case u.Scheme == "http" && !isLoopback(u):
		return nil, newProblem(summary, "The URL has http to another machine, which would send the API key in the clear. "+
			"Use https; http is possible to localhost, 127.0.0.0/8 and ::1."+form)
	case u.RawQuery != "" || u.ForceQuery:
		return nil, newProblem(summary, "The URL has a query (?…), which a base URL can't have."+form)
	case strings.Contains(s, "#"):
		return nil, newProblem(summary, "The URL has a fragment (#…), which a base URL can't have."+form)
	default:
		u.Path = strings.TrimRight(u.Path, "/")
		u.RawPath = strings.TrimRight(u.RawPath, "/")
		return u, nil
	}
}

// parseWebURL reads an absolute http or https URL without a user, or says in a
// sentence why s is none; the sentence doesn't show s, which may hold a secret.
func parseWebURL(s string) (_ *url.URL, mistake string) {
	if strings.TrimSpace(s) == "" {
		return nil, "The value is empty."
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return nil, "The URL has blanks, line breaks or control characters in it: remove them, or write %20 for a blank."
	}
	if scheme, _, found := strings.Cut(s, "://"); !found || strings.ContainsAny(scheme, "/?#") {
		return nil, "The value is not an absolute URL: it doesn't begin with https://."
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, "The value is not a well-formed URL."
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, "The URL begins with " + u.Scheme + "://."
	case u.User != nil:
		return nil, "The URL has a user or password before its host: remove it."
	case u.Hostname() == "":
		return nil, "The URL has no host."
	case strings.Contains(u.Host, "%"):
		return nil, "The URL's host is an IPv6 address with a zone (%…): remove the zone."
	default:
		return u, ""
	}
}

// isLoopback tells whether u leads to the machine it is used on. Names other
// than localhost aren't looked up.
func isLoopback(u *url.URL) bool {
	host := u.Hostname()
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
