package faults

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// Fixture is one resource of the lifecycle matrix, with a value for each argument to
// change it to.
type Fixture struct {
	Name string
	Type string
	// Args are the resource's, and Changed another value of each that can change.
	Args, Changed map[string]any
	// With is what else is configured, by type and name.
	With map[string]map[string]any
	// Scenario has the key, the seed and what is prepared.
	Scenario Scenario
	// TurnsInto is the configuration of another type that is about the same thing.
	TurnsInto map[string]map[string]any
	// LosesAnswers: a new address is tried with lost answers as well.
	LosesAnswers bool
}

// address is where the resource stands.
func (f Fixture) address(name string) string { return f.Type + "." + name }

// config is the configuration with the resource at a name, with arguments changed.
func (f Fixture) config(name string, changed map[string]any, more map[string]any) string {
	args := maps.Clone(f.Args)
	maps.Copy(args, changed)
	resources := map[string]map[string]any{f.Type: {name: args}}
	return file(resources, f.With, more)
}

// without is the configuration without the resource.
func (f Fixture) without(more map[string]any) string { return file(nil, f.With, more) }

// file writes a configuration. What more has goes beside the resources, or, under
// "resource", among them.
func file(resources, others map[string]map[string]any, more map[string]any) string {
	all := map[string]map[string]any{}
	for _, some := range []map[string]map[string]any{resources, others} {
		for typeName, named := range some {
			if all[typeName] == nil {
				all[typeName] = map[string]any{}
			}
			maps.Copy(all[typeName], named)
		}
	}
	top := map[string]any{}
	maps.Copy(top, more)
	if trigger, found := top["trigger"]; found {
		all["terraform_data"] = map[string]any{"trigger": map[string]any{"input": trigger}}
		delete(top, "trigger")
	}
	if len(all) > 0 { // an empty one is an error
		top["resource"] = all
	}
	text, err := json.Marshal(top)
	if err != nil {
		panic(err) // it is made of maps and strings
	}
	return string(text)
}

// arguments are the names of those that change.
func (f Fixture) arguments() []string { return slices.Sorted(maps.Keys(f.Changed)) }

// varied gives a fixture of another name with arguments changed.
func (f Fixture) varied(name string, args map[string]any) Fixture {
	f.Name = name
	f.Args = maps.Clone(f.Args)
	maps.Copy(f.Args, args)
	return f
}

// Fixtures are all resources, in the ways in which their ends differ.
func Fixtures() []Fixture {
	return slices.Concat(projectFixtures(), handoverFixtures(), peopleFixtures(), accessFixtures())
}

func projectFixtures() []Fixture {
	app := Fixture{
		Name: "project", Type: "neon_project", Args: map[string]any{"name": "app", "pg_version": 16},
		Changed: map[string]any{
			"name": "other", "org_id": Labs, "pg_version": 17, "region_id": "aws-eu-central-1", "store_passwords": false,
			"history_retention_seconds": 3600, "claimable": true, "deletion_protection": true,
			"settings":                  map[string]any{"quota": map[string]any{"active_time_seconds": 60}},
			"branch":                    map[string]any{"name": "trunk"},
			"default_endpoint_settings": map[string]any{"autoscaling_limit_max_cu": 2},
		},
	}
	return []Fixture{
		app,
		app.varied("claimable project", map[string]any{"claimable": true}),
		app.varied("project that is not claimable", map[string]any{"claimable": false}),
		app.varied("protected project", map[string]any{"deletion_protection": true}),
		app.varied("protected claimable project", map[string]any{"deletion_protection": true, "claimable": true}),
	}
}

func handoverFixtures() []Fixture {
	of := map[string]map[string]any{"neon_project": {"app": map[string]any{"name": "app", "claimable": true}}}
	transfer := Fixture{
		Name: "transfer of projects", Type: "neon_org_project_transfer", Scenario: Scenario{Seed: consolidated}, LosesAnswers: true,
		Args:    map[string]any{"source_org_id": Acme, "destination_org_id": Labs, "project_ids": []string{"p-1", "p-2"}},
		Changed: map[string]any{"destination_org_id": studio, "project_ids": []string{"p-1", "p-2", "p-3"}, "transfer_back_on_destroy": true},
	}
	return []Fixture{
		{
			Name: "transfer request", Type: "neon_project_transfer_request", With: of, Args: map[string]any{"project_id": "${neon_project.app.id}"},
			Changed: map[string]any{"ttl_seconds": 3600, "redirect_url": "https://shop.example/welcome", "renew": false, "renew_before_seconds": 60},
		},
		{
			Name: "acceptance", Type: "neon_project_transfer_acceptance", Args: map[string]any{"project_id": "{project_id}", "transfer_request_id": "{request_id}"},
			Scenario: Scenario{Key: CustomerOwner, OrgID: Bloom, Seed: existing(river, "app"), Prepare: offer},
		},
		transfer,
		transfer.varied("transfer of projects that goes back", map[string]any{"transfer_back_on_destroy": true}),
	}
}

func peopleFixtures() []Fixture {
	seat := Fixture{
		Name: "member", Type: "neon_org_member", Args: map[string]any{"email": dev, "role": "viewer"}, LosesAnswers: true,
		Changed:   map[string]any{"role": "editor", "on_destroy": "keep", "invite": true, "email": customer},
		TurnsInto: map[string]map[string]any{"neon_org_invitation": {"new": map[string]any{"email": dev}}},
	}
	twoAdmins := func(seed *emulator.Seed) { seed.Organizations[0].Members[1].Role = "admin" }
	own := seat.varied("own seat", map[string]any{"email": "admin@partner.test", "role": "admin"})
	own.Scenario.Seed, own.Changed, own.TurnsInto = twoAdmins, map[string]any{"on_destroy": "keep"}, nil
	joins := seat.varied("member who was invited", map[string]any{"email": customer, "invite": true})
	joins.Changed = map[string]any{"role": "editor", "on_destroy": "demote", "email": dev}
	joins.TurnsInto = map[string]map[string]any{"neon_org_invitation": {"new": map[string]any{"email": customer}}}
	pending := joins.varied("pending seat", map[string]any{"email": stranger})
	pending.TurnsInto = map[string]map[string]any{"neon_org_invitation": {"new": map[string]any{"email": stranger, "role": "viewer"}}}
	hidden := joins.varied("member who was invited, invitation not listed", nil)
	hidden.Scenario.Seed = hidesAccepted
	guest := Fixture{
		Name: "invitation", Type: "neon_org_invitation", Args: map[string]any{"email": stranger}, Changed: map[string]any{"role": "viewer", "email": customer},
		TurnsInto: map[string]map[string]any{"neon_org_member": {"new": map[string]any{"email": stranger, "role": "member", "invite": true}}},
	}
	byUser := seat.varied("member by user id", map[string]any{"user_id": "{user_id}"})
	delete(byUser.Args, "email")
	byUser.Scenario.Prepare, byUser.Changed, byUser.LosesAnswers = knowMember, map[string]any{"role": "editor", "on_destroy": "keep"}, false
	return []Fixture{
		seat, seat.varied("member who is kept", map[string]any{"on_destroy": "keep"}), seat.varied("member who is demoted", map[string]any{"on_destroy": "demote"}),
		own, joins, pending, hidden, byUser, guest, guest.varied("invitation of somebody who joins", map[string]any{"email": customer}),
	}
}

func accessFixtures() []Fixture {
	inRiver := Scenario{Seed: existing(river, "app")}
	key := Fixture{
		Name: "API key", Type: "neon_org_api_key", Args: map[string]any{"name": "ci"}, Changed: map[string]any{"name": "other", "project_id": river}, Scenario: inRiver,
	}
	return []Fixture{
		{
			Name: "guest", Type: "neon_project_permission", Args: map[string]any{"project_id": river, "email": stranger},
			Changed: map[string]any{"email": customer, "project_id": "cool-breeze-12345678"}, Scenario: Scenario{Seed: inUse}, LosesAnswers: true,
		},
		key, key.varied("API key of a project", map[string]any{"project_id": river}),
		{
			Name: "spending limit", Type: "neon_org_spending_limit", Args: map[string]any{"org_id": Acme, "spending_limit_cents": 5000},
			Changed: map[string]any{"spending_limit_cents": 7000, "org_id": Labs}, LosesAnswers: true,
		},
	}
}
