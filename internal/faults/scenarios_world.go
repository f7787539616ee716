package faults

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// worldScenarios are those of the world matrix: what hangs on projects and what is
// about people and money, in worlds where others do something. Projects may be
// claimed, may not, or nothing is said of that.
func worldScenarios() []Scenario {
	all := slices.Concat(
		projectScenarios(), projectMoveScenarios(), transferRequestScenarios(), acceptanceScenarios(), orgTransferScenarios(),
		memberScenarios(), invitationScenarios(), permissionScenarios(), orgKeyScenarios(), spendingLimitScenarios(), tenantScenarios(),
		projectDataScenarios(), actionScenarios(),
	)
	var made []Scenario
	for _, s := range all {
		s.Seed = both(s.Seed, inhabited)
		made = append(made, s.variants()...)
	}
	return made
}

func both(first, second func(*emulator.Seed)) func(*emulator.Seed) {
	return func(seed *emulator.Seed) {
		if first != nil {
			first(seed)
		}
		second(seed)
	}
}

// variants are a scenario with the project claimable and not, with the CLIs' two ways
// to end what is out of the configuration, and after a move whose answer was lost.
func (s Scenario) variants() []Scenario {
	made := []Scenario{s}
	hasProject := slices.ContainsFunc(append([]string{s.Config}, s.Before...), func(config string) bool { return strings.Contains(config, `"neon_project":`) })
	if !hasProject || s.Of != "" || s.Command == Plan && strings.Contains(s.Config, `"data"`) {
		return made
	}
	for _, claimable := range []any{nil, false, true} {
		if s.claimable() == "" && claimable == nil || s.claimable() == fmt.Sprint(claimable) {
			continue
		}
		other := s.with("claimable", claimable)
		other.Name = fmt.Sprintf("%s, claimable %v", s.Name, claimable)
		if claimable == nil {
			other.Name = s.Name + ", claimable not set"
		}
		made = append(made, other)
	}
	for _, one := range slices.Clone(made) {
		if n := len(one.Before); n > 0 && isTakenOut(one.Before[n-1], one.Config) {
			one.Name, one.PlansStale = one.Name+", planned with the old state", true
			made = append(made, one)
		}
	}
	for _, one := range slices.Clone(made) {
		n := len(one.Before)
		if n == 0 || one.Meanwhile != nil || one.Key != "" || strings.Contains(one.Before[n-1]+one.Config, `"org_id"`) || !strings.Contains(one.Before[n-1], `"neon_project":`) {
			continue
		}
		one.Name += ", after a move whose answer was lost"
		one.Before = slices.Clone(one.Before)
		one.Before[n-1] = passingOwner(one.Before[n-1])
		one.Lost = configured(one.Before[n-1], "neon_project", "org_id", Labs)
		one.Config = configured(passingOwner(one.Config), "neon_project", "org_id", Labs)
		made = append(made, one)
	}
	return made
}

// passingOwner passes the project's organization to what hangs on it.
func passingOwner(config string) string {
	for _, part := range []string{"neon_project_transfer_request", "neon_project_permission"} {
		config = configured(config, part, "org_id", "${neon_project.app.org_id}")
	}
	return config
}

// with gives a scenario in whose configurations an argument of the projects is another
// one.
func (s Scenario) with(name string, value any) Scenario {
	s.Before = slices.Clone(s.Before)
	for i := range s.Before {
		s.Before[i] = configured(s.Before[i], "neon_project", name, value)
	}
	s.Config = configured(s.Config, "neon_project", name, value)
	return s
}

// isTakenOut reports whether the second configuration lacks types that the first has.
func isTakenOut(before, after string) bool {
	return slices.ContainsFunc([]string{"neon_project", "neon_project_transfer_request", "neon_project_permission", "neon_org_member", "neon_org_api_key"}, func(typeName string) bool {
		name := fmt.Sprintf("%q:", typeName)
		return strings.Contains(before, name) && !strings.Contains(after, name)
	})
}

// tenantScenarios are about a project with all that hangs on it, as a partner has for
// each customer.
func tenantScenarios() []Scenario {
	tenant := func(name, guest string) string {
		return fmt.Sprintf(`{"resource":{"neon_project":{"app":{"name":%q}},`+
			`"neon_project_transfer_request":{"app":{"project_id":"${neon_project.app.id}"}},`+
			`"neon_project_permission":{"guest":{"project_id":"${neon_project.app.id}","email":%q}},`+
			`"neon_org_api_key":{"ci":{"name":"ci","org_id":"${neon_project.app.org_id}","project_id":"${neon_project.app.id}"}}}}`, name, guest)
	}
	whole := tenant("app", stranger)
	return []Scenario{
		{Name: "create a tenant", Config: whole},
		{Name: "refresh a tenant", Before: []string{whole}, Config: whole, Command: Refresh},
		{Name: "rename a tenant", Before: []string{whole}, Config: tenant("other", stranger)},
		{Name: "let another guest in", Before: []string{whole}, Config: tenant("app", "bob@elsewhere.example")},
		{Name: "add all to a project", Before: []string{project(`"name":"app"`)}, Config: whole},
		{Name: "take all from a project", Before: []string{whole}, Config: project(`"name":"app"`)},
		{Name: "take a tenant out of the configuration", Before: []string{whole}, Config: `{}`},
		{Name: "destroy a tenant", Before: []string{whole}, Config: whole, Command: Destroy},
	}
}

// projectDataScenarios read about a project that may belong to somebody else.
func projectDataScenarios() []Scenario {
	var about []Scenario
	for _, s := range dataSourceScenarios() {
		if strings.Contains(s.Config, river) || s.Name == "list projects" {
			about = append(about, s)
		}
	}
	return about
}

// claimable is what the configurations of a scenario say: true, false, or nothing.
func (s Scenario) claimable() string {
	for _, value := range []string{"true", "false"} {
		if strings.Contains(s.Config+strings.Join(s.Before, ""), `"claimable":`+value) {
			return value
		}
	}
	return ""
}
