package faults

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// The commands of scenarios.
const (
	Apply   = "apply"
	Destroy = "destroy"
	Plan    = "plan"
	Refresh = "refresh"
	Import  = "import"
	// These are of one block alone: Of is its type, and Config its arguments.
	Open   = "open"   // an ephemeral resource, which is closed again
	Invoke = "invoke" // an action
	Query  = "query"  // a list resource
)

// Scenario is one command that meets faults, and what comes before it.
type Scenario struct {
	Name string
	// Key is whose key the provider has; default PartnerAdmin.
	Key string
	// OrgID is the provider's organization; default Acme.
	OrgID string
	// OperationDelay is how long Neon works on after a change.
	OperationDelay time.Duration
	// Seed changes the default world.
	Seed func(*emulator.Seed)
	// Prepare comes first, and may set variables.
	Prepare func(*World)
	// Before are configurations that are applied one after the other.
	Before []string
	// Lost is a configuration that is applied after them, and moves a project; all
	// answers from that move on are lost.
	Lost string
	// Meanwhile is what happens behind the provider's back before the command.
	Meanwhile func(*World)
	// Command is what meets the faults; default Apply.
	Command string
	Config  string
	Of      string
	// PlansStale is the CLI's way; see minicli.CLI.
	PlansStale bool
	// MayDiffer: what is shown depends on the time, or on which way it was found out.
	MayDiffer bool
	// Address is what is imported, by an ID or by an Identity, which is JSON.
	Address, ID, Identity string
}

func (s Scenario) key() string { return cmp.Or(s.Key, PartnerAdmin) }

func (s Scenario) org() string { return cmp.Or(s.OrgID, Acme) }

// OnlyReads tells whether the command has nothing to change at Neon.
func (s Scenario) OnlyReads() bool {
	return s.Command == Plan || s.Command == Refresh || s.Command == Import || s.Command == Query
}

// Environment is the provider's.
func (s Scenario) Environment(baseURL string) map[string]string {
	return map[string]string{
		"NEON_API_KEY": s.key(), "NEON_API_HOST": baseURL, "NEON_ORG_ID": s.org(),
	}
}

// Begin runs what comes before the command, and clears the journal.
func (v *Virtual) Begin(ctx context.Context, s Scenario) {
	v.T.Helper()
	if s.Prepare != nil {
		s.Prepare(v.World)
	}
	for _, config := range s.Before {
		if result := v.CLI.Apply(ctx, v.parse(config)); result.Failed() {
			v.T.Fatalf("what comes before fails: %s", result)
		}
	}
	if s.Lost != "" {
		v.loseMove(ctx, s.Lost)
	}
	if s.Meanwhile != nil {
		s.Meanwhile(v.World)
	}
	v.Emu.ClearRequests()
}

// loseMove applies a configuration that moves a project, and loses the answer.
func (v *Virtual) loseMove(ctx context.Context, config string) {
	v.T.Helper()
	v.Set(Place{Route: "POST /organizations/{source_org_id}/projects/transfer"}, Fault{Lasts: true, Effect: emulator.FaultEffect{Drop: "after"}}, nil)
	result := v.CLI.Apply(ctx, v.parse(config))
	if !v.Clear() || !result.Failed() {
		v.T.Fatalf("the answer to a move was not lost: %s", result)
	}
}

// Run runs the command.
func (v *Virtual) Run(ctx context.Context, s Scenario) *minicli.Result {
	v.T.Helper()
	ctx = tflogtest.RootLogger(ctx, &v.Log)
	switch s.Command {
	case Open:
		return v.CLI.Open(ctx, s.Of, v.Expand(s.Config))
	case Invoke:
		return v.CLI.Invoke(ctx, s.Of, v.Expand(s.Config))
	case Query:
		return v.CLI.Query(ctx, s.Of, v.Expand(s.Config))
	}
	config := v.parse(s.Config)
	switch cmp.Or(s.Command, Apply) {
	case Apply:
		return v.CLI.Apply(ctx, config)
	case Destroy:
		return v.CLI.Destroy(ctx, config)
	case Plan:
		return v.CLI.Plan(ctx, config)
	case Refresh:
		return v.CLI.Refresh(ctx, config)
	case Import:
		if s.Identity != "" {
			return v.CLI.ImportByIdentity(ctx, config, s.Address, v.Expand(s.Identity))
		}
		return v.CLI.Import(ctx, config, s.Address, v.Expand(s.ID))
	default:
		v.T.Fatalf("there is no command %s", s.Command)
		return nil
	}
}

// importAdvice is how an error says that something is there, and how to import it.
var importAdvice = regexp.MustCompile(`import it by the id ([^ ;]+)`)

// Settle is what somebody does after a failure: the same again, or an apply where
// the command changes nothing. Where that says to import something they do.
func (v *Virtual) Settle(ctx context.Context, s Scenario) *minicli.Result {
	v.T.Helper()
	switch {
	case s.Of != "":
		return v.Run(ctx, s)
	case s.Command == Destroy:
		return v.CLI.Destroy(ctx, v.parse(s.Config))
	case s.Command == Import && v.CLI.State.Instances[s.Address] == nil:
		if result := v.Run(ctx, s); result.Failed() {
			return result
		}
	}
	config := v.parse(s.Config)
	result := v.CLI.Apply(ctx, config)
	for _, d := range result.Errors() {
		if advice := importAdvice.FindStringSubmatch(d.Detail); len(advice) > 1 && !v.hasInState(d.Address, advice[1]) {
			if imported := v.CLI.Import(ctx, config, d.Address, advice[1]); imported.Failed() {
				return imported
			}
			return v.CLI.Apply(ctx, config)
		}
	}
	return result
}

// hasInState reports whether an address, or the object of an import id, is in state, so
// that the import is not for somebody who reads the advice to its end.
func (v *Virtual) hasInState(address, importID string) bool {
	id := importID[strings.LastIndex(importID, "/")+1:]
	return slices.ContainsFunc(v.CLI.State.Addresses(), func(other string) bool {
		return other == address || text(v.CLI.State.Values(other), "id") == id
	})
}

// Next plans what would be done then.
func (v *Virtual) Next(ctx context.Context, s Scenario) *minicli.Result {
	v.T.Helper()
	if s.Command == Destroy || s.Of != "" {
		return v.CLI.Plan(ctx, v.parse(`{}`))
	}
	return v.CLI.Plan(ctx, v.parse(s.Config))
}

func (v *Virtual) parse(config string) *minicli.Config {
	v.T.Helper()
	parsed, err := minicli.ParseConfig(v.Expand(cmp.Or(config, `{}`)))
	if err != nil {
		v.T.Fatal(err)
	}
	return parsed
}

// Resource is the configuration of one resource. Arguments are JSON.
func Resource(typeName, name, arguments string) string {
	return fmt.Sprintf(`{"resource":{%q:{%q:{%s}}}}`, typeName, name, arguments)
}

// Data is the configuration of one data source.
func Data(typeName, name, arguments string) string {
	return fmt.Sprintf(`{"data":{%q:{%q:{%s}}}}`, typeName, name, arguments)
}
