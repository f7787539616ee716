package faults

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// trial is what a cell of the world matrix or of the lifecycle matrix did: commands,
// one after the other, in one world. Its methods hold it against the rules.
type trial struct {
	t      *testing.T
	v      *Virtual
	owners []string // whose projects may be written to
	// claimable is what the configurations say of the projects.
	claimable string
	// wasIn are the accounts that projects belonged to in the beginning: one that was
	// moved by hand before that may be fetched back.
	wasIn map[string]bool
	// seats are the addresses in state in the beginning, of those who are members.
	seats map[string]bool
	// namesIDs: the command is about an id that somebody has typed.
	namesIDs bool
	before   emulator.Snapshot
	// results are of the commands so far, and requests those that they made.
	results  []*minicli.Result
	requests []emulator.RequestRecord
	first    int // how many of them the first command made
	// isHealed: a project was claimed and is back, by which its links are dead, which
	// Neon shows nowhere.
	isHealed bool
}

// begin begins a trial in a scenario's world as it is now.
func begin(t *testing.T, v *Virtual, s Scenario) *trial {
	t.Helper()
	r := &trial{t: t, v: v, owners: s.owners(), claimable: s.claimable(), before: v.Emu.Snapshot(), wasIn: map[string]bool{}, seats: map[string]bool{}}
	r.namesIDs = s.Command == Import || s.Command == Plan
	for _, p := range r.before.Projects {
		r.wasIn[p.OwnerID] = true
	}
	for _, address := range v.CLI.State.Addresses() {
		values := v.CLI.State.Values(address)
		isSeat := v.CLI.State.Instances[address].TypeName == "neon_org_member"
		if isSeat && member(organization(r.before, values["org_id"]), text(values, "email")) != nil {
			r.seats[text(values, "email")] = true
		}
	}
	return r
}

// ran notes a command that has ended, and looks at what it said.
func (r *trial) ran(result *minicli.Result) *minicli.Result {
	r.t.Helper()
	honest(r.t, r.v, result)
	r.results = append(r.results, result)
	r.requests = append(r.requests, r.v.Emu.Requests()...)
	if len(r.results) == 1 {
		r.first = len(r.requests)
	}
	r.v.Emu.ClearRequests()
	return result
}

func (r *trial) fail(kind, format string, args ...any) {
	r.t.Helper()
	said := make([]string, len(r.results))
	for i, result := range r.results {
		said[i] = fmt.Sprintf("— command %d said:\n%s", i+1, result)
	}
	report := fmt.Sprintf("[%s] %s\n%s", kind, fmt.Sprintf(format, args...), strings.Join(said, ""))
	if why, isKnown := isKnownGap(r.t.Name(), kind); isKnown {
		fmt.Printf("KNOWN GAP: %s: [%s], since %s\n", r.t.Name(), kind, why)
		return
	}
	r.t.Error(report)
}

// isWrite reports whether a request changes something.
func isWrite(request emulator.RequestRecord) bool { return request.Method != http.MethodGet }

func hasSucceeded(request emulator.RequestRecord) bool {
	return request.Status >= 200 && request.Status < 300
}

// writes are the routes of the changes that Neon made.
func writes(requests []emulator.RequestRecord) []string {
	var routes []string
	for _, request := range requests {
		if isWrite(request) && hasSucceeded(request) {
			routes = append(routes, request.Route)
		}
	}
	return routes
}

// isOwed reports whether a write is to what belongs to others by its nature.
func (r *trial) isOwed(request emulator.RequestRecord) bool {
	switch request.Route {
	case "PUT /projects/{project_id}/transfer_requests/{request_id}":
		return true // whoever accepts a project takes it from others, who have offered it
	case "POST /projects/{project_id}/recover":
		return true // an action names a project, and knows of no owner; Neon refuses what isn't deleted
	case transferRoute:
		return r.wasIn[request.Owner] // it had left before, and is fetched back
	default:
		return false
	}
}

// touchesOnlyOurs looks for writes to what belongs to others. Exempt are those that a
// rule of the design allows.
func (r *trial) touchesOnlyOurs(exempt func(i int, request emulator.RequestRecord) bool) {
	r.t.Helper()
	for i, request := range r.requests {
		isForeign := request.Owner != "" && !slices.Contains(r.owners, request.Owner)
		if isWrite(request) && isForeign && !r.isOwed(request) && !exempt(i, request) {
			r.fail("foreign write", "request %d, %s, answered %d, went to what %s owns", i+1, request.Route, request.Status, request.Owner)
		}
	}
}

// people are the members of all organizations, by organization and user.
func people(world emulator.Snapshot) map[string]string {
	found := map[string]string{}
	for _, org := range world.Organizations {
		for _, m := range org.Members {
			found[org.ID+"/"+m.UserID] = m.Email
		}
	}
	return found
}

// gone are the keys of a that are not in b.
func gone[V any](a, b map[string]V) map[string]bool {
	missing := map[string]bool{}
	for key := range a {
		if _, found := b[key]; !found {
			missing[key] = true
		}
	}
	return missing
}

// keepsPeople looks for members who are gone and should not be.
func (r *trial) keepsPeople(given map[string]bool, left string) {
	r.t.Helper()
	before := people(r.before)
	for key := range gone(before, people(r.v.Emu.Snapshot())) {
		if !given[key] && (left == "" || before[key] != left) {
			r.fail("person lost", "%s is no longer a member (%s)", before[key], key)
		}
	}
}

// created counts the projects that were made.
func created(requests []emulator.RequestRecord) int {
	n := 0
	for _, request := range requests {
		if request.Route == "POST /projects" && hasSucceeded(request) {
			n++
		}
	}
	return n
}

// mayInvite gives the invitations that are due after a happening: whoever was removed
// may be invited again, and an address that nobody has any more, unless it is that of
// a seat in state.
func (r *trial) mayInvite(due map[string]int, h Happening, change emulator.WorldChange) map[string]int {
	invitations := maps.Clone(due)
	isOfNobody := change.Do == emulator.DoChangeEmail && !r.seats[change.Email]
	if h.Ends && change.Email != "" || isOfNobody {
		invitations[Acme+"/"+change.Email]++
	}
	return invitations
}

// invitedIn are the addresses that invitations went to, with how many.
func invitedIn(world emulator.Snapshot) map[string]int {
	found := map[string]int{}
	for _, org := range world.Organizations {
		for _, invitation := range org.Invitations {
			found[org.ID+"/"+strings.ToLower(invitation.Email)]++
		}
	}
	return found
}

// makesNothingTwice looks for projects and invitations beyond those that are due.
func (r *trial) makesNothingTwice(projects int, invitations map[string]int) {
	r.t.Helper()
	if n := created(r.requests); n > projects {
		r.fail("made twice", "%d projects were created, where %d are due", n, projects)
	}
	for key, n := range invitedIn(r.v.Emu.Snapshot()) {
		if n > invitations[key] {
			r.fail("made twice", "%s was invited %d times, where %d are due", key, n, invitations[key])
		}
	}
}

// says reports whether any diagnostic so far contains one of the words.
func (r *trial) says(words ...string) bool {
	for _, result := range r.results {
		for _, d := range result.Diagnostics {
			for _, word := range words {
				if word != "" && strings.Contains(d.Summary+d.Detail, word) {
					return true
				}
			}
		}
	}
	return false
}

// excuses gives the objects of which a happening is the end: the project or the seat
// itself, the keys of a project that is gone, and the guests of one that has other
// members now.
func (h Happening) excuses(change emulator.WorldChange, claimable string) func(key string) bool {
	return func(key string) bool {
		switch kind, id, _ := strings.Cut(key, " "); kind {
		case "guest":
			return h.TakesAway || h.Ends || change.Do == emulator.DoAcceptInvitation
		case "key":
			return h.Ends || h.ToOthers && claimable == "false" // the project is made anew, and a key for that
		default:
			return h.Ends && id == change.Project
		}
	}
}

// losesNothing compares what existed before with what an undisturbed run leaves of
// it. What is left must be in state, or somebody must have been told.
func (r *trial) losesNothing(want map[string]object, isExcused func(key string) bool) {
	r.t.Helper()
	now, known := objects(r.v.Emu.Snapshot()), inState(r.v.CLI.State)
	for key, one := range objects(r.before) {
		_, isThere := now[key]
		_, isDue := want[key]
		switch {
		case strings.HasPrefix(key, "seat "): // keepsPeople looks after them
		case isThere && !isDue && !known[key] && !r.says(strings.Split(one.label, `"`)[1], strings.TrimPrefix(key, "project ")):
			r.fail("left untold", "%s is left, is not in state, and nobody was told", one.label)
		case !isThere && isDue && !isExcused(key):
			r.fail("lost", "%s is gone", one.label)
		}
	}
	for key, one := range now {
		if !gone(now, objects(r.before))[key] || known[key] || strings.HasPrefix(key, "seat ") {
			continue
		}
		if _, isDue := want[key]; !isDue && !slices.ContainsFunc(r.results, one.isTold) {
			r.fail("orphan", "%s was created and is not in state, and nobody is told", one.label)
		}
	}
}

// nextStep is how an error says what to do.
var nextStep = regexp.MustCompile(`(?i)\b(set|use|apply again|next apply|apply a refresh|import|remove|removed block|delete it|look (in|at)|cancel|ask|replace|rename|untaint|give|recover|make|add|change it|take it out|name|run|leave|enable|data source \w+ lists|needs? (the|a|an) )`)

// untilJoined is how a warning says that a role has to wait for somebody to join, so
// that plans are not empty until then.
const untilJoined = "until then every plan shows it"

// settles runs the command that comes after, which converges or says what to do. It
// gives false where it failed.
func (r *trial) settles(settle, plan func() *minicli.Result) bool {
	r.t.Helper()
	if again := r.ran(settle()); again.Failed() {
		for _, d := range again.Errors() {
			if !nextStep.MatchString(d.Detail) && (!r.namesIDs || !strings.Contains(d.Detail, "Check the id")) {
				r.fail("no next step", "%s: %s", d.Summary, d.Detail)
			}
			if importAdvice.MatchString(d.Detail) && r.v.CLI.State.Instances[d.Address] != nil {
				r.fail("wrong advice", "%s is in state, so that nothing can be imported there: %s", d.Address, d.Detail)
			}
		}
		return false
	}
	next := r.ran(plan())
	if (next.Failed() || len(next.Actions) > 0) && !r.says(untilJoined) {
		r.fail("doesn't converge", "the plan after that is not empty: %v", next.Actions)
	}
	for _, how := range r.differences() {
		r.fail("apart", "state and Neon have come apart: %s", how)
	}
	return true
}

// differences says where Neon contradicts the state, of what is ours. What hangs on a
// project of somebody else stays in state as it was.
func (r *trial) differences() []string {
	world, state := r.v.Emu.Snapshot(), r.v.CLI.State
	foreign := map[string]bool{}
	for _, p := range world.Projects {
		foreign[p.ID] = !slices.Contains(r.owners, p.OwnerID)
	}
	found := []string{}
	for _, address := range state.Addresses() {
		values := state.Values(address)
		kind := kinds[state.Instances[address].TypeName]
		switch id := text(values, "project_id"); {
		case values["claimed"] == true && !foreign[text(values, "id")] && liveProject(world, values["id"]) != nil:
			found = append(found, address+": claimed in state, and still ours at Neon")
		case id != "" && (foreign[id] || liveProject(world, id) == nil) && values["status"] != "pending":
		case state.Instances[address].TypeName == "neon_org_project_transfer" && slices.Contains(slices.Collect(maps.Values(foreign)), true):
		case r.isHealed && values["status"] == "pending":
		case kind.Differs != nil:
			if how := kind.Differs(world, values); how != "" {
				found = append(found, address+": "+how)
			}
		}
	}
	return found
}
