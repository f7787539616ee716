package browser

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

func TestStatusPage(t *testing.T) {
	b, w := open(t), start(t)
	b.visit(w.origin+"/", http.StatusOK)
	b.says("Nobody has asked for anything yet.")
	b.isAccessible()

	w.offer("bloom-shop")
	deleted := w.offer("yesterday")
	if err := neontest.Held(t, w.partner, deleted.ProjectID).Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.partner.GetProject(t.Context(), deleted.ProjectID); err == nil {
		t.Fatal("the project should be deleted")
	}
	if err := w.emu.AddFault(emulator.Fault{Method: http.MethodPatch, Path: "/projects/*", Times: 2, Effect: emulator.FaultEffect{Status: 503}}); err != nil {
		t.Fatal(err)
	}
	w.advance(30 * time.Minute)
	b.visit(w.origin+"/", http.StatusOK)
	b.says("Partner Acme", "bloom-shop", "offered", "deleted", "30m0s ahead", "personal admin@partner.test", "404", "PATCH /projects/*", "status 503")
	b.isAccessible()
	b.picture("status")
	b.scheme("dark")
	b.picture("status-dark")
	b.do(chromedp.EmulateViewport(375, 800))
	b.picture("status-narrow-dark")
}
