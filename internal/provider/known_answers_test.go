package provider

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// Each of these tests is named after what the user sees of an answer of Neon's that
// has a status of success and is none.

// answering lets requests be answered with a body instead of their work, as often as
// they come.
func (w *world) answering(method, path, body string) func() {
	return w.fault(emulator.Fault{Method: method, Path: path, Effect: emulator.FaultEffect{Status: 200, Body: json.RawMessage(body)}})
}

// creating lets something be created once, and its answer be the body.
func (w *world) creating(path, body string) func() {
	return w.fault(emulator.Fault{
		Method: "POST", Path: path, Times: 1, Effect: emulator.FaultEffect{Status: 201, Body: json.RawMessage(body), After: true},
	})
}

func TestAccAnswerWithoutProjectIsNoProject(t *testing.T) {
	t.Parallel()
	for body, arguments := range map[string]string{
		`{}`:                                  "claimable = true",
		`{"project":{}}`:                      "claimable = true",
		`null`:                                "claimable = false",
		`{"project":{"id":"","owner_id":""}}`: "",
		`{"project":{"id":"else-where-12345678"}}`: "",
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.partner(fmt.Sprintf("resource \"neon_project\" \"app\" {\n  name = \"app\"\n  %s\n}", arguments))
			sameID, sameOwner := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesSame())
			same := func() []statecheck.StateCheck {
				return []statecheck.StateCheck{
					sameID.AddStateValue(appProject, tfjsonpath.New("id")), sameOwner.AddStateValue(appProject, tfjsonpath.New("owner_id")),
				}
			}
			w.run(
				resource.TestStep{Config: config, ConfigStateChecks: same()},
				resource.TestStep{
					PreConfig: w.answering("GET", "/projects/*", body), Config: config, PlanOnly: true,
					ExpectError: diagnostic("Project not read.*Apply again later.*not what Neon's API documents"),
				},
				resource.TestStep{
					PreConfig: w.emu.ClearFaults, Config: config, ConfigPlanChecks: unchanged(), ConfigStateChecks: same(),
					Check: w.wantRequests(map[string]int{"POST /projects": 1, "PATCH /projects/{project_id}": 0}),
				},
			)
		})
	}
}

func TestAccCreationAnsweredWithoutAProjectIsFound(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `null`, `{"project":{"id":"else-where-12345678","name":"other"},"branch":{},"endpoints":[],"operations":[]}`,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.partner(`resource "neon_project" "app" { name = "app" }`)
			w.run(
				resource.TestStep{
					PreConfig: w.creating("/projects", body), Config: config,
					Check: resource.ComposeAggregateTestCheckFunc(w.wantRequests(map[string]int{"POST /projects": 1}), func(s *terraform.State) error {
						if id := s.RootModule().Resources[appProject].Primary.ID; id != w.onlyProject().ID {
							return fmt.Errorf("the state has %q, and Neon %q", id, w.onlyProject().ID)
						}
						return nil
					}),
				},
				resource.TestStep{PreConfig: func() { w.onlyProject() }, Config: config, ConfigPlanChecks: unchanged()},
			)
		})
	}
}

// TestAccUpdateAnsweredWithoutAProjectIsLookedAt: the work may be done or not.
func TestAccUpdateAnsweredWithoutAProjectIsLookedAt(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{true, false} {
		t.Run(strconv.FormatBool(after), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := func(name string) string {
				return w.partner(fmt.Sprintf(`resource "neon_project" "app" { name = %q }`, name))
			}
			fault := emulator.Fault{
				Method: "PATCH", Path: "/projects/*", Times: 1, Effect: emulator.FaultEffect{Status: 200, Body: json.RawMessage(`{}`), After: after},
			}
			w.run(
				resource.TestStep{Config: config("app")},
				resource.TestStep{PreConfig: w.fault(fault), Config: config("shop"), Check: func(*terraform.State) error {
					if name := w.onlyProject().Name; name != "shop" {
						return fmt.Errorf("the project is named %s", name)
					}
					return nil
				}},
				resource.TestStep{Config: config("shop"), ConfigPlanChecks: unchanged()},
			)
		})
	}
}

// TestAccDeletionAnsweredWithoutAProjectIsNotBelieved: nothing was deleted.
func TestAccDeletionAnsweredWithoutAProjectIsNotBelieved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(`resource "neon_project" "app" { name = "app" }`)})
	c.must("apply", "-auto-approve")
	w.answering("DELETE", "/projects/*", `{}`)()
	c.mustFail([]string{"Project not deleted"}, "destroy", "-auto-approve")
	w.onlyProject()
	w.emu.ClearFaults()
	c.must("destroy", "-auto-approve")
	if left := w.projects(); len(left) != 0 {
		t.Errorf("%d projects are left", len(left))
	}
}

func TestAccTransferRequestAnsweredWithoutAnIDIsMadeAgain(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"id":"9a2f0000-9514-4cac-bc04-2f194815db76","project_id":"else-where-12345678"}`} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run(
				resource.TestStep{
					PreConfig: w.creating("/projects/*/transfer_requests", body), Config: w.offerConfig(""),
					Check: func(s *terraform.State) error {
						made := w.onlyProject().TransferRequests
						have := s.RootModule().Resources[offer].Primary.Attributes
						if last := made[len(made)-1].ID; have["id"] != last || !strings.HasSuffix(have["claim_url"], "&tr="+last) {
							return fmt.Errorf("the state has request %q, want the last of %d", have["id"], len(made))
						}
						return nil
					},
				},
				resource.TestStep{Config: w.offerConfig(""), ConfigPlanChecks: unchanged()},
			)
		})
	}
}

func TestAccGuestAnsweredWithoutAnIDIsFound(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"id":"p","granted_to_email":"else@where.test","granted_at":"2026-01-01T00:00:00Z"}`} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			w := withGuestShop(t)
			config := w.partner(guestOf(guestShop, ownerAddress))
			w.run(
				resource.TestStep{
					PreConfig: w.creating("/projects/*/permissions", body), Config: config,
					Check: w.wantRequests(map[string]int{grantRoute: 1}),
				},
				resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
			)
			if got := w.guests(guestShop); got != "" {
				t.Errorf("the guests %q are left", got)
			}
		})
	}
}

// TestAccKeyAnsweredWithoutASecretIsNamed: nobody can learn the secret, so somebody
// has to be told which key it is.
func TestAccKeyAnsweredWithoutASecretIsNamed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `{"id":0,"key":""}`,
		`{"id":7,"key":"napi_another","name":"another","created_at":"2026-01-01T00:00:00Z","created_by":"6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01"}`,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.cli(map[string]string{"main.tf": w.partner(keyOf(`  name = "ci"`))})
			w.creating("/organizations/*/api_keys", body)()
			out, code := c.run("apply", "-auto-approve")
			if id := strconv.FormatInt(w.onlyKey().ID, 10); code == 0 || !strings.Contains(out, id) || !strings.Contains(out, "revoke") {
				t.Errorf("exit code %d, want an error that names key %s: %s", code, id, out)
			}
			if n := w.requests()[createKeyRoute]; n != 1 {
				t.Errorf("%d keys were asked for, want 1", n)
			}
			c.wantNowhere("napi_another")
		})
	}
}

// TestAccListThatIsNoneIsNoAbsence: what is in such a list is not gone, and nothing
// is made a second time.
func TestAccListThatIsNoneIsNoAbsence(t *testing.T) {
	t.Parallel()
	type list struct {
		config, path, summary string
		bodies                []string
		create                string
	}
	for name, test := range map[string]list{
		"keys": {keyOf(`  name = "ci"`), "/organizations/*/api_keys", "API key not read", []string{`null`, `{}`, `[{}]`}, createKeyRoute},
		"guests": {
			guestOf(guestShop, ownerAddress), "/projects/*/permissions", "Permission not read",
			[]string{`{}`, `{"project_permissions":null}`},
			grantRoute,
		},
		"limit": {
			limitOf(cents(5000)), "/organizations/*/billing/spending_limit", "Spending limit not read",
			[]string{`{}`, `null`},
			setLimitRoute,
		},
	} {
		for _, body := range test.bodies {
			t.Run(name+" "+body, func(t *testing.T) {
				t.Parallel()
				w := withGuestShop(t)
				config := w.partner(test.config)
				w.run(
					resource.TestStep{Config: config},
					resource.TestStep{
						PreConfig: w.answering("GET", test.path, body), Config: config,
						ExpectError: diagnostic(test.summary + ".*not what Neon's API documents"),
					},
					resource.TestStep{
						PreConfig: w.emu.ClearFaults, Config: config, ConfigPlanChecks: unchanged(),
						Check: w.wantRequests(map[string]int{test.create: 1}),
					},
				)
			})
		}
	}
}

// TestAccNoSpendingLimitIsAnAnswer: null is one, and the limit was removed.
func TestAccNoSpendingLimitIsAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.partner(limitOf(cents(5000)))
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: w.answering("GET", "/organizations/*/billing/spending_limit", `{"spending_limit_cents":null}`),
			Config:    config, PlanOnly: true, ExpectNonEmptyPlan: true,
		},
	)
}

// claimOf accepts a request for a project.
func claimOf(requestID string) string {
	return fmt.Sprintf(`
resource "neon_project_transfer_acceptance" "shop" {
  project_id          = "calm-river-12345678"
  transfer_request_id = %q
}`, requestID)
}

// TestAccSecretsInNeonsWordsAreNotShown: what Neon, or a server before it, says may
// repeat what it was sent.
func TestAccSecretsInNeonsWordsAreNotShown(t *testing.T) {
	t.Parallel()
	secrets := []string{
		partnerAdmin, "napi_planted", "npg_planted", "hunter2", "9a2f0000-9514-4cac-bc04-2f194815db76", "389ad814-9514-4cac-bc04-2f194815db76",
	}
	words := fmt.Sprintf("the key %s and %s may not; role app has %s; postgresql://app:%s@ep-a.neon.tech/db; "+
		"https://console.neon.tech/app/claim?p=else-where-12345678&tr=%s; no transfer request %s",
		partnerAdmin, "napi_planted", "npg_planted", "hunter2", secrets[4], secrets[5])
	for name, test := range map[string]struct {
		method, path, config string
		status               int
	}{
		"a creation":      {"POST", "/projects", `resource "neon_project" "app" { name = "app" }`, 400},
		"a lost creation": {"POST", "/projects", `resource "neon_project" "app" { name = "app" }`, 500},
		"a claim":         {"PUT", "/projects/*/transfer_requests/*", claimOf(secrets[5]), 409},
		"a lost claim":    {"PUT", "/projects/*/transfer_requests/*", claimOf(secrets[5]), 500},
		"a read":          {"GET", "/projects", `data "neon_projects" "all" {}`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			body, err := json.Marshal(map[string]string{"code": words, "message": words})
			if err != nil {
				t.Fatal(err)
			}
			c := w.cli(map[string]string{"main.tf": w.partner(test.config)})
			c.logTo("log")
			w.fault(emulator.Fault{Method: test.method, Path: test.path, Effect: emulator.FaultEffect{Status: test.status, Body: body}})()
			out, code := c.run("apply", "-auto-approve")
			if code == 0 || !strings.Contains(out, "Neon says: the key [not shown] and [not shown] may not") {
				t.Errorf("exit code %d, want Neon's words without what is secret: %s", code, out)
			}
			for _, secret := range secrets {
				if strings.Contains(out, secret) {
					t.Errorf("%q is shown: %s", secret, out)
				}
			}
			for _, secret := range secrets[1:5] { // the rest is in the configuration, which the CLI logs
				c.wantNowhere(secret)
			}
		})
	}
}
