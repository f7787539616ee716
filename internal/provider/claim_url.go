package provider

import (
	"net/url"
	"strings"
)

const (
	consoleOrigin = "https://console.neon.tech"
	claimPath     = "/app/claim"
)

// claim is what a claim URL says.
type claim struct {
	projectID   string
	requestID   string // a secret: whoever knows it can take the project
	redirectURL string // where the browser goes after the claim; empty for nowhere
}

// claimURL is the page on which somebody takes a project over. A base URL on
// this machine is an emulator's, which serves the page itself; any other, and
// none, stands for the Neon Console.
func claimURL(base *url.URL, c claim) string {
	origin := consoleOrigin
	if base != nil && isLoopback(base) {
		origin = base.Scheme + "://" + base.Host
	}
	link := origin + claimPath + "?p=" + escapeQuery(c.projectID) + "&tr=" + escapeQuery(c.requestID)
	if c.redirectURL != "" {
		link += "&ru=" + escapeQuery(c.redirectURL)
	}
	return link
}

// escapeQuery writes a blank as %20: not everything that decodes a query
// knows that + may stand for one.
func escapeQuery(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// parseClaimURL reads a claim URL of the Neon Console or of an emulator on
// this machine. Its errors don't show the URL, which is a secret.
func parseClaimURL(s string) (claim, *problem) {
	u, mistake := parseWebURL(s)
	if mistake != "" {
		return claim{}, claimURLProblem(mistake)
	}
	if !isClaimOrigin(u) {
		return claim{}, claimURLProblem("The URL doesn't lead to " + consoleOrigin + " but to " + quote(u.Scheme+"://"+u.Host) + ".")
	}
	if u.EscapedPath() != claimPath {
		return claim{}, claimURLProblem("The URL leads to another page than " + claimPath + ".")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return claim{}, claimURLProblem("The part of the URL after the question mark is malformed.")
	}
	for _, name := range []string{"p", "tr", "ru"} {
		if len(query[name]) > 1 {
			return claim{}, claimURLProblem("The URL has " + quote(name) + " more than once.")
		}
	}
	c := claim{projectID: query.Get("p"), requestID: query.Get("tr"), redirectURL: query.Get("ru")}
	if !isProjectID(c.projectID) {
		return claim{}, claimURLProblem("The URL has no valid project id in \"p\".")
	}
	if !uuidPattern().MatchString(c.requestID) {
		return claim{}, claimURLProblem("The URL has no valid transfer request id in \"tr\".")
	}
	return c, nil
}

func claimURLProblem(mistake string) *problem {
	return newProblem("Invalid claim URL", mistake+" A claim URL looks like "+consoleOrigin+claimPath+
		"?p=<project id>&tr=<transfer request id>; it is the \"claim_url\" of a neon_project_transfer_request.")
}

func isClaimOrigin(u *url.URL) bool {
	if isLoopback(u) {
		return true
	}
	return strings.EqualFold(u.Scheme+"://"+u.Host, consoleOrigin)
}
