package provider

import (
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// importable is a resource that can be imported, with objects of it that exist in
// importableWorld.
type importable struct {
	// ids and identities, the latter as HCL, name objects. An object may be named
	// once only, as two resources for a seat are refused.
	ids, identities []string
	// list is the configuration of its list resource, nil where it has none, and
	// listed how many objects that lists.
	list   map[string]string
	listed int
}

// importables has all resources that can be imported. What differs in whether it
// is set, zero or missing at Neon should be among the objects.
func importables() map[string]importable {
	const uuid = "7d1c2a52-58a1-4c39-9d0e-6b7f5b1f0"
	return map[string]importable{
		"neon_org_api_key": {
			ids:        []string{acme + "/1001"},
			identities: []string{`org_id = "` + acme + `", key_id = "1002"`},
			list:       map[string]string{}, listed: 3, // with the organization's own
		},
		"neon_org_invitation": {
			// Dev is a member whom nobody invited.
			ids: []string{acme + "/eve@people.test", acme + "/" + uuid + "b02", acme + "/dev@partner.test"},
			// Bob has joined, and was invited.
			identities: []string{`org_id = "` + acme + `", email = "gus@people.test"`, `org_id = "` + acme + `", email = "bob@people.test"`},
			list:       map[string]string{}, listed: 4,
		},
		"neon_org_member": {
			ids:        []string{acme + "/" + uuid + "a01", acme + "/bob@people.test", acme + "/eve@people.test"},
			identities: []string{`org_id = "` + acme + `", member_id = "` + uuid + `a03"`, `org_id = "` + acme + `", email = "fay@people.test"`},
			list:       map[string]string{}, listed: 5, // without those who are only invited
		},
		"neon_org_spending_limit": {
			ids:        []string{acme},
			identities: []string{`org_id = "` + labs + `"`},
		},
		"neon_project": {
			ids:        []string{"plain-project-1", "full-project-2"},
			identities: []string{`project_id = "zero-project-3"`, `project_id = "personal-project-4"`},
			list:       map[string]string{}, listed: 3, // the personal one is in no organization
		},
		"neon_project_permission": {
			ids:        []string{"plain-project-1/" + uuid + "c01", "plain-project-1/bob@people.test"},
			identities: []string{`project_id = "plain-project-1", permission_id = "` + uuid + `c03"`},
			list:       map[string]string{"project_id": "plain-project-1"}, listed: 3,
		},
	}
}

// importableWorld has the objects.
func importableWorld(t *testing.T) *world {
	t.Helper()
	seed := emulator.DefaultSeed()
	seedProjectsToImport(&seed)
	seedPeople(&seed)
	seed.Organizations[0].Keys = append(seed.Organizations[0].Keys,
		&emulator.Key{Secret: "napi_one", ID: 1001, Name: "ci"},
		&emulator.Key{Secret: "napi_two", ID: 1002, Name: "ci", ProjectID: "plain-project-1"})
	seed.Organizations[0].SpendingLimitCents, seed.Organizations[1].SpendingLimitCents = new(int64(1)), new(int64(1_000_000))
	return newWorld(t, func(o *emulator.Options) { o.Seed = &seed })
}

// seedPeople adds three members to Acme, of whom one was invited, and three who
// have not joined.
func seedPeople(s *emulator.Seed) {
	org, ids := &s.Organizations[0], "7d1c2a52-58a1-4c39-9d0e-6b7f5b1f0"
	for n, role := range []string{"admin", "viewer", "collaborator"} {
		email, number := []string{"ann@people.test", "bob@people.test", "cyd@people.test"}[n], string(rune('1'+n))
		s.Users = append(s.Users, emulator.User{ID: ids + "d0" + number, Email: email})
		org.Members = append(org.Members, &emulator.Member{ID: ids + "a0" + number, Email: email, Role: role})
	}
	for n, email := range []string{"eve@people.test", "Fay@people.test", "gus@people.test", "bob@people.test"} {
		invitation := &emulator.Invitation{ID: ids + "b0" + string(rune('1'+n)), Email: email, Role: "editor", InvitedAt: time.Date(2026, 3, 1, 12, n, 0, 0, time.UTC)}
		if email == "bob@people.test" {
			invitation.AcceptedAt = new(invitation.InvitedAt.Add(time.Hour))
		}
		org.Invitations = append(org.Invitations, invitation)
	}
}

// seedProjectsToImport adds projects with Neon's defaults and guests, with
// everything set, with zeros, and one that belongs to a person.
func seedProjectsToImport(s *emulator.Seed) {
	s.Projects = append(s.Projects,
		emulator.Project{ID: "plain-project-1", OrgID: acme, Permissions: []*emulator.Permission{
			{ID: "7d1c2a52-58a1-4c39-9d0e-6b7f5b1f0c01", Email: "Hal@agency.test"},
			{ID: "7d1c2a52-58a1-4c39-9d0e-6b7f5b1f0c02", Email: "bob@people.test"},
			{ID: "7d1c2a52-58a1-4c39-9d0e-6b7f5b1f0c03", Email: "ida@agency.test"},
		}},
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
