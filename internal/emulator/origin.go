package emulator

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// fromAnotherSite reports whether a browser sent a request on behalf of a page
// that is not the emulator's. Another port of this computer is another site.
// Programs send neither header.
func fromAnotherSite(r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		at, err := url.Parse(origin)
		if err != nil || at.Host == "" || !strings.EqualFold(at.Host, r.Host) {
			return true
		}
	}
	for _, site := range r.Header.Values("Sec-Fetch-Site") {
		if site != "same-origin" && site != "none" {
			return true
		}
	}
	return false
}

// followsLink reports whether a person opens a page by a link, which may stand
// anywhere: claim URLs are in mails and on the partner's own site. What another
// site embeds or fetches is no such thing.
func followsLink(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Header.Get("Origin") == "" &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

// isJSON reports whether the body of a request is declared as JSON. Browsers
// let no other site send that without asking the server first, and the emulator
// never agrees.
func isJSON(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == "application/json"
}
