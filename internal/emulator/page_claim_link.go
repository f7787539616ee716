package emulator

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// claimLink is what a claim URL carries.
type claimLink struct {
	ProjectID string // p
	RequestID string // tr, a secret: whoever knows it can take the project
	Redirect  string // ru, where to go after the claim; "" for nowhere
}

func readClaimLink(values url.Values) claimLink {
	return claimLink{ProjectID: values.Get("p"), RequestID: values.Get("tr"), Redirect: values.Get("ru")}
}

// offer finds what a link offers. If it doesn't, the project is nil and the
// page says why, without a word about the project.
func (w *world) offer(link claimLink) (*Project, *TransferRequest, page) {
	if link.ProjectID == "" || link.RequestID == "" {
		return nil, nil, message(http.StatusBadRequest, "This link is incomplete",
			"A claim link names a project and a transfer request. Check that it was copied whole.")
	}
	p := w.project(link.ProjectID)
	if p == nil {
		return nil, nil, message(http.StatusNotFound, "There is no such project",
			"The project that this link leads to doesn't exist. Check that the link was copied whole. If the emulator was started anew or reset since the link was made, the project is gone.")
	}
	i := slices.IndexFunc(p.TransferRequests, func(t *TransferRequest) bool { return t.ID == link.RequestID })
	if i < 0 {
		return nil, nil, message(http.StatusNotFound, "This link is not valid",
			"No offer with this link was ever made. Check that the link was copied whole, or ask whoever sent it for a new one.")
	}
	request := p.TransferRequests[i]
	switch {
	case request.UsedAt != nil:
		return nil, nil, message(http.StatusGone, "This link was used already",
			"A claim link works once. Somebody used this one, or the project has changed hands since. If that was you, you find the project in your account.")
	case p.DeletedAt != nil:
		return nil, nil, message(http.StatusGone, "The project was deleted",
			"Its owner deleted the project before anybody claimed it.")
	case !w.now.Before(request.ExpiresAt):
		return nil, nil, message(http.StatusGone, "This link has expired",
			"It could be used until "+request.ExpiresAt.UTC().Format("2 January 2006, 15:04 UTC")+". Ask whoever sent it for a new one.")
	}
	return p, request, page{}
}

// open tells whether a transfer request can still be accepted.
func (t *TransferRequest) open(now time.Time) bool { return t.UsedAt == nil && now.Before(t.ExpiresAt) }

// plainHost are names that a Content-Security-Policy can say; it knows no IPv6 addresses.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)

// target is where the browser goes after the claim; nil for nowhere. Only https
// leads elsewhere, and plain http to this computer.
func (l claimLink) target() *url.URL {
	u, err := url.Parse(l.Redirect)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return nil
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopbackHost(u.Hostname()) {
		return u
	}
	return nil
}

// policySource says a redirect's target in a Content-Security-Policy: browsers
// hold the redirect after a form against the page's policy.
func policySource(target *url.URL) string {
	switch {
	case target == nil:
		return ""
	case plainHost.MatchString(target.Hostname()):
		return target.Scheme + "://" + target.Host
	default:
		return target.Scheme + ":"
	}
}
