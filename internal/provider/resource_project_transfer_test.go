package provider

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// thirtyProjects is configuration of p-1 to p-30, which exist.
func (w *world) thirtyProjects(orgID, name string) string {
	config := w.partner(fmt.Sprintf(`
locals {
  numbers = { for i in range(30) : "p-${i + 1}" => i }
}

import {
  for_each = local.numbers
  to       = neon_project.app[each.value]
  id       = each.key
}

resource "neon_project" "app" {
  count  = 30
  org_id = %q
  name   = "%s-${count.index + 1}"
}`, orgID, name))
	// The budget is of no interest here, and waiting for it would take long.
	return strings.Replace(config, `provider "neon" {`, "provider \"neon\" {\n  requests_per_minute = 10000", 1)
}

func TestProjectsThatMoveAtOnceShareRequests(t *testing.T) {
	t.Parallel()
	w := transferWorld(t, 30)
	w.run(
		resource.TestStep{Config: w.thirtyProjects(acme, "app")},
		resource.TestStep{
			PreConfig: func() {
				w.change(integrate("github", "p-7"))
				w.emu.ClearRequests()
			},
			Config:      w.thirtyProjects(labs, "moved"),
			ExpectError: diagnostic("Project p-7 has a github integration"),
		},
		resource.TestStep{
			PreConfig: func() {
				requests := w.requests()
				if n := requests[transferRoute]; n < 1 || n >= 15 {
					t.Errorf("%d transfer calls for 30 projects", n)
				}
				if n := requests["GET /auth"]; n != 1 {
					t.Errorf("the key was looked at %d times", n)
				}
				if err := w.wantThirty("p-7"); err != nil {
					t.Error(err)
				}
				w.change(integrate("", "p-7"))
				w.emu.ClearRequests()
			},
			Config:           w.thirtyProjects(labs, "moved"),
			ConfigPlanChecks: planned("neon_project.app[6]", plancheck.ResourceActionUpdate),
			Check: resource.ComposeTestCheckFunc(
				func(*terraform.State) error { return w.wantThirty("") },
				w.wantRequests(map[string]int{transferRoute: 1, "PATCH /projects/{project_id}": 1}),
			),
		},
		resource.TestStep{Config: w.thirtyProjects(labs, "moved"), ConfigPlanChecks: unchanged()},
	)
}

// wantThirty asserts that all but one are in Labs under their new names.
func (w *world) wantThirty(except string) error {
	var errs []error
	for _, p := range w.projects() {
		wantOwner, wantName := labs, strings.Replace(p.ID, "p-", "moved-", 1)
		if p.ID == except {
			wantOwner, wantName = acme, strings.Replace(p.ID, "p-", "app-", 1)
		}
		if p.OwnerID != wantOwner || p.Name != wantName {
			errs = append(errs, fmt.Errorf("%s is in %s and named %s", p.ID, p.OwnerID, p.Name))
		}
	}
	return errors.Join(errs...)
}
