package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const recoverRoute = "POST /projects/{project_id}/recover"

func TestRecoverAction(t *testing.T) {
	t.Parallel()
	fault := func(method, path string, effect emulator.FaultEffect) func(*world) {
		return func(w *world) { w.fault(emulator.Fault{Method: method, Path: path, Times: 1, Effect: effect})() }
	}
	for name, test := range map[string]struct {
		key     string
		prepare func(*world)
		want    []string // in the progress and the diagnostics
		isThere bool     // afterwards
		posts   int
	}{
		"deleted":        {partnerAdmin, nil, []string{`Project p-1 ("shop") is back in ` + acme, "Project p-1 is ready"}, true, 1},
		"by its own key": {partnerOrgKey, nil, []string{"Project p-1 is ready"}, true, 1},
		"answer lost":    {partnerAdmin, fault("POST", "/projects/*/recover", emulator.FaultEffect{Drop: "after"}), []string{"Project p-1 is ready"}, true, 1},
		"request lost":   {partnerAdmin, fault("POST", "/projects/*/recover", emulator.FaultEffect{Drop: "before"}), []string{"Project p-1 is ready"}, true, 2},
		"not deleted": {
			partnerAdmin, func(w *world) { w.call(partnerAdmin, "POST", "/projects/p-1/recover", ""); w.emu.ClearRequests() },
			[]string{`WARNING AttributeName("project_id"): Project is not deleted`, `("shop") is there, in ` + acme},
			true, 0,
		},
		"too late": {
			partnerAdmin, func(w *world) { w.advance(8 * 24 * time.Hour) },
			[]string{`ERROR AttributeName("project_id"): Project not recovered`, "seven days", "Status 404"},
			false, 1,
		},
		"somebody else's": {customerOwner, nil, []string{"Project not recovered", "Status 404"}, false, 1},
		"not an admin":    {partnerDev, nil, []string{"Project not recovered", "The API key may not do this", "Status 403"}, false, 1},
		"no room": {
			partnerAdmin, func(w *world) { w.change(room(acme, 0)) },
			[]string{"Project not recovered", "must have room", "code PROJECTS_LIMIT_EXCEEDED"},
			false, 1,
		},
		"never ready": {
			partnerAdmin, fault("GET", "/projects/*/operations", emulator.FaultEffect{Status: 403}),
			[]string{"Project recovered, but not ready", "no longer deleted"},
			true, 1,
		},
		"not to be found out": {
			partnerAdmin, func(w *world) {
				fault("POST", "/projects/*/recover", emulator.FaultEffect{Drop: "before"})(w)
				w.fault(emulator.Fault{Method: "GET", Path: "/projects/*", Skip: 1, Times: 1, Effect: emulator.FaultEffect{Status: 403}})()
			},
			[]string{"Project not recovered", "Invoke the action again"},
			false, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := transferWorld(t, 0, func(s *emulator.Seed) { s.Projects = []emulator.Project{{ID: "p-1", Name: "shop", OrgID: acme}} })
			w.call(partnerAdmin, "DELETE", "/projects/p-1", "")
			if test.prepare != nil {
				test.prepare(w)
			}
			progress, diags := w.protocol(test.key, "").invoke("neon_recover_project", `{"project_id": "p-1"}`)
			said := strings.Join(append(progress, diags), "\n")
			for _, want := range test.want {
				if !strings.Contains(said, want) {
					t.Errorf("want %q, got %s", want, said)
				}
			}
			if isThere := len(w.projects()) == 1; isThere != test.isThere {
				t.Errorf("the project is there: %t, want %t", isThere, test.isThere)
			}
			if got := w.requests()[recoverRoute]; got != test.posts {
				t.Errorf("%d recoveries were sent, want %d", got, test.posts)
			}
		})
	}
}

func TestRecoverActionOfBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.protocol(partnerAdmin, "")
	for config, want := range map[string]string{
		`{"project_id": "Not_An_Id"}`: "Invalid project id",
		`{"project_id": ""}`:          "Invalid project id",
		fmt.Sprintf(`{"project_id": "p-1", "timeouts": {"invoke": %q}}`, "soon"): "soon",
	} {
		if progress, diags := p.invoke("neon_recover_project", config); !strings.Contains(diags, want) || len(progress) > 0 {
			t.Errorf("%s: want %q, got %v %s", config, want, slices.Clone(progress), diags)
		}
	}
	w.wantNoRequests()
}
