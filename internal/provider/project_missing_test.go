package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const (
	uriRoute         = "GET /projects/{project_id}/connection_uri"
	permissionsRoute = "GET /projects/{project_id}/permissions"
)

// aboutShop is a data source of each type, and the ephemeral resource, with the
// arguments on top.
func (w *world) aboutShop(orgID, arguments string) string {
	return echoing(w.config(partnerAdmin, orgID, strings.ReplaceAll(`
data "neon_project" "shop" {
  id = "`+guestShop+`"
  ARGUMENTS
}

data "neon_project_permissions" "shop" {
  project_id = "`+guestShop+`"
  ARGUMENTS
}

data "neon_connection_uri" "shop" {`+shopDatabase+`
  ARGUMENTS
}

ephemeral "neon_connection_uri" "shop" {`+shopDatabase+`
  ARGUMENTS
}
`, "ARGUMENTS", arguments)), "ephemeral.neon_connection_uri.shop")
}

const ignoreMissing = "ignore_missing = true"

// echoedAgain gives the config another resource to show the ephemeral value, which
// only its creation does.
func echoedAgain(config string) string {
	return strings.Replace(config, `resource "echo" "it"`, `resource "echo" "again"`, 1)
}

// expectMissing asserts of all of them whether the project is missing, and that what
// it would show is null then.
func expectMissing(isMissing bool, echo string) []statecheck.StateCheck {
	var shown knownvalue.Check = knownvalue.NotNull()
	if isMissing {
		shown = knownvalue.Null()
	}
	var checks []statecheck.StateCheck
	for address, attribute := range map[string]string{
		"data.neon_project.shop": "name", "data.neon_project_permissions.shop": "permissions", "data.neon_connection_uri.shop": "uri",
	} {
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New("missing"), knownvalue.Bool(isMissing)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), shown))
	}
	echoed := tfjsonpath.New("data")
	return append(checks, statecheck.ExpectKnownValue("echo."+echo, echoed.AtMapKey("missing"), knownvalue.Bool(isMissing)),
		statecheck.ExpectKnownValue("echo."+echo, echoed.AtMapKey("uri"), shown))
}

// One claim does not break the pipeline, and nothing of the customer's is read.
func TestAccDataOfAProjectThatWasHandedOverIsNull(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]emulator.WorldChange{
		"claimed out of sight": {Do: emulator.DoClaim, Project: guestShop, Org: bloom},
		"claimed in sight":     {Do: emulator.DoClaim, Project: guestShop, Org: labs},
		"deleted":              {Do: emulator.DoDelete, Project: guestShop},
		"deleted for good":     {Do: emulator.DoPurge, Project: guestShop},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withGuestShop(t)
			config := w.aboutShop("", ignoreMissing+"\n  org_id = \""+acme+"\"")
			w.runWithEcho(
				resource.TestStep{Config: config, ConfigStateChecks: expectMissing(false, "it")},
				resource.TestStep{
					PreConfig: func() {
						if err := w.emu.Happen(change); err != nil {
							t.Fatal(err)
						}
						w.emu.ClearRequests()
					},
					Config: echoedAgain(config), ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
					ConfigStateChecks: expectMissing(true, "again"),
					Check:             w.wantRequests(map[string]int{uriRoute: 0, permissionsRoute: 0}),
				},
				// The provider's organization does as well.
				resource.TestStep{Config: w.aboutShop(acme, ignoreMissing), ConfigStateChecks: expectMissing(true, "it")},
			)
		})
	}
}

// Absence is concluded only where the organization's list shows it.
func TestAccDataOfAProjectThatIsNotShownIsNotMissing(t *testing.T) {
	t.Parallel()
	ignoring := ignoreMissing + "\n  org_id = \"" + acme + "\""
	for name, test := range map[string]struct {
		fault     emulator.Fault
		arguments string
		want      string
	}{
		"hidden for a moment":   {arguments: ignoring, fault: emulator.Fault{Method: "GET", Path: "/projects/" + guestShop, Times: 1, Effect: emulator.FaultEffect{Status: 404}}},
		"hidden":                {arguments: ignoring, fault: emulator.Fault{Method: "GET", Path: "/projects/" + guestShop, Effect: emulator.FaultEffect{Status: 404}}, want: "whether it is missing could not be found out"},
		"no organization known": {arguments: ignoreMissing, want: "Organization is needed.*Set org_id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withGuestShop(t)
			if test.fault.Method != "" {
				w.fault(test.fault)()
			}
			step := resource.TestStep{Config: w.aboutShop("", test.arguments), ConfigStateChecks: expectMissing(false, "it")}
			if test.want != "" {
				step.ConfigStateChecks, step.ExpectError = nil, diagnostic(test.want)
			}
			w.runWithEcho(step)
		})
	}
}

// A key that sees neither the project nor the organization says nothing.
func TestAccDataOfAnOrganizationThatTheKeyDoesNotSeeIsAnError(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	w.runWithEcho(resource.TestStep{
		Config: strings.Replace(w.aboutShop("", ignoreMissing+"\n  org_id = \""+acme+"\""), partnerAdmin, customerOwner, 1), ExpectError: diagnostic("sees neither project " + guestShop + " nor organization " + acme),
	})
}

// An expected owner is a check without ignore_missing as well.
func TestAccDataOfAnotherOwnersProjectIsRefused(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	w.runWithEcho(
		resource.TestStep{Config: w.aboutShop("", "org_id = \""+acme+"\""), ConfigStateChecks: expectMissing(false, "it")},
		resource.TestStep{
			PreConfig: w.emu.ClearRequests,
			Config:    w.aboutShop("", "org_id = \""+labs+"\""), ExpectError: diagnostic("Project " + guestShop + " belongs to " + acme + ", and not to " + labs),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := w.wantRequests(map[string]int{uriRoute: 0, permissionsRoute: 0})(nil); err != nil {
					t.Error(err)
				}
			},
			// Without either it costs no look.
			Config: w.aboutShop(acme, ""), ConfigStateChecks: expectMissing(false, "it"),
			Check: func(*terraform.State) error {
				got := w.requests()
				if got["GET /projects/{project_id}"] > got[uriRoute] {
					return fmt.Errorf("the project was looked at: %v", got)
				}
				return nil
			},
		},
	)
}
