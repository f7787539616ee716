package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// importable is a resource that can be imported, with objects of it that exist.
type importable struct {
	seed    func(*emulator.Seed)
	objects []importableObject
	// listed is how many of them its list resource lists, without configuration.
	listed int
}

// importableObject is how an object is named: the id, and the identity as HCL. One
// of them may be empty.
type importableObject struct{ id, identity string }

// importables has all resources that can be imported. What differs in whether it
// is set, zero or missing at Neon should be among the objects.
func importables() map[string]importable {
	return map[string]importable{
		"neon_org_invitation": {
			seed: seedPeopleToImport,
			objects: []importableObject{
				{acme + "/invited@example.test", `org_id = "` + acme + `"
    email = "invited@example.test"`},
				{acme + "/dev@partner.test", `org_id = "` + acme + `"
    email = "dev@partner.test"`},
			},
		},
		"neon_org_member": {
			seed: seedPeopleToImport,
			// One seat is never managed by two resources, so each is imported in one way.
			objects: []importableObject{
				{id: acme + "/admin@partner.test"},
				{id: acme + "/invited@example.test"},
				{identity: `org_id = "` + acme + `"
    member_id = "3fa85f64-5717-4562-b3fc-2c963f66afa6"`},
				{identity: `org_id = "` + acme + `"
    email = "also-invited@example.test"`},
			},
		},
		"neon_project": {
			seed:   seedProjectsToImport,
			listed: 3, // the personal one is in no organization
			objects: []importableObject{
				{"plain-project-1", `project_id = "plain-project-1"`},
				{"full-project-2", `project_id = "full-project-2"`},
				{"zero-project-3", `project_id = "zero-project-3"`},
				{"personal-project-4", `project_id = "personal-project-4"`},
			},
		},
	}
}

// seedProjectsToImport adds projects with Neon's defaults, with everything set,
// with zeros, and one that belongs to a person.
func seedProjectsToImport(s *emulator.Seed) {
	s.Organizations[0].Plan = "enterprise"
	s.Projects = append(s.Projects,
		emulator.Project{ID: "plain-project-1", OrgID: acme},
		emulator.Project{
			ID: "full-project-2", Name: "with ${everything} %{set} and \"quoted\"", OrgID: acme, RegionID: "aws-eu-central-1", PgVersion: 16,
			StorePasswords: new(false), HistoryRetentionSeconds: new(int64(3600)),
			Settings: &neon.ProjectSettings{
				Quota: &neon.ProjectQuota{
					ActiveTimeSeconds: new(int64(1)), ComputeTimeSeconds: new(int64(2)), WrittenDataBytes: new(int64(3)),
					DataTransferBytes: new(int64(4)), LogicalSizeBytes: new(int64(5_000_000_000_000)),
				},
				AllowedIPs: &neon.AllowedIPs{
					IPs:                   &[]string{"192.0.2.1", "198.51.100.0/24", "203.0.113.1-203.0.113.9", "2001:db8::/32"},
					ProtectedBranchesOnly: new(true),
				},
				EnableLogicalReplication: new(true),
				MaintenanceWindow:        &neon.MaintenanceWindow{Weekdays: []int64{7, 1}, StartTime: "23:00", EndTime: "00:00"},
				BlockPublicConnections:   new(true), BlockVPCConnections: new(true),
				AuditLogLevel: new("full"), Hipaa: new(true),
				PreloadLibraries: &neon.PreloadLibraries{UseDefaults: new(true)},
			},
			DefaultEndpointSettings: &neon.DefaultEndpointSettings{
				AutoscalingLimitMinCU: new(0.5), AutoscalingLimitMaxCU: new(3.75), SuspendTimeoutSeconds: new(int64(-1)),
				PgSettings: map[string]string{"work_mem": "64MB"},
			},
		},
		emulator.Project{
			ID: "zero-project-3", Name: "7", OrgID: acme, HistoryRetentionSeconds: new(int64(0)),
			Settings: &neon.ProjectSettings{
				Quota:      &neon.ProjectQuota{ActiveTimeSeconds: new(int64(0))},
				AllowedIPs: &neon.AllowedIPs{IPs: &[]string{}},
			},
		},
		emulator.Project{ID: "personal-project-4", Name: "[1]", OwnerEmail: "admin@partner.test"},
	)
}

// seedPeopleToImport adds people who are invited, of whom some have joined.
func seedPeopleToImport(s *emulator.Seed) {
	org := &s.Organizations[0]
	org.Members[1].ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
	org.Invitations = []*emulator.Invitation{
		{Email: "invited@example.test"}, {Email: "also-invited@example.test", Role: "viewer"}, {Email: "dev@partner.test", Role: "editor", AcceptedAt: new(time.Now())},
	}
}

// imports are import blocks for all the objects, by id and, where the CLI can, by
// identity, and no resource blocks. The arguments come on top, in each of them.
func (i importable) imports(resourceType, arguments string) string {
	var b strings.Builder
	byIdentity := knowsIdentities()
	for n, object := range i.objects {
		if object.id != "" {
			fmt.Fprintf(&b, "import {\n  to = %s.id_%d\n  id = %q\n  %s\n}\n\n", resourceType, n, object.id, arguments)
		}
		if !byIdentity || object.identity == "" {
			continue
		}
		fmt.Fprintf(&b, "import {\n  to = %s.identity_%d\n  identity = {\n    %s\n  }\n  %s\n}\n\n", resourceType, n, object.identity, arguments)
	}
	return b.String()
}

// TestGeneratedConfiguration lets the CLI write the configuration of objects that
// exist, and imports them with it: nothing may be changed then or later.
func TestGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	for resourceType, test := range importables() {
		t.Run(resourceType, func(t *testing.T) {
			t.Parallel()
			seed := emulator.DefaultSeed()
			test.seed(&seed)
			w := newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
			// To generate configuration, Terraform looks for the provider among HashiCorp's
			// unless it is named, and afterwards it may not be named any more.
			c := w.cli(map[string]string{"main.tf": w.partner(test.imports(resourceType, "provider = neon"))})
			c.must("plan", "-input=false", "-generate-config-out=generated.tf")
			imports := test.imports(resourceType, "")
			c.write("main.tf", w.partner(imports))
			c.wantImported(strings.Count(imports, "import {"))
			w.wantOnlyReads()
		})
	}
}

// TestQueriedConfiguration does the same with what list resources list.
func TestQueriedConfiguration(t *testing.T) {
	t.Parallel()
	requireActions(t)
	for resourceType, test := range importables() {
		if test.listed == 0 {
			continue
		}
		t.Run(resourceType, func(t *testing.T) {
			t.Parallel()
			seed := emulator.DefaultSeed()
			test.seed(&seed)
			w := newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
			c := w.cli(map[string]string{
				"main.tf":         w.partner(""),
				"all.tfquery.hcl": fmt.Sprintf("list %q \"all\" {\n  provider = neon\n}\n", resourceType),
			})
			c.must("query", "-generate-config-out=generated.tf")
			c.wantImported(test.listed)
			w.wantOnlyReads()
		})
	}
}

// wantImported applies, which has to import n objects and do nothing else, also
// not when it is planned again.
func (c *cli) wantImported(n int) {
	c.t.Helper()
	want := fmt.Sprintf("Resources: %d imported, 0 added, 0 changed, 0 destroyed", n)
	if out := c.must("apply", "-input=false", "-auto-approve"); !strings.Contains(out, want) {
		c.t.Errorf("want %q, got: %s\n\nThe generated configuration:\n%s", want, out, c.read("generated.tf"))
	}
	if out, code := c.run("plan", "-input=false", "-detailed-exitcode"); code != 0 {
		c.t.Errorf("exit code %d of a second plan: %s\n\nThe generated configuration:\n%s", code, out, c.read("generated.tf"))
	}
}

// wantOnlyReads asserts that the provider has changed nothing at Neon.
func (w *world) wantOnlyReads() {
	w.t.Helper()
	for _, r := range w.emu.Requests() {
		if r.Method != http.MethodGet {
			w.t.Errorf("%s was called", r.Route)
		}
	}
}

// TestImportablesAreAllThere keeps the table above whole: a resource that can be
// imported has an identity, and those that refuse an import have none.
func TestImportablesAreAllThere(t *testing.T) {
	t.Parallel()
	var got []string
	for _, newResource := range (&neonProvider{}).Resources(t.Context()) {
		r := newResource()
		if _, ok := r.(resource.ResourceWithIdentity); ok {
			var resp resource.MetadataResponse
			r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "neon"}, &resp)
			got = append(got, resp.TypeName)
		}
	}
	table := importables()
	for _, resourceType := range got {
		if _, ok := table[resourceType]; !ok {
			t.Errorf("%s is importable, and is not tested", resourceType)
		}
	}
	for resourceType := range table {
		if !slices.Contains(got, resourceType) {
			t.Errorf("%s is tested, and has no identity", resourceType)
		}
	}
}
