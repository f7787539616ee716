package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const (
	moved         = "neon_org_project_transfer.moved"
	transferRoute = "POST /organizations/{source_org_id}/projects/transfer"
	// studio is a third organization of the partner's, in the worlds of these tests.
	studio = "org-partner-studio-10000003"
)

// transferWorld has the projects p-1 to p-n in Acme, and a third organization.
// Options change the seed.
func transferWorld(t *testing.T, n int, options ...func(*emulator.Seed)) *world {
	t.Helper()
	seed := emulator.DefaultSeed()
	seed.Organizations = append(seed.Organizations, emulator.Organization{
		ID: studio, Name: "Studio", Plan: "scale", Members: []*emulator.Member{{Email: "admin@partner.test", Role: "admin"}},
	})
	for i := range n {
		seed.Projects = append(seed.Projects, emulator.Project{ID: fmt.Sprintf("p-%d", i+1), OrgID: acme})
	}
	for _, option := range options {
		option(&seed)
	}
	return newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
}

// transferTo is configuration that transfers projects from Acme. The attributes
// come on top.
func (w *world) transferTo(destination, ids string, attributes ...string) string {
	return w.partner(transferBlock(destination, ids, append(attributes, fmt.Sprintf("source_org_id = %q", acme))...))
}

func transferBlock(destination, ids string, attributes ...string) string {
	var quoted []string
	for id := range strings.FieldsSeq(ids) {
		quoted = append(quoted, fmt.Sprintf("%q", id))
	}
	return fmt.Sprintf("resource \"neon_org_project_transfer\" \"moved\" {\n  destination_org_id = %q\n  project_ids = [%s]\n  %s\n}",
		destination, strings.Join(quoted, ", "), strings.Join(attributes, "\n  "))
}

// in gives the ids of an owner's projects.
func (w *world) in(ownerID string) string {
	var ids []string
	for _, p := range w.projects() {
		if p.OwnerID == ownerID {
			ids = append(ids, p.ID)
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

func (w *world) wantIn(ownerID, want string) {
	w.t.Helper()
	if got := w.in(ownerID); got != want {
		w.t.Errorf("%s has %q, want %q", ownerID, got, want)
	}
}

// move moves projects behind the provider's back.
func (w *world) move(from, to string, ids ...string) {
	w.t.Helper()
	if err := w.client(partnerAdmin).TransferToOrganization(w.t.Context(), from, to, ids); err != nil {
		w.t.Fatal(err)
	}
}

// change rewrites the world.
func (w *world) change(how func(*emulator.Snapshot)) {
	w.t.Helper()
	s := w.emu.Snapshot()
	how(&s)
	if err := w.emu.Restore(s); err != nil {
		w.t.Fatal(err)
	}
}

// integrate gives projects an integration, or with "" takes it away.
func integrate(integration string, ids ...string) func(*emulator.Snapshot) {
	return func(s *emulator.Snapshot) {
		for i, p := range s.Projects {
			if slices.Contains(ids, p.ID) {
				s.Projects[i].Integration = integration
			}
		}
	}
}

// room lets an organization have so many projects.
func room(orgID string, n int64) func(*emulator.Snapshot) {
	return func(s *emulator.Snapshot) {
		for i, o := range s.Organizations {
			if o.ID == orgID {
				s.Organizations[i].ProjectsLimit = new(n)
			}
		}
	}
}

// expectTransferred asserts transferred_project_ids.
func expectTransferred(ids string) []statecheck.StateCheck {
	var want []knownvalue.Check
	for id := range strings.FieldsSeq(ids) {
		want = append(want, knownvalue.StringExact(id))
	}
	return []statecheck.StateCheck{statecheck.ExpectKnownValue(moved, tfjsonpath.New("transferred_project_ids"), knownvalue.ListExact(want))}
}

func TestOrgTransfer(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 5)
	transfers := func(n int) resource.TestCheckFunc { return w.wantRequests(map[string]int{transferRoute: n}) }
	w.run(
		resource.TestStep{
			Config:            w.transferTo(labs, "p-1 p-2 p-3"),
			ConfigPlanChecks:  planned(moved, plancheck.ResourceActionCreate),
			ConfigStateChecks: expectTransferred("p-1 p-2 p-3"),
			Check: resource.ComposeTestCheckFunc(
				w.wantBody(transferRoute, fmt.Sprintf(`{"destination_org_id":%q,"project_ids":["p-1","p-2","p-3"]}`, labs)), transfers(1)),
		},
		resource.TestStep{Config: w.transferTo(labs, "p-3 p-2 p-1"), ConfigPlanChecks: unchanged(), Check: transfers(0)},
		resource.TestStep{
			// One is added.
			Config:            w.transferTo(labs, "p-1 p-2 p-3 p-4"),
			ConfigPlanChecks:  planned(moved, plancheck.ResourceActionUpdate),
			ConfigStateChecks: expectTransferred("p-1 p-2 p-3 p-4"),
			Check: resource.ComposeTestCheckFunc(
				w.wantBody(transferRoute, fmt.Sprintf(`{"destination_org_id":%q,"project_ids":["p-4"]}`, labs)), transfers(1)),
		},
		resource.TestStep{
			// One is taken out: it stays where it is.
			Config:            w.transferTo(labs, "p-2 p-3 p-4"),
			ConfigPlanChecks:  planned(moved, plancheck.ResourceActionUpdate),
			ConfigStateChecks: expectTransferred("p-2 p-3 p-4"),
			Check:             w.wantRequests(map[string]int{transferRoute: 0, "GET /auth": 0}),
		},
		resource.TestStep{
			// One has gone back, which shows and is mended.
			PreConfig: func() {
				w.wantIn(labs, "p-1 p-2 p-3 p-4")
				w.move(labs, acme, "p-3")
				w.emu.ClearRequests()
			},
			Config:            w.transferTo(labs, "p-2 p-3 p-4"),
			ConfigPlanChecks:  planned(moved, plancheck.ResourceActionUpdate),
			ConfigStateChecks: expectTransferred("p-2 p-3 p-4"),
			Check: resource.ComposeTestCheckFunc(
				w.wantBody(transferRoute, fmt.Sprintf(`{"destination_org_id":%q,"project_ids":["p-3"]}`, labs)), transfers(1)),
		},
		resource.TestStep{Config: w.transferTo(labs, ""), ConfigStateChecks: expectTransferred(""), Check: transfers(0)},
	)
	w.wantIn(labs, "p-1 p-2 p-3 p-4")
	w.wantIn(acme, "p-5")
}

func TestOrgTransferLeavesAloneWhatIsThere(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 3)
	w.move(acme, labs, "p-1", "p-2", "p-3")
	w.run(resource.TestStep{
		Config: w.transferTo(labs, "p-1 p-2 p-3"), ConfigStateChecks: expectTransferred("p-1 p-2 p-3"),
		Check: w.wantRequests(map[string]int{transferRoute: 0}),
	})
}

// The rest moves, and the replacement that a failed creation leads to continues.
func TestOrgTransferOfProjectsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, back := range []string{"", "transfer_back_on_destroy = true"} {
		t.Run(back, func(t *testing.T) {
			t.Parallel()
			w := transferWorld(t, 5, integrate("github", "p-2"), integrate("vercel", "p-4"))
			config := w.transferTo(labs, "p-1 p-2 p-3 p-4 p-5", back)
			w.run(
				resource.TestStep{Config: config, ExpectError: diagnostic("p-2 has a github integration")},
				resource.TestStep{
					PreConfig: func() { w.wantIn(labs, "p-1 p-3 p-5") },
					Config:    config, ExpectError: diagnostic("p-4 has a vercel integration"),
				},
				resource.TestStep{
					PreConfig: func() {
						w.wantIn(labs, "p-1 p-3 p-5")
						w.change(integrate("", "p-2", "p-4"))
						w.emu.ClearRequests()
					},
					Config:            config,
					ConfigPlanChecks:  planned(moved, plancheck.ResourceActionDestroyBeforeCreate),
					ConfigStateChecks: expectTransferred("p-1 p-2 p-3 p-4 p-5"),
					Check: resource.ComposeTestCheckFunc(
						w.wantBody(transferRoute, fmt.Sprintf(`{"destination_org_id":%q,"project_ids":["p-2","p-4"]}`, labs)),
						w.wantRequests(map[string]int{transferRoute: 1})),
				},
				resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
			)
			if back == "" {
				w.wantIn(labs, "p-1 p-2 p-3 p-4 p-5")
			} else {
				w.wantIn(acme, "p-1 p-2 p-3 p-4 p-5")
			}
		})
	}
}

// An update that fails in part is no reason to replace anything.
func TestOrgTransferOfAddedProjectsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 3, integrate("github", "p-3"))
	all := w.transferTo(labs, "p-1 p-2 p-3 nobody-knows p-elsewhere")
	w.change(func(s *emulator.Snapshot) {
		s.Projects = append(s.Projects, emulator.Project{ID: "p-elsewhere", OrgID: studio})
	})
	w.run(
		resource.TestStep{Config: w.transferTo(labs, "p-1")},
		resource.TestStep{Config: all, ExpectError: diagnostic(`p-3 has a github integration.*nobody-knows is not visible.*p-elsewhere is neither in|` +
			`nobody-knows is not visible.*p-elsewhere is neither in.*p-3 has a github integration`)},
		resource.TestStep{
			PreConfig:         func() { w.wantIn(labs, "p-1 p-2"); w.change(integrate("", "p-3")) },
			Config:            w.transferTo(labs, "p-1 p-2 p-3"),
			ConfigPlanChecks:  planned(moved, plancheck.ResourceActionUpdate),
			ConfigStateChecks: expectTransferred("p-1 p-2 p-3"),
			Check:             w.wantBody(transferRoute, fmt.Sprintf(`{"destination_org_id":%q,"project_ids":["p-3"]}`, labs)),
		},
	)
}

func TestOrgTransferThatDoesNotFit(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 3, room(labs, 2))
	config := w.transferTo(labs, "p-1 p-2 p-3")
	w.run(
		resource.TestStep{Config: config, ExpectError: diagnostic(`Projects not transferred.*projects_count is "3", and has to be "2".*p-1, p-2, p-3`)},
		resource.TestStep{
			PreConfig:        func() { w.wantIn(labs, ""); w.change(room(labs, 3)) },
			Config:           config,
			ConfigPlanChecks: planned(moved, plancheck.ResourceActionCreate),
		},
	)
}

// A region that the destination does not have holds up its own projects alone.
func TestOrgTransferOfProjectsInAnotherRegion(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 4, func(s *emulator.Seed) {
		s.Organizations[1].Regions = []string{"aws-us-east-1", "aws-us-east-2"}
		for i := range s.Projects {
			s.Projects[i].RegionID = "aws-us-east-1"
		}
		s.Projects[1].RegionID = "aws-eu-central-1"
	})
	w.run(resource.TestStep{Config: w.transferTo(labs, "p-1 p-2 p-3 p-4"), ExpectError: diagnostic("project_region.*1 project: p-2")})
	w.wantIn(labs, "p-1 p-3 p-4")
}

// Two batches meet each fault. What the first fault leaves to be sent again
// passes, and the second waits for the other batch.
func TestOrgTransferSurvivesFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		effect emulator.FaultEffect
		calls  int
	}{
		"cut before": {emulator.FaultEffect{Drop: "before"}, 4},
		"cut after":  {emulator.FaultEffect{Drop: "after"}, 2},
		"423":        {emulator.FaultEffect{Status: 423}, 4},
		"429":        {emulator.FaultEffect{Status: 429, Headers: map[string]string{"Retry-After": "0"}}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := manyProjects(t, 500)
			skip := 1
			if test.calls == 2 {
				skip = 0
			}
			for _, skip := range []int{0, skip} {
				w.fault(emulator.Fault{Method: "POST", Path: "/organizations/*/projects/transfer", Skip: skip, Times: 1, Effect: test.effect})()
			}
			w.run(resource.TestStep{Config: w.transferAll(500), Check: w.wantRequests(map[string]int{transferRoute: test.calls})})
			if n := len(strings.Fields(w.in(labs))); n != 500 {
				t.Errorf("%d projects have moved", n)
			}
		})
	}
}

func TestOrgTransferToAnotherDestination(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 4)
	w.run(
		resource.TestStep{Config: w.transferTo(labs, "p-1 p-2 p-3")},
		resource.TestStep{
			// It does not fit: the old destination stays in state.
			PreConfig: func() {
				w.move(labs, acme, "p-2")
				w.change(room(studio, 1))
			},
			Config: w.transferTo(studio, "p-1 p-2 p-3"), ExpectError: diagnostic("projects_count"),
		},
		resource.TestStep{
			PreConfig: func() { w.change(room(studio, 10)) },
			Config:    w.transferTo(studio, "p-1 p-2 p-3 p-4"),
			// In place, from wherever they are.
			ConfigPlanChecks:  planned(moved, plancheck.ResourceActionUpdate),
			ConfigStateChecks: append(expectTransferred("p-1 p-2 p-3 p-4"), expectString(moved, "destination_org_id", studio)),
		},
		resource.TestStep{
			// Another source moves nothing that is there.
			PreConfig:        w.emu.ClearRequests,
			Config:           w.partner(transferBlock(studio, "p-1 p-2 p-3 p-4", fmt.Sprintf("source_org_id = %q", labs))),
			ConfigPlanChecks: planned(moved, plancheck.ResourceActionUpdate),
			Check:            w.wantRequests(map[string]int{transferRoute: 0}),
		},
	)
	w.wantIn(studio, "p-1 p-2 p-3 p-4")
}

func TestOrgTransferBack(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 4)
	config := w.transferTo(labs, "p-1 p-2 p-3 p-4", "transfer_back_on_destroy = true")
	w.run(
		resource.TestStep{Config: config},
		resource.TestStep{
			// It is refused: what is left stays in state.
			PreConfig: func() { w.change(integrate("github", "p-4")) },
			Config:    config, Destroy: true, ExpectError: diagnostic("p-4 has a github integration"),
		},
		resource.TestStep{
			PreConfig: func() {
				w.wantIn(acme, "p-1 p-2 p-3")
				w.change(integrate("", "p-4"))
			},
			Config: config, ConfigPlanChecks: planned(moved, plancheck.ResourceActionUpdate), ConfigStateChecks: expectTransferred("p-1 p-2 p-3 p-4"),
		},
		resource.TestStep{
			// Those that have left are left alone.
			PreConfig: func() {
				w.move(labs, studio, "p-1")
				w.call(partnerAdmin, "DELETE", "/projects/p-2", "")
			},
			Config: config, Destroy: true,
		},
	)
	w.wantIn(acme, "p-3 p-4")
	w.wantIn(studio, "p-1")
}

// What a failed creation did is undone by destroying, as distinct from replacing.
func TestOrgTransferBackOfAPart(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 3, integrate("github", "p-2"))
	config := w.transferTo(labs, "p-1 p-2 p-3", "transfer_back_on_destroy = true")
	w.run(
		resource.TestStep{Config: config, ExpectError: diagnostic("p-2 has a github integration")},
		resource.TestStep{PreConfig: func() { w.wantIn(labs, "p-1 p-3") }, Config: config, Destroy: true},
	)
	w.wantIn(acme, "p-1 p-2 p-3")
}

func TestOrgTransferFromPersonalAccount(t *testing.T) {
	t.Parallel()
	const personalRoute = "POST /users/me/projects/transfer"
	w := transferWorld(t, 0, func(s *emulator.Seed) {
		s.Projects = []emulator.Project{{ID: "p-1", OwnerEmail: "admin@partner.test"}, {ID: "p-2", OwnerEmail: "admin@partner.test"}, {ID: "p-3", OrgID: labs}}
	})
	config := w.partner(transferBlock(labs, "p-1 p-2 p-3"))
	w.run(
		resource.TestStep{
			Config:            config,
			ConfigStateChecks: append(expectTransferred("p-1 p-2 p-3"), statecheck.ExpectKnownValue(moved, tfjsonpath.New("source_org_id"), knownvalue.Null())),
			Check:             w.wantRequests(map[string]int{personalRoute: 1, transferRoute: 0}),
		},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
	)
}

func TestOrgTransferWithOrganizationKey(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 1)
	w.run(resource.TestStep{
		Config:      w.config(partnerOrgKey, "", transferBlock(labs, "p-1", fmt.Sprintf("source_org_id = %q", acme))),
		ExpectError: diagnostic("A personal API key is needed"),
	})
	if got := w.requests(); len(got) != 1 || got["GET /auth"] != 1 {
		t.Errorf("requests were made: %v", got)
	}
}

// A key that does not see the destination says nothing about the projects.
func TestOrgTransferThatTheKeyCannotSeeIsKept(t *testing.T) {
	t.Parallel()
	for _, ids := range []string{"p-1", "p-1 p-2 p-3 p-4"} {
		t.Run(ids, func(t *testing.T) {
			t.Parallel()
			w := transferWorld(t, 4)
			body := transferBlock(labs, ids, fmt.Sprintf("source_org_id = %q", acme))
			w.run(
				resource.TestStep{Config: w.partner(body)},
				resource.TestStep{Config: w.config(customerOwner, "", body), ConfigPlanChecks: unchanged(), ConfigStateChecks: expectTransferred(ids)},
			)
		})
	}
}

func TestOrgTransferOfBadInput(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 0)
	source := fmt.Sprintf("source_org_id = %q", acme)
	for config, want := range map[string]string{
		transferBlock(labs, "Not_An_Id", source):                                       "Invalid project id",
		transferBlock(acme, "p-1", source):                                             "Same value in source_org_id and destination_org_id",
		transferBlock("labs", "p-1", source):                                           "Invalid organization id",
		transferBlock(labs, "p-1", "transfer_back_on_destroy = true"):                  "Nowhere to transfer back to",
		strings.Replace(transferBlock(labs, "p-1", source), `["p-1"]`, `[null]`, 1):    "Invalid project id|Null",
		strings.Replace(transferBlock(labs, "p-1", source), `["p-1"]`, `null`, 1):      "Missing required argument|required",
		transferBlock(labs, "p-1", source, "timeouts = { create = \"half an hour\" }"): "half an hour",
	} {
		w.run(resource.TestStep{Config: w.partner(config), PlanOnly: true, ExpectError: diagnostic(want)})
	}
	w.wantNoRequests()
}

// Ids that are not known yet are taken as they come.
func TestOrgTransferOfNewProjects(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 0)
	config := w.partner(fmt.Sprintf(`
resource "neon_project" "app" {
  count = 2
}

resource "neon_org_project_transfer" "moved" {
  source_org_id      = %q
  destination_org_id = %q
  project_ids        = neon_project.app[*].id
}`, acme, labs))
	w.run(
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(moved, tfjsonpath.New("transferred_project_ids")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(moved, tfjsonpath.New("transferred_project_ids"), knownvalue.ListSizeExact(2))},
		},
		// The projects have no org_id of their own, so they don't want to go back.
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
	)
}
