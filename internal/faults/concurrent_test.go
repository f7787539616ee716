package faults

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// TestTwoAppliesAtOnce: two people, or two pipelines, work in one organization at
// the same time, each with a state of its own.
func TestTwoAppliesAtOnce(t *testing.T) {
	t.Parallel()
	schemas := Schemas(t)
	projects := func(name string) string {
		var all []string
		for i := range 5 {
			all = append(all, fmt.Sprintf(`"%s-%d":{"name":"%s %d"}`, name, i, name, i))
		}
		return fmt.Sprintf(`{"resource":{"neon_project":{%s}}}`, strings.Join(all, ","))
	}
	invitations := func(name string, people ...string) string {
		var all []string
		for _, person := range people {
			all = append(all, fmt.Sprintf(`"%s-%s":{"email":"%s@elsewhere.example"}`, name, person, person))
		}
		return fmt.Sprintf(`{"resource":{"neon_org_invitation":{%s}}}`, strings.Join(all, ","))
	}
	transfer := func(name, ids string) string {
		return Resource("neon_org_project_transfer", name, fmt.Sprintf(`"source_org_id":%q,"destination_org_id":%q,"project_ids":[%s]`, Acme, Labs, ids))
	}
	for name, configs := range map[string][2]string{
		"each its own projects":           {projects("one"), projects("other")},
		"projects of the same names":      {projects("one"), projects("one")},
		"the same projects to one place":  {transfer("one", `"p-1","p-2","p-3"`), transfer("other", `"p-1","p-2","p-3"`)},
		"some of the same, to one place":  {transfer("one", `"p-1","p-2"`), transfer("other", `"p-2","p-3"`)},
		"projects made, and others moved": {projects("one"), transfer("other", `"p-1","p-3"`)},
		"the same people invited":         {invitations("one", "a", "b", "c"), invitations("other", "a", "b", "c")},
		"some of the same people":         {invitations("one", "a", "b"), invitations("other", "c", "b")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := Scenario{Seed: consolidated, OperationDelay: operating}
				v := NewVirtual(t, s, schemas)
				defer v.Close()
				before := objects(v.Emu.Snapshot())
				clis := [2]*minicli.CLI{v.CLI, {Start: v.CLI.Start, Schemas: schemas, Version: v.CLI.Version}}
				each := func(f func(context.Context, *minicli.Config, *minicli.CLI) *minicli.Result) {
					var wg sync.WaitGroup
					for i, cli := range clis {
						wg.Go(func() {
							if result := f(t.Context(), v.parse(configs[i]), cli); result.Failed() {
								t.Errorf("number %d: %s", i+1, result)
							}
						})
					}
					wg.Wait()
				}
				each(func(ctx context.Context, config *minicli.Config, cli *minicli.CLI) *minicli.Result {
					return cli.Apply(ctx, config)
				})
				each(func(ctx context.Context, config *minicli.Config, cli *minicli.CLI) *minicli.Result {
					result := cli.Plan(ctx, config)
					if len(result.Actions) > 0 {
						t.Errorf("the plan after that is not empty: %v", result.Actions)
					}
					return result
				})
				known := inState(clis[0].State)
				for key := range inState(clis[1].State) {
					if known[key] && strings.HasPrefix(key, "project ") {
						t.Errorf("%s is in both states", key)
					}
					known[key] = true
				}
				for key, one := range objects(v.Emu.Snapshot()) {
					if strings.Contains(one.label, "invited 2 times") {
						t.Errorf("somebody was invited twice: %s", one.label)
					}
					if _, wasThere := before[key]; !wasThere && !known[key] {
						t.Errorf("%s is in neither state", one.label)
					}
				}
				for _, cli := range clis {
					if how := differences(v.Emu.Snapshot(), cli.State); len(how) > 0 {
						t.Errorf("state and Neon have come apart: %s", slices.Sorted(slices.Values(how)))
					}
				}
			})
		})
	}
}
