package browser

import (
	"fmt"
	"html"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

const (
	asCustomer = `button[value="owner@customer.test"]`
	confirm    = `button.primary`
)

func TestClaimFromALinkToTheRedirect(t *testing.T) {
	b, w := open(t), start(t)
	back := newSite(t, "Welcome back")
	offer := w.offer("bloom-shop")
	link := w.claimURL(offer, back.origin+"/done?order=7&with=%26")
	shop := newSite(t, `<a href="`+html.EscapeString(link)+`">Claim your database</a>`)

	// From another site, as customers come.
	b.visit(shop.origin, http.StatusOK)
	b.click("a", http.StatusOK)
	b.says("Claim a project", "bloom-shop", "Partner Acme", "Olive Customer")
	b.isAccessible()
	b.picture("claim-1-who")

	b.click(asCustomer, http.StatusOK)
	b.says("Olive Customer", "Customer Bloom", "Personal account", "Afterwards you go on to", back.origin+"/done?order=7&with=%26")
	b.isAccessible()
	b.picture("claim-2-where")
	b.scheme("dark")
	b.picture("claim-2-where-dark")
	w.belongsTo(offer.ProjectID, partnerOrg)

	b.click(confirm, http.StatusOK)
	b.says("Welcome back")
	w.belongsTo(offer.ProjectID, customerOrg)
	got := back.requests()
	if len(got) != 1 || got[0].URL.String() != "/done?order=7&with=%26" || got[0].Method != http.MethodGet {
		t.Fatalf("the redirect should have been followed once, got %v", got)
	}
	if referrer := got[0].Referer(); referrer != "" {
		t.Errorf("the redirect's site was told where the customer came from: %s", referrer)
	}

	b.scheme("light")
	b.visit(link, http.StatusGone)
	b.says("This link was used already")
	b.isAccessible()
	b.picture("claim-used")
}

// TestClaimWithTheKeyboard claims without a mouse, after a refusal, and without
// a redirect.
func TestClaimWithTheKeyboard(t *testing.T) {
	b, w := open(t), start(t)
	offer := w.offer("bloom-shop")
	b.visit(w.claimURL(offer, ""), http.StatusOK)
	// The link in the header, then the three people.
	b.do(chromedp.KeyEvent(kb.Tab + kb.Tab + kb.Tab + kb.Tab))
	b.loads(http.StatusOK, chromedp.KeyEvent(kb.Enter))
	b.says("Where should the project go?")

	// The personal account is the second choice, and its plan is too small.
	b.do(chromedp.KeyEvent(kb.Tab + kb.Tab + kb.ArrowDown))
	b.picture("claim-2-keyboard")
	b.loads(http.StatusNotAcceptable, chromedp.KeyEvent(kb.Enter))
	b.says("The project was not transferred.", "the free plan keeps history for at most 21600 seconds")
	if focused := run(b, chromedp.Evaluate[string](`document.activeElement.className`)); focused != "problems" {
		t.Errorf("after a refusal %q has the focus, not the reasons", focused)
	}
	b.isAccessible()
	b.picture("claim-refused")
	b.scheme("dark")
	b.picture("claim-refused-dark")
	w.belongsTo(offer.ProjectID, partnerOrg)

	b.do(chromedp.KeyEvent(kb.Tab + kb.ArrowUp + kb.Tab))
	b.loads(http.StatusOK, chromedp.KeyEvent(kb.Enter))
	b.says("The project is yours", "Customer Bloom", "bloom-shop", "Olive Customer", "Partner Acme")
	b.isAccessible()
	b.picture("claim-3-done")
	w.belongsTo(offer.ProjectID, customerOrg)
}

func TestClaimLinksThatDontWork(t *testing.T) {
	b, w := open(t), start(t)
	offer := w.offer("bloom-shop")
	unknown := offer
	unknown.ID = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01"
	b.visit(w.claimURL(unknown, ""), http.StatusNotFound)
	b.says("This link is not valid")
	b.picture("claim-unknown")
	w.advance(time.Hour)
	b.visit(w.claimURL(offer, ""), http.StatusGone)
	b.says("This link has expired")
	b.isAccessible()
	b.picture("claim-expired")
	w.belongsTo(offer.ProjectID, partnerOrg)
}

func TestAnotherSiteCantClaim(t *testing.T) {
	b, w := open(t), start(t)
	offer := w.offer("bloom-shop")
	// The browser has a cookie and could get a token; the other site has neither.
	b.visit(w.claimURL(offer, "")+"&as=owner@customer.test", http.StatusOK)
	evil := newSite(t, fmt.Sprintf(`<form method="post" action="%s/app/claim"><input name="p" value="%s"><input name="tr" value="%s">`+
		`<input name="as" value="owner@customer.test"><input name="to" value="%s"><button>Win</button></form>`,
		w.origin, offer.ProjectID, offer.ID, customerOrg))
	b.visit(evil.origin, http.StatusOK)
	b.click("button", http.StatusForbidden)
	b.says("This form came from another site", "Nothing was transferred")
	w.belongsTo(offer.ProjectID, partnerOrg)
}

func TestHostileNamesAreText(t *testing.T) {
	b, w := open(t), start(t)
	offer := w.offer(`</bdi><script>document.title="taken"</script><img src=x onerror="document.title='taken'">` + "\u202e" + `gpj`)
	for _, address := range []string{w.claimURL(offer, ""), w.claimURL(offer, "") + "&as=owner@customer.test", w.origin + "/"} {
		b.visit(address, http.StatusOK)
		b.says(`</bdi><script>`)
		b.isAccessible()
		if title := run(b, chromedp.Title()); title == "taken" || run(b, chromedp.Evaluate[int](`document.images.length + document.scripts.length`)) != 0 {
			t.Errorf("%s let a project's name become part of the page, titled %q", address, title)
		}
	}
	b.picture("status-hostile-name")
}

// TestAnotherSiteCantUseTheControlAPI has a site try everything that browsers
// let it send without asking.
func TestAnotherSiteCantUseTheControlAPI(t *testing.T) {
	b, w := open(t), start(t)
	offer := w.offer("bloom-shop")
	before := w.emu.Snapshot()
	evil := newSite(t, fmt.Sprintf(`<form method="post" action="%[1]s/_emulator/reset"><button>Win</button></form>
<script>
const send = (path, body, headers) =>
  fetch("%[1]s/_emulator" + path, {method: "POST", body, headers, mode: headers ? "cors" : "no-cors"}).then(() => 0, () => 1);
const tries = () => Promise.all([
  send("/reset"), send("/clock", '{"advance":"24h"}'), send("/faults", '{"path":"/auth","fault":{"status":500}}'),
  send("/clock", '{"advance":"24h"}', {"Content-Type": "application/json"}),
]).then((all) => all.join(""));
</script>`, w.origin))
	b.visit(evil.origin, http.StatusOK)
	if got := run(b, chromedp.Evaluate[string](`tries()`, chromedp.EvalAwaitPromise)); got != "0001" {
		t.Errorf("of the other site's requests the browser held back %s; want only the last, which declares JSON", got)
	}
	b.click("button", http.StatusForbidden)
	if diff := cmp.Diff(before, w.emu.Snapshot()); diff != "" {
		t.Errorf("another site changed the world:\n%s", diff)
	}
	w.belongsTo(offer.ProjectID, partnerOrg)
	if _, err := w.partner.GetAuth(t.Context()); err != nil {
		t.Errorf("another site set a fault: %v", err)
	}
}
