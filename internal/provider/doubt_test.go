package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/contract"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
)

// What a gateway gave up on and Neon carries out later, which is longer than a
// creation looks for it.
const late = 14 * time.Second

// lateFault answers the next request with 504 and carries it out later.
func lateFault(path string) emulator.Fault {
	return emulator.Fault{Method: http.MethodPost, Path: path, Times: 1, Effect: emulator.FaultEffect{Status: http.StatusGatewayTimeout, Late: emulator.Duration(late)}}
}

// meanwhile does something when the first such request comes, before Neon sees it.
func (w *world) meanwhile(isIt func(*http.Request) bool, do func()) {
	w.t.Helper()
	var done atomic.Bool
	api := contract.Wrap(w.t, w.emu.API())
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if isIt(r) && done.CompareAndSwap(false, true) {
			do()
		}
		api.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(server.Close)
	w.url = server.URL + contract.Prefix
}

func wantSaid(t *testing.T, out string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q: %s", want, out)
		}
	}
}

func wantUnsaid(t *testing.T, out string, not ...string) {
	t.Helper()
	for _, one := range not {
		if strings.Contains(out, one) {
			t.Errorf("it says %q: %s", one, out)
		}
	}
}

// hasID reports whether something in state has the id. OpenTofu writes states without
// blanks.
func hasID(state, id string) bool {
	return strings.Contains(strings.ReplaceAll(state, `": "`, `":"`), `"id":"`+id+`"`)
}

// twinOf returns the project beside the one in state.
func (w *world) twinOf(c *cli) emulator.Project {
	w.t.Helper()
	state := c.must("state", "pull")
	projects := w.projects()
	if len(projects) != 2 {
		w.t.Fatalf("%d projects exist, want 2", len(projects))
	}
	for _, p := range projects {
		if !hasID(state, p.ID) {
			return p
		}
	}
	w.t.Fatal("both projects are in state")
	return emulator.Project{}
}

func TestSecondProjectThatComesLateIsNamedUntilItIsGone(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a name of its own": `resource "neon_project" "app" { name = "app" }`,
		"a name of Neon's":  `resource "neon_project" "app" {}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.cli(map[string]string{"main.tf": w.partner(body)})
			w.fault(lateFault("/projects"))()
			out := c.must("apply", "-auto-approve")
			kept := w.onlyProject()
			wantSaid(t, out, secondMayExist, "Project "+kept.ID, acme, "24 hours")

			w.advance(late)
			twin := w.twinOf(c)
			named := []string{secondExists, "Project " + twin.ID, "delete it in the Neon Console"}
			for range 2 {
				wantSaid(t, c.must("plan", "-detailed-exitcode"), named...)
			}
			// As long as it is there, and be it for days.
			for range 2 {
				w.advance(30 * time.Hour)
				wantSaid(t, c.must("apply", "-auto-approve"), named...)
			}
			if len(w.projects()) != 2 || w.requests()["DELETE /projects/{project_id}"] != 0 {
				t.Error("a refresh deleted something")
			}
			if err := neontest.Held(t, w.client(partnerAdmin), twin.ID).Delete(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantUnsaid(t, c.must("apply", "-auto-approve"), twin.ID, "second project")
			w.wantPlanCostsNoMore(c)
		})
	}
}

// wantPlanCostsNoMore asserts that the plan is that of a project without doubt.
func (w *world) wantPlanCostsNoMore(c *cli) {
	w.t.Helper()
	w.emu.ClearRequests()
	wantUnsaid(w.t, c.must("plan", "-detailed-exitcode"), "second project")
	w.wantExactRequests(map[string]int{"GET /projects/{project_id}": 1})
}

func TestProjectWhoseCreationWasSentTwiceIsWatchedForADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(`resource "neon_project" "app" { name = "app" }`)})
	w.fault(emulator.Fault{Method: "POST", Path: "/projects", Times: 1, Effect: emulator.FaultEffect{Status: 504}})()
	wantSaid(t, c.must("apply", "-auto-approve"), secondMayExist, w.onlyProject().ID)
	// Another project of the name, even one that this provider made, is no twin.
	if _, err := w.client(partnerAdmin).CreateProject(t.Context(), neon.ProjectCreate{Name: new("app"), OrgID: new(acme)}); err != nil {
		t.Fatal(err)
	}
	for _, pass := range []time.Duration{time.Hour, 22 * time.Hour} {
		w.advance(pass)
		w.emu.ClearRequests()
		wantUnsaid(t, c.must("apply", "-auto-approve"), "second project")
		if w.requests()["GET /projects"] == 0 {
			t.Error("it is not looked for any more")
		}
	}
	w.advance(2 * time.Hour)
	wantUnsaid(t, c.must("apply", "-auto-approve"), "second project") // the last look
	w.wantPlanCostsNoMore(c)
}

func TestSecondProjectIsLookedForOnceMoreHoweverLateTheNextRefreshIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(`resource "neon_project" "app" { name = "app" }`)})
	w.fault(lateFault("/projects"))()
	c.must("apply", "-auto-approve")
	w.advance(90 * 24 * time.Hour)
	wantSaid(t, c.must("plan", "-detailed-exitcode"), w.twinOf(c).ID)
}

func TestSecondProjectThatIsToBeKeptIsImportedUnderAnotherName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app := `resource "neon_project" "app" { name = "app" }` + "\n"
	c := w.cli(map[string]string{"main.tf": w.partner(app)})
	w.fault(lateFault("/projects"))()
	c.must("apply", "-auto-approve")
	w.advance(late)
	twin := w.twinOf(c)
	wantSaid(t, c.must("plan"), "import it", "another name")
	c.write("main.tf", w.partner(app+`resource "neon_project" "other" { name = "other" }`))
	c.must("import", "neon_project.other", twin.ID)
	c.must("apply", "-auto-approve")
	wantUnsaid(t, c.must("plan", "-detailed-exitcode"), "second project")
}

func TestSecondProjectThatCannotBeLookedForIsKeptInMind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(`resource "neon_project" "app" { name = "app" }`)})
	w.fault(lateFault("/projects"))()
	c.must("apply", "-auto-approve")
	w.advance(25 * time.Hour)
	w.fault(emulator.Fault{Method: "GET", Path: "/projects", Effect: emulator.FaultEffect{Status: 403}})()
	wantSaid(t, c.must("apply", "-auto-approve"), secondMayExist, "could not be looked for")
	w.emu.ClearFaults()
	wantSaid(t, c.must("plan", "-detailed-exitcode"), w.twinOf(c).ID)
}

// A creation that fails after its first request was not answered says that there
// may be a project.
func TestProjectThatWasRefusedAfterALostAnswerMayExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(`resource "neon_project" "app" { name = "app" }`)})
	w.fault(lateFault("/projects"))()
	w.fault(emulator.Fault{Method: "POST", Path: "/projects", Times: 1, Effect: emulator.FaultEffect{Status: 422}})()
	c.mustFail([]string{"Project not created", "Look in the Neon Console for a project", `"app"`, "import it"}, "apply", "-auto-approve")
	w.advance(late)
	wantSaid(t, c.must("plan"), w.onlyProject().ID)
}

// Nothing is in state after a creation of which both answers were lost, so that the
// next plan names what came of it.
func TestProjectsOfTwoLostAnswersAreBothNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(`resource "neon_project" "app" { name = "app" }`)})
	for range 2 {
		w.fault(lateFault("/projects"))()
	}
	c.mustFail([]string{"Project not created", "Look in the Neon Console for a project", `"app"`, "import it"}, "apply", "-auto-approve")
	w.advance(late)
	out := c.must("plan")
	if len(w.projects()) != 2 {
		t.Errorf("%d projects exist, want 2", len(w.projects()))
	}
	for _, p := range w.projects() {
		wantSaid(t, out, "with the id "+p.ID)
	}
}

func isKeyCreation(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/api_keys")
}

// The CLIs show only the first of several warnings that have the same summary.
func TestSecondProjectsAndKeysAreAllNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := `
resource "neon_project" "app" { name = "app" }

resource "neon_project" "shop" { name = "shop" }
`
	c := w.cli(map[string]string{"main.tf": w.partner(body)})
	first, third := lateFault("/projects"), lateFault("/projects")
	third.Skip = 1
	w.fault(first)()
	w.fault(third)()
	c.must("apply", "-auto-approve", "-parallelism=1")
	w.advance(late)
	var left []string
	for range 2 {
		key, err := w.client(partnerAdmin).CreateOrgAPIKey(t.Context(), acme, neon.APIKeyCreate{KeyName: "ci"})
		if err != nil {
			t.Fatal(err)
		}
		left = append(left, fmt.Sprintf("key %d, created", key.ID))
	}
	c.write("main.tf", w.partner(body+keyConfig))
	wantSaid(t, c.must("apply", "-auto-approve"), left...)
	out := c.must("plan")
	wantSaid(t, out, left...)
	state := c.must("state", "pull")
	for _, p := range w.projects() {
		if !hasID(state, p.ID) {
			wantSaid(t, out, "Project "+p.ID+" (")
		}
	}
	if n := len(w.projects()); n != 4 {
		t.Errorf("%d projects exist, want 4", n)
	}
}

const keyConfig = `resource "neon_org_api_key" "ci" { name = "ci" }`

func TestFreshKeyOfAnotherPipelineIsNotRevoked(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]emulator.FaultEffect{
		"nothing was done": {Status: 504}, "a key was made": {Status: 504, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var theirs *neon.MadeAPIKey
			w.meanwhile(isKeyCreation, func() {
				var err error
				if theirs, err = w.client(partnerAdmin).CreateOrgAPIKey(t.Context(), acme, neon.APIKeyCreate{KeyName: "ci"}); err != nil {
					t.Error(err)
				}
				w.fault(emulator.Fault{Method: "POST", Path: "/organizations/*/api_keys", Times: 1, Effect: effect})()
			})
			c := w.cli(map[string]string{"main.tf": w.partner(keyConfig)})
			out, code := c.run("apply", "-auto-approve")
			if code != 1 {
				t.Errorf("exit code %d", code)
			}
			wantSaid(t, out, "API key not created, and perhaps one left behind", "Nothing was revoked", "apply again",
				"by Ada ("+theirs.CreatedBy+")", fmt.Sprintf("DELETE /organizations/%s/api_keys/", acme))
			before := w.acmeKeys()
			for _, k := range before {
				wantSaid(t, out, fmt.Sprintf("Key %d, created %s", k.ID, k.CreatedAt.Format(time.RFC3339)))
			}
			if got := w.requests(); got[revokeKeyRoute] != 0 || got[createKeyRoute] != 1 {
				t.Errorf("requests: %v", got)
			}
			c.must("apply", "-auto-approve")
			if left := w.acmeKeys(); len(left) != len(before)+1 {
				t.Errorf("%d keys exist, want one more than the %d before", len(left), len(before))
			}
		})
	}
}

func TestKeyThatWasNotMadeIsCreatedByTheNextApply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(keyConfig)})
	w.fault(emulator.Fault{Method: "POST", Path: "/organizations/*/api_keys", Times: 1, Effect: emulator.FaultEffect{Status: 504}})()
	c.mustFail([]string{"API key not created", `"ci"`, "no new key of this name", "may still create it", "Apply again"}, "apply", "-auto-approve")
	c.must("apply", "-auto-approve")
	w.onlyKey()
	c.wantEmptyPlan()
}

func TestKeyThatComesLateIsNamedByTheNextRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.cli(map[string]string{"main.tf": w.partner(keyConfig)})
	w.fault(lateFault("/organizations/*/api_keys"))()
	c.mustFail([]string{"API key not created", "may still create it"}, "apply", "-auto-approve")
	w.advance(late)
	stray := w.onlyKey()
	c.must("apply", "-auto-approve")
	wantSaid(t, c.must("plan", "-detailed-exitcode"), keyLeftBehind, fmt.Sprintf("key %d, created", stray.ID))
}

// Rotation revokes the old key after the new one is made, so that nobody has to.
func TestKeyRotationAsksNobodyToRevokeTheOldKeyByHand(t *testing.T) {
	t.Parallel()
	const rotated = `
resource "terraform_data" "month" { input = %q }

resource "neon_org_api_key" "ci" {
  name = %q
  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.month]
  }
}
`
	for name, rotate := range map[string]func(w *world, c *cli) []string{
		"by -replace": func(*world, *cli) []string { return []string{"-replace=" + ciKey} },
		"by replace_triggered_by": func(w *world, c *cli) []string {
			c.write("main.tf", w.partner(fmt.Sprintf(rotated, "June", "ci")))
			return nil
		},
		"by another name": func(w *world, c *cli) []string {
			c.write("main.tf", w.partner(fmt.Sprintf(rotated, "May", "deploy")))
			return nil
		},
		"because it is tainted": func(_ *world, c *cli) []string {
			c.must("taint", ciKey)
			return nil
		},
		"without a refresh": func(*world, *cli) []string { return []string{"-replace=" + ciKey, "-refresh=false"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.cli(map[string]string{"main.tf": w.partner(fmt.Sprintf(rotated, "May", "ci"))})
			c.must("apply", "-auto-approve")
			old := w.onlyKey()
			out := c.must(append([]string{"apply", "-auto-approve"}, rotate(w, c)...)...)
			wantUnsaid(t, out, "nobody knows its secret", "Neon Console")
			if strings.Contains(out, keyLeftBehind) {
				wantSaid(t, out, "Nothing has to be done now", fmt.Sprintf("If this apply replaces key %d, it revokes it next", old.ID))
			}
			if left := w.onlyKey(); left.ID == old.ID {
				t.Error("the key was not replaced")
			}
			wantUnsaid(t, c.must("plan", "-detailed-exitcode"), keyLeftBehind)
		})
	}
}

func TestKeyLeftByAKilledRunIsNamedForADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	left, err := w.client(partnerAdmin).CreateOrgAPIKey(t.Context(), acme, neon.APIKeyCreate{KeyName: "ci"})
	if err != nil {
		t.Fatal(err)
	}
	c := w.cli(map[string]string{"main.tf": w.partner(keyConfig)})
	wantSaid(t, c.must("apply", "-auto-approve"), keyLeftBehind, fmt.Sprintf("key %d is what it has left", left.ID))
	named := []string{keyLeftBehind, fmt.Sprintf("key %d, created", left.ID), "revoke it under the organization's API keys in the Neon Console"}
	for range 2 {
		wantSaid(t, c.must("apply", "-auto-approve"), named...)
	}
	w.advance(25 * time.Hour)
	wantSaid(t, c.must("apply", "-auto-approve"), named...) // the last time
	wantUnsaid(t, c.must("plan", "-detailed-exitcode"), keyLeftBehind)
}

// A key for one run has a name of its own, so that one that comes late is revoked.
func TestEphemeralKeyThatComesLateIsRevokedAtTheEndOfTheRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fault(lateFault("/organizations/*/api_keys"))()
	isUsed := func(r *http.Request) bool { return r.Header.Get("Authorization") != "Bearer "+partnerAdmin }
	w.meanwhile(isUsed, func() {
		w.advance(late)
		if keys := w.acmeKeys(); len(keys) != 2 || keys[0].Name != keys[1].Name {
			t.Errorf("keys are %+v, want two of one name", keys)
		}
	})
	c := w.cli(map[string]string{"main.tf": w.runWithKey("")})
	wantSaid(t, c.must("plan"), "Perhaps a second API key was created", defaultKeyPrefix+"-20", "revoked when this run ends")
	if keys := w.acmeKeys(); len(keys) > 0 {
		t.Errorf("%d keys are left", len(keys))
	}
}

func TestEphemeralKeyThatComesLateAndStaysIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fault(lateFault("/organizations/*/api_keys"))()
	w.meanwhile(func(r *http.Request) bool { return r.Header.Get("Authorization") != "Bearer "+partnerAdmin }, func() { w.advance(late) })
	w.fault(emulator.Fault{Method: "DELETE", Path: "/organizations/*/api_keys/*", Skip: 1, Effect: emulator.FaultEffect{Status: 403}})()
	c := w.cli(map[string]string{"main.tf": w.runWithKey("")})
	out, _ := c.run("plan")
	left := w.onlyKey()
	wantSaid(t, out, "Ephemeral API key not revoked", left.Name, fmt.Sprintf("Key %d, created", left.ID), "Revoke it under the organization's API keys")
}

func TestEphemeralKeyOfAnotherRunIsNotRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.meanwhile(isKeyCreation, func() {
		name := ephemeralKeyName{prefix: defaultKeyPrefix, until: w.now().Add(defaultMaxLifetime)}.String()
		if _, err := w.client(partnerAdmin).CreateOrgAPIKey(t.Context(), acme, neon.APIKeyCreate{KeyName: name}); err != nil {
			t.Error(err)
		}
		w.fault(emulator.Fault{Method: "POST", Path: "/organizations/*/api_keys", Times: 1, Effect: emulator.FaultEffect{Status: 504, After: true}})()
	})
	c := w.cli(map[string]string{"main.tf": w.runWithKey("")})
	wantUnsaid(t, c.must("plan"), "Perhaps")
	w.onlyKey()
}

// What has not exactly such a name was not made for a run by this provider.
func TestKeyWhoseNameIsOnlyLikeThatOfARunIsNotRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{
		defaultKeyPrefix + "-20200101T000000Z-ABCDEFGH", defaultKeyPrefix + "-20200101T000000Z-release1",
		defaultKeyPrefix + "-20200101T000000Z-abc defg", defaultKeyPrefix + "-2020-01-01T00:00:00Z-abcdefgh",
	} {
		if _, err := w.client(partnerAdmin).CreateOrgAPIKey(t.Context(), acme, neon.APIKeyCreate{KeyName: name}); err != nil {
			t.Fatal(err)
		}
	}
	before := len(w.acmeKeys())
	w.cli(map[string]string{"main.tf": w.runWithKey("")}).must("plan")
	if after := len(w.acmeKeys()); after != before {
		t.Errorf("%d keys are left of %d", after, before)
	}
}
