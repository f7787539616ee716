package main

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// offered starts an emulator and makes the offer that the demo's apply makes.
func offered(t *testing.T) (visitor, claim) {
	t.Helper()
	emu, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(emu)
	t.Cleanup(server.Close)
	apiURL := server.URL + "/api/v2"
	partner, err := neon.New(neon.Options{BaseURL: apiURL, APIKey: partnerKey})
	if err != nil {
		t.Fatal(err)
	}
	project, err := partner.CreateProject(t.Context(), neon.ProjectCreate{OrgID: new(partnerOrg)})
	if err != nil {
		t.Fatal(err)
	}
	request, err := neontest.Held(t, partner, project.Project.ID).Offer(t.Context(), 3600)
	if err != nil {
		t.Fatal(err)
	}
	offer, err := parseClaimURL(server.URL + "/app/claim?p=" + request.ProjectID + "&tr=" + request.ID)
	if err != nil {
		t.Fatal(err)
	}
	return visitor{partner, apiURL, time.Millisecond}, offer
}

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// click claims as a person does with a browser.
func click(t *testing.T, offer claim, email, account string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	send := func(method, address string, form url.Values) string {
		request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := browser.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		var page strings.Builder
		if err := answer.Write(&page); err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("%s answered %s", method, page.String())
		}
		return page.String()
	}
	page := send(http.MethodGet, offer.url+"&as="+email, nil)
	form := url.Values{"to": {account}}
	for _, field := range hiddenInput.FindAllStringSubmatch(page, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	address, _, _ := strings.Cut(offer.url, "?")
	send(http.MethodPost, address, form)
}

func TestWaitForClaim(t *testing.T) {
	t.Parallel()
	v, offer := offered(t)
	type result struct {
		owner owner
		err   error
	}
	done := make(chan result, 1)
	go func() {
		o, err := v.waitForClaim(t.Context(), offer)
		done <- result{o, err}
	}()
	click(t, offer, "owner@customer.test", customerOrg)
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	if got.owner.id != customerOrg {
		t.Errorf("the owner is %s, want %s", got.owner.id, customerOrg)
	}
	f := flow{partner: v.partner}
	if err := f.checkOwnership(t.Context(), offer.projectID, got.owner); err != nil {
		t.Error(err)
	}
}

func TestWaitForClaimRefusesThePartner(t *testing.T) {
	t.Parallel()
	v, offer := offered(t)
	click(t, offer, "admin@partner.test", "org-partner-labs-10000002")
	if _, err := v.waitForClaim(t.Context(), offer); err == nil || !strings.Contains(err.Error(), "claimed for org-partner-labs-10000002") {
		t.Errorf("a claim for the partner's own organization should be refused, got %v", err)
	}
}

func TestWaitForClaimEndsWithTheContext(t *testing.T) {
	t.Parallel()
	v, offer := offered(t)
	v.every = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := v.waitForClaim(ctx, offer)
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was canceled", err)
	}
}

func TestWaitForClaimEndsWithTheProject(t *testing.T) {
	t.Parallel()
	v, offer := offered(t)
	if err := neontest.Held(t, v.partner, offer.projectID).Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := v.waitForClaim(t.Context(), offer); err == nil || !strings.Contains(err.Error(), "the project is gone") {
		t.Errorf("the wait for a deleted project should end, got %v", err)
	}
}

func TestKeyOf(t *testing.T) {
	t.Parallel()
	state := emulator.Snapshot{
		Users: []emulator.User{{ID: "a", Keys: []*emulator.Key{{Secret: "key-a"}}}, {ID: "b"}, {ID: "c", Keys: []*emulator.Key{{Secret: "key-c"}}}},
		Organizations: []emulator.Organization{
			{ID: "org-1", Members: []*emulator.Member{{UserID: "b"}, {UserID: "c"}}},
			{ID: "org-2", Members: []*emulator.Member{{UserID: "b"}}},
		},
	}
	for account, want := range map[string]string{"a": "key-a", "b": "", "org-1": "key-c", "org-2": "", "org-3": ""} {
		if got := keyOf(state, account); got != want {
			t.Errorf("%s: got %q, want %q", account, got, want)
		}
	}
}
