package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// offerOf is a claimable project, and a link that is renewed ten minutes before its end.
func offerOf(ttl int, more string) string {
	return fmt.Sprintf(`
resource "neon_project" "customer" {
  name      = "shop"
  claimable = true
}

resource "neon_project_transfer_request" "offer" {
  project_id           = neon_project.customer.id
  ttl_seconds          = %d
  renew_before_seconds = 600
  %s
}`, ttl, more)
}

const noLink = "Warning: Project was claimed, and no link was made"

// wantClaimedLink asserts that the link counts as claimed, now and for good.
func (c *cli) wantClaimedLink(w *world) {
	c.t.Helper()
	w.wantWrites(map[string]int{})
	c.wantUnchanged(w)
	c.wantAttribute(offer, "status", statusClaimed)
	c.wantAttribute(customer, "claimed", true)
	w.advance(40 * 24 * time.Hour)
	c.wantUnchanged(w)
}

func TestAccLinkRenewalPlannedBeforeAClaimMakesNoLink(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.partner(offerOf(3600, "")))
		project := w.onlyProject()
		w.advance(55 * time.Minute)
		c.says([]string{offer + " must be replaced"}, "plan", "-out=late.tfplan")
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.says([]string{noLink, "Project " + project.ID + " belonged to " + acme}, "apply", "late.tfplan")
		c.wantAttribute(offer, "claim_url", nil)
		c.wantClaimedLink(w)
		c.must("destroy", "-auto-approve")
		w.wantWrites(map[string]int{})
		w.wantOwned(project.ID, to.orgID)
	})
}

// Here the new link is made before the old one is given up, so that its creation can't
// know that there was one. It is refused as any new link for somebody else's project,
// and the next plan sees the claim.
func TestAccLinkRenewalByCreateBeforeDestroyMakesNoLinkForAClaimer(t *testing.T) {
	t.Parallel()
	body := offerOf(3600, "lifecycle { create_before_destroy = true }")
	for name, test := range map[string]struct{ orgID, body string }{
		"provider with an organization": {acme, body},
		"link with an organization":     {"", strings.Replace(body, "ttl_seconds", "org_id = neon_project.customer.org_id\n  ttl_seconds", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forBothTakers(t, func(t *testing.T, to taker) {
				t.Helper()
				w := newWorld(t)
				config := func(orgID string) string {
					project := strings.Replace(test.body, "claimable", fmt.Sprintf("org_id = %q\n  claimable", acme), 1)
					return w.config(partnerAdmin, orgID, project)
				}
				c := w.applied(config(test.orgID))
				project := w.onlyProject()
				w.advance(55 * time.Minute)
				c.must("plan", "-out=late.tfplan")
				w.handOver(project.ID, to)
				w.emu.ClearRequests()
				c.mustFail([]string{"o transfer request was made", project.ID}, "apply", "late.tfplan")
				c.wantClaimedLink(w)
			})
		})
	}
}

func TestAccChangedLifetimeOfAClaimedLinkMakesNoLink(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.partner(offerOf(3600, "")))
		project := w.onlyProject()
		w.handOver(project.ID, to)
		c.wantUnchanged(w)
		c.write("main.tf", w.partner(offerOf(7200, "")))
		c.says([]string{offer + " will be updated in-place", "no new request is made", project.ID}, "apply", "-auto-approve")
		c.wantClaimedLink(w)
	})
}

func TestAccChangedLifetimePlannedBeforeAClaimMakesNoLink(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.partner(offerOf(3600, "")))
		project := w.onlyProject()
		c.write("main.tf", w.partner(offerOf(7200, "")))
		c.says([]string{offer + " must be replaced"}, "plan", "-out=late.tfplan")
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.says([]string{noLink, project.ID}, "apply", "late.tfplan")
		c.wantClaimedLink(w)
	})
}

func TestAccReplacedLinkOfAClaimedProjectMakesNoLink(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.partner(offerOf(3600, "")))
		project := w.onlyProject()
		w.handOver(project.ID, to)
		c.wantUnchanged(w)
		c.says([]string{noLink, project.ID}, "apply", "-replace="+offer, "-auto-approve")
		c.wantClaimedLink(w)

		c.write("main.tf", w.partner(offerOf(3600, "lifecycle { create_before_destroy = true }")))
		c.mustFail([]string{"o transfer request was made", project.ID}, "apply", "-replace="+offer, "-auto-approve")
		c.wantClaimedLink(w)
	})
}

func TestAccTaintedLinkOfAClaimedProjectMakesNoLink(t *testing.T) {
	t.Parallel()
	forBothTakers(t, func(t *testing.T, to taker) {
		t.Helper()
		w := newWorld(t)
		c := w.applied(w.partner(offerOf(3600, "")))
		project := w.onlyProject()
		c.must("taint", offer)
		w.handOver(project.ID, to)
		w.emu.ClearRequests()
		c.says([]string{noLink, project.ID}, "apply", "-auto-approve")
		c.wantClaimedLink(w)
	})
}
