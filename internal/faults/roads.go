package faults

import (
	"fmt"
	"maps"

	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// Road is a way on which a configuration or a flag leads to a change.
type Road struct {
	Name string
	// Before is applied first, and Config is what the command is given. Goal is what is
	// applied then, until there is nothing to do.
	Before, Config, Goal string
	Options              minicli.Options
	Taint                string // an address
	// IsSaved: the plan is saved, and applied after what happens.
	IsSaved bool
	// IsRefused: the CLI refuses. IsQuiet: nothing may be sent.
	IsRefused, IsQuiet bool
	// IsLosable: it is tried with lost answers as well.
	IsLosable bool
}

// On gives a fixture on a road as a scenario, for what works on those.
func (f Fixture) On(road Road) Scenario {
	s := f.Scenario
	s.Seed = both(s.Seed, inhabited)
	s.Before, s.Config = []string{road.Before}, road.Config
	return s
}

// Take takes a road. What happens does so before the command, or between its plan and
// its apply where the plan is saved.
func (road Road) Take(v *Virtual, happen func()) *minicli.Result {
	ctx, config := v.T.Context(), v.parse(road.Config)
	if road.Taint != "" {
		v.CLI.Taint(road.Taint)
	}
	if !road.IsSaved {
		happen()
		return v.CLI.ApplyWith(ctx, config, road.Options)
	}
	saved, result := v.CLI.Save(ctx, config, road.Options)
	happen()
	if saved == nil {
		return result
	}
	return v.CLI.ApplyPlan(ctx, saved)
}

// Roads are all ways for a fixture. Before all of them the resource is there.
func (f Fixture) Roads() []Road {
	const name = "it"
	base, address := f.config(name, nil, nil), f.address(name)
	cycle := func(key string, value any) map[string]any {
		return map[string]any{"lifecycle": map[string]any{key: value}}
	}
	with := func(changed map[string]any, more ...map[string]any) string {
		all := maps.Clone(changed)
		if all == nil {
			all = map[string]any{}
		}
		for _, some := range more {
			maps.Copy(all, some)
		}
		return f.config(name, all, nil)
	}
	replace := minicli.Options{Replace: []string{address}}
	first, guarded := cycle("create_before_destroy", true), cycle("prevent_destroy", true)
	triggered := cycle("replace_triggered_by", []string{"terraform_data.trigger"})
	renamed := f.config("new", nil, map[string]any{"moved": []any{map[string]any{"from": address, "to": f.address("new")}}})
	forgotten := f.without(map[string]any{"removed": []any{map[string]any{"from": address, "lifecycle": map[string]any{"destroy": false}}}})
	roads := []Road{
		{Name: "-replace", Before: base, Config: base, Goal: base, Options: replace},
		{Name: "taint", Before: base, Config: base, Goal: base, Taint: address},
		{
			Name: "replace_triggered_by", Before: f.config(name, triggered, map[string]any{"trigger": "1"}),
			Config: f.config(name, triggered, map[string]any{"trigger": "2"}), Goal: f.config(name, triggered, map[string]any{"trigger": "2"}),
		},
		{Name: "create_before_destroy, -replace", Before: base, Config: with(first), Goal: with(first), Options: replace},
		{Name: "create_before_destroy, taint", Before: base, Config: with(first), Goal: with(first), Taint: address},
		{Name: "prevent_destroy, -replace", Before: base, Config: with(guarded), Goal: base, Options: replace, IsRefused: true, IsQuiet: true},
		{Name: "prevent_destroy, destroy", Before: base, Config: with(guarded), Goal: base, Options: minicli.Options{Destroy: true}, IsRefused: true, IsQuiet: true},
		{Name: "destroy", Before: base, Config: base, Goal: "{}", Options: minicli.Options{Destroy: true}},
		{Name: "destroy, -target", Before: base, Config: base, Goal: f.without(nil), Options: minicli.Options{Destroy: true, Target: []string{address}}},
		{Name: "destroy, -refresh=false", Before: base, Config: base, Goal: "{}", Options: minicli.Options{Destroy: true, NoRefresh: true}},
		{Name: "destroy, saved plan", Before: base, Config: base, Goal: "{}", Options: minicli.Options{Destroy: true}, IsSaved: true},
		{Name: "out of the configuration", Before: base, Config: f.without(nil), Goal: f.without(nil)},
		{Name: "out of the configuration, -refresh=false", Before: base, Config: f.without(nil), Goal: f.without(nil), Options: minicli.Options{NoRefresh: true}},
		{Name: "out of the configuration, saved plan", Before: base, Config: f.without(nil), Goal: f.without(nil), IsSaved: true},
		{Name: "-replace, saved plan", Before: base, Config: base, Goal: base, Options: replace, IsSaved: true},
		{Name: "-replace, -refresh=false", Before: base, Config: base, Goal: base, Options: minicli.Options{Replace: []string{address}, NoRefresh: true}},
		{Name: "create, saved plan", Before: f.without(nil), Config: base, Goal: base, IsSaved: true},
		{Name: "-target", Before: f.without(nil), Config: base, Goal: base, Options: minicli.Options{Target: []string{address}}},
		{Name: "-refresh-only, saved plan", Before: base, Config: base, Goal: base, Options: minicli.Options{RefreshOnly: true}, IsSaved: true, IsQuiet: true},
		{Name: "-refresh=false, no change", Before: base, Config: base, Goal: base, Options: minicli.Options{NoRefresh: true}, IsQuiet: true},
		{Name: "new address, moved", Before: base, Config: renamed, Goal: renamed, IsQuiet: true},
		{Name: "new address", Before: base, Config: f.config("new", nil, nil), Goal: f.config("new", nil, nil), IsLosable: f.LosesAnswers},
		{Name: "new address, created first", Before: base, Config: f.config("new", nil, nil), Goal: f.config("new", nil, nil), Options: minicli.Options{CreateFirst: true}, IsLosable: f.LosesAnswers},
		{Name: "new address, create_before_destroy", Before: with(first), Config: f.config("new", first, nil), Goal: f.config("new", first, nil)},
		{Name: "removed, destroy = false", Before: base, Config: forgotten, Goal: forgotten, IsQuiet: true},
	}
	if f.TurnsInto != nil {
		other := file(f.TurnsInto, f.With, nil)
		roads = append(roads,
			Road{Name: "turned into another type", Before: base, Config: other, Goal: other, IsLosable: f.LosesAnswers},
			Road{Name: "turned into another type, created first", Before: base, Config: other, Goal: other, Options: minicli.Options{CreateFirst: true}, IsLosable: f.LosesAnswers})
	}
	for _, argument := range f.arguments() {
		one := map[string]any{argument: f.Changed[argument]}
		changed := with(one)
		named := func(road string) string { return fmt.Sprintf("%s changed, %s", argument, road) }
		roads = append(roads,
			Road{Name: named("apply"), Before: base, Config: changed, Goal: changed},
			Road{Name: named("create_before_destroy"), Before: base, Config: with(one, first), Goal: with(one, first)},
			Road{Name: named("prevent_destroy"), Before: base, Config: with(one, guarded), Goal: with(one)},
			Road{Name: named("ignore_changes"), Before: base, Config: with(one, cycle("ignore_changes", []string{argument})), Goal: with(one, cycle("ignore_changes", []string{argument})), IsQuiet: true},
			Road{Name: named("ignore_changes, -replace"), Before: base, Config: with(one, cycle("ignore_changes", []string{argument})), Goal: with(one, cycle("ignore_changes", []string{argument})), Options: replace},
			Road{Name: named("-target"), Before: base, Config: changed, Goal: changed, Options: minicli.Options{Target: []string{address}}},
			Road{Name: named("-refresh=false"), Before: base, Config: changed, Goal: changed, Options: minicli.Options{NoRefresh: true}},
			Road{Name: named("saved plan"), Before: base, Config: changed, Goal: changed, IsSaved: true},
		)
	}
	return roads
}
