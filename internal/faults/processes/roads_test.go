//go:build unix

package processes

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/faults"
	"github.com/neon-orgs/terraform-provider-neon/internal/testcli"
)

// drive is a road of the lifecycle matrix, on which a project may be claimed.
type drive struct {
	faults.Road
	fixture   faults.Fixture
	isClaimed bool // the project, into another organization that the key sees
}

func (d drive) happen(w *faults.World) func() {
	return func() {
		if !d.isClaimed {
			return
		}
		project := w.Emu.Snapshot().Projects[0].ID
		if err := w.Emu.Happen(emulator.WorldChange{Do: emulator.DoClaim, Project: project, Org: faults.Labs}); err != nil {
			w.T.Error(err)
		}
	}
}

// TestStandInTakesRoadsAsTheCLI takes roads of the lifecycle matrix with a real CLI as
// well: what it asks, says and saves has to be what the CLI in miniature does.
func TestStandInTakesRoadsAsTheCLI(t *testing.T) {
	t.Parallel()
	schemas := faults.Schemas(t)
	for _, d := range drives() {
		name := d.fixture.Name + "/" + d.Name
		if d.isClaimed {
			name += ", claimed"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want outcome
			synctest.Test(t, func(t *testing.T) { want = d.standIn(t, schemas) })
			got := d.withCLI(t)
			if strings.HasPrefix(d.Name, "new address") { // the CLIs create and destroy in either order
				slices.Sort(want.Requests)
				slices.Sort(got.Requests)
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("the CLI in miniature does otherwise (-miniature +CLI):\n%s", diff)
			}
		})
	}
}

// drives picks roads: those of the smallest resource, and what depends on how the CLI
// plans the end of a project.
func drives() []drive {
	var picked []drive
	for _, f := range faults.Fixtures() {
		for i, road := range f.Roads() {
			switch {
			case f.Name == "spending limit" && (*all || i%3 == 0), *all && f.Name == "guest":
				picked = append(picked, drive{Road: road, fixture: f})
			case f.Name == "claimable project" && strings.HasPrefix(road.Name, "out of the configuration"):
				picked = append(picked, drive{Road: road, fixture: f, isClaimed: true})
			}
		}
	}
	return picked
}

func (d drive) standIn(t *testing.T, schemas *tfprotov6.GetProviderSchemaResponse) outcome {
	t.Helper()
	s := d.fixture.On(d.Road)
	v := faults.NewVirtual(t, s, schemas)
	defer v.Close()
	v.CLI.PlansStale, v.CLI.ReadsForgotten = plansStale(testcli.Require(t)), testcli.IsTofu(testcli.Require(t))
	v.Begin(t.Context(), s)
	result := d.Take(v, d.happen(v.World))
	o := outcome{Failed: result.Failed(), Requests: routes(v.World)}
	for _, e := range result.Errors() {
		o.Errors = append(o.Errors, e.Summary)
	}
	for _, address := range v.CLI.State.Addresses() {
		instance := v.CLI.State.Instances[address]
		if instance.TypeName != "terraform_data" {
			o.State = append(o.State, describe(t, address, instance.Tainted, v.CLI.State.Values(address)))
		}
	}
	return o.sorted()
}

// plansStale reports whether a CLI plans the end of what is out of the configuration
// with the state from before the refresh, as Terraform 1.11 to 1.13 do.
func plansStale(cli string) bool {
	version := testcli.Version(cli)
	return slices.ContainsFunc([]string{"v1.11.", "v1.12.", "v1.13."}, func(part string) bool { return strings.Contains(version, part) }) && !testcli.IsTofu(cli)
}

func (d drive) withCLI(t *testing.T) outcome {
	t.Helper()
	s := d.fixture.On(d.Road)
	desk := newDesk(t, s)
	if s.Prepare != nil {
		s.Prepare(desk.World)
	}
	desk.configure(d.Before)
	if out, code := desk.apply(); code != 0 {
		t.Fatalf("what comes before fails: %s", out)
	}
	desk.configure(cmp.Or(s.Config, "{}"))
	desk.Emu.ClearRequests()
	if d.Taint != "" {
		desk.must("taint", d.Taint)
	}
	flags := []string{"-no-color", "-input=false", "-parallelism=1"}
	for _, address := range d.Options.Replace {
		flags = append(flags, "-replace="+address)
	}
	for _, address := range d.Options.Target {
		flags = append(flags, "-target="+address)
	}
	if d.Options.NoRefresh {
		flags = append(flags, "-refresh=false")
	}
	if d.Options.RefreshOnly {
		flags = append(flags, "-refresh-only")
	}
	if d.Options.Destroy {
		flags = append(flags, "-destroy")
	}
	p, code := d.command(desk, flags)
	refused := strings.NewReplacer("Resource instance cannot", "Instance cannot") // OpenTofu's words and Terraform's
	o := outcome{Failed: code != 0, Requests: routes(desk.World), Errors: summaries(p.out)}
	for i := range o.Errors {
		o.Errors[i] = refused.Replace(o.Errors[i])
	}
	for _, r := range desk.state().Resources {
		for _, instance := range r.Instances {
			if r.Mode == "managed" && r.Type != "terraform_data" {
				o.State = append(o.State, describe(t, r.Type+"."+r.Name, instance.Status == "tainted", instance.Attributes))
			}
		}
	}
	return o.sorted()
}

// command applies at once, or a plan that was saved.
func (d drive) command(desk *desk, flags []string) (*process, int) {
	if !d.IsSaved {
		d.happen(desk.World)()
		p := desk.start(append([]string{"apply", "-auto-approve"}, flags...)...)
		_, code := p.wait()
		return p, code
	}
	p := desk.start(append([]string{"plan", "-out=saved"}, flags...)...)
	if _, code := p.wait(); code != 0 {
		return p, code
	}
	d.happen(desk.World)()
	p = desk.start("apply", "-no-color", "-input=false", "-parallelism=1", "saved")
	_, code := p.wait()
	return p, code
}
