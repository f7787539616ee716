package faults

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// Happening is something that others do at Neon while a command runs, or between two.
type Happening struct {
	Name string
	// Change gives what happens in a scenario's world as it is now; false where there
	// is nothing that it could happen to.
	Change func(Scenario, emulator.Snapshot, victims) (emulator.WorldChange, bool)
	// Undo gives what ends it, after the command; nil where nothing does.
	Undo func(happened emulator.WorldChange) emulator.WorldChange
	// Heals: it is undone as soon as the command has ended, not when the next one has
	// failed because of it.
	Heals bool
	// TakesAway: the project belongs to somebody else from then on, and ToOthers: to
	// somebody whose projects the key does not see.
	TakesAway, ToOthers bool
	// Ends: the project, or the seat, is gone from then on, so that it may be made once
	// more, and that a destruction has nothing to say.
	Ends bool
}

// The organizations of those who claim: one in which the partner's admin is an admin
// as well, and one that no key of the partner's sees.
const (
	haven = "org-customer-haven-20000002"
	cove  = "org-customer-cove-20000003"
)

// married is the address of somebody who has changed theirs.
const married = "married@elsewhere.example"

// inhabited adds to a scenario's world what happenings need.
func inhabited(seed *emulator.Seed) {
	add := func(id, plan string, admins ...string) {
		if slices.ContainsFunc(seed.Organizations, func(org emulator.Organization) bool { return org.ID == id }) {
			return
		}
		org := emulator.Organization{ID: id, Name: id, Plan: plan}
		for _, email := range admins {
			org.Members = append(org.Members, &emulator.Member{Email: email, Role: "admin"})
		}
		seed.Organizations = append(seed.Organizations, org)
	}
	add(studio, "scale", "admin@partner.test")
	add(haven, "scale", customer, "admin@partner.test")
	add(cove, "scale", customer)
}

// Happenings are all that happens in the world matrix.
func Happenings() []Happening {
	projectTo := func(do, orgID string) func(Scenario, emulator.Snapshot, victims) (emulator.WorldChange, bool) {
		return func(_ Scenario, _ emulator.Snapshot, v victims) (emulator.WorldChange, bool) {
			return emulator.WorldChange{Do: do, Project: v.project, Org: orgID}, v.project != ""
		}
	}
	back := func(happened emulator.WorldChange) emulator.WorldChange {
		return emulator.WorldChange{Do: emulator.DoGiveBack, Project: happened.Project}
	}
	return []Happening{
		{Name: "claimed into sight", Change: projectTo(emulator.DoClaim, haven), TakesAway: true},
		{Name: "claimed out of sight", Change: projectTo(emulator.DoClaim, cove), TakesAway: true, ToOthers: true},
		{Name: "claimed and given back", Change: projectTo(emulator.DoClaim, haven), TakesAway: true, Undo: back, Heals: true},
		{Name: "claimed out of sight and given back", Change: projectTo(emulator.DoClaim, cove), TakesAway: true, ToOthers: true, Undo: back, Heals: true},
		{Name: "moved by hand", Change: projectTo(emulator.DoMove, studio), TakesAway: true},
		{Name: "deleted", Change: projectTo(emulator.DoDelete, ""), Ends: true},
		{Name: "deleted past recovery", Change: projectTo(emulator.DoPurge, ""), Ends: true},
		{Name: "absent for a moment", Change: hidden(2)},
		{Name: "absent for a while", Change: hidden(6)},
		{Name: "member removed", Ends: true, Change: func(_ Scenario, _ emulator.Snapshot, v victims) (emulator.WorldChange, bool) {
			return emulator.WorldChange{Do: emulator.DoRemoveMember, Org: Acme, Email: v.member}, v.member != ""
		}},
		{Name: "member's address changed", Change: func(_ Scenario, _ emulator.Snapshot, v victims) (emulator.WorldChange, bool) {
			return emulator.WorldChange{Do: emulator.DoChangeEmail, Email: v.member, NewEmail: married}, v.member != ""
		}},
		{Name: "invitation accepted", Change: func(_ Scenario, _ emulator.Snapshot, v victims) (emulator.WorldChange, bool) {
			return emulator.WorldChange{Do: emulator.DoAcceptInvitation, Email: v.invited}, v.invited != ""
		}},
		{
			Name: "key's role reduced",
			Change: func(s Scenario, world emulator.Snapshot, _ victims) (emulator.WorldChange, bool) {
				change := emulator.WorldChange{Do: emulator.DoChangeRole, Org: s.org(), Email: keyHolder(world, s.key()), Role: "viewer"}
				return change, change.Email != ""
			},
			Undo: func(happened emulator.WorldChange) emulator.WorldChange {
				happened.Role = "admin"
				return happened
			},
		},
	}
}

func hidden(requests int) func(Scenario, emulator.Snapshot, victims) (emulator.WorldChange, bool) {
	return func(_ Scenario, _ emulator.Snapshot, v victims) (emulator.WorldChange, bool) {
		return emulator.WorldChange{Do: emulator.DoHide, Project: v.project, Requests: requests}, v.project != ""
	}
}

// keyHolder gives the address of the person whose key it is; "" for a key of an
// organization.
func keyHolder(world emulator.Snapshot, secret string) string {
	for _, user := range world.Users {
		for _, key := range user.Keys {
			if key.Secret == secret {
				return user.Email
			}
		}
	}
	return ""
}

// victims are what something can happen to; each is empty for none.
type victims struct {
	project string // an id
	member  string // the address of a member of Acme who is not the key's holder
	invited string // the address of somebody who has not joined
}

// victims finds them among what the scenario and the state speak of.
func (v *Virtual) victims(s Scenario, world emulator.Snapshot) victims {
	parts := []string{v.Expand(strings.Join(append(slices.Clone(s.Before), s.Config, s.ID, s.Identity), "\n"))}
	for _, address := range v.CLI.State.Addresses() {
		parts = append(parts, string(v.CLI.State.Instances[address].Attributes))
	}
	spoken := strings.Join(parts, "")
	var found victims
	var named, others []emulator.Project
	for _, p := range world.Projects {
		switch isOurs := slices.Contains(s.owners(), p.OwnerID); {
		case p.DeletedAt != nil || !isOurs:
		case strings.Contains(spoken, `"`+p.ID) || strings.Contains(spoken, p.ID+`"`):
			named = append(named, p)
		case strings.Contains(spoken, `"`+p.Name+`"`):
			others = append(others, p)
		}
	}
	if len(named) == 0 {
		named = others
	}
	slices.SortStableFunc(named, func(a, b emulator.Project) int { return a.CreatedAt.Compare(b.CreatedAt) })
	if len(named) > 0 {
		found.project = named[len(named)/2].ID
	}
	acme := organization(world, Acme)
	for _, m := range acme.Members {
		if m.Email != keyHolder(world, s.key()) && (strings.Contains(spoken, m.Email) || strings.Contains(spoken, m.ID) || strings.Contains(spoken, m.UserID)) {
			found.member = m.Email
		}
	}
	for _, invitation := range acme.Invitations {
		if invitation.AcceptedAt == nil && strings.Contains(spoken, invitation.Email) {
			found.invited = invitation.Email
		}
	}
	return found
}

var organizationID = regexp.MustCompile(`org-[a-z]+-[a-z]+-[0-9]{8}`)

// owners are the accounts whose projects a scenario may write to: those that its
// configurations name, and the provider's own.
func (s Scenario) owners() []string {
	all := map[string]bool{s.org(): true, Acme: true}
	for _, config := range append(slices.Clone(s.Before), s.Config, s.Lost) {
		for _, id := range organizationID.FindAllString(config, -1) {
			all[id] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// strike is what happens when a request arrives.
type strike struct {
	place  Place
	happen func()
	seen   int
	isMet  bool
}

// Strike lets something happen just before the request at a place is served.
func (w *World) Strike(place Place, happen func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.strike = &strike{place: place, happen: happen}
}

// struck reports whether the request of Strike has been made, and forgets it.
func (w *World) struck() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	isMet := w.strike != nil && w.strike.isMet
	w.strike = nil
	return isMet
}

func (w *World) meetStrike(r *http.Request) {
	w.mu.Lock()
	s := w.strike
	isDue := s != nil && !s.isMet && routeMatches(s.place.Route, r)
	if isDue {
		s.seen++
		isDue = s.seen > s.place.Nth
		s.isMet = isDue
	}
	w.mu.Unlock()
	if isDue {
		s.happen()
	}
}

// configured gives a configuration with an argument of all its resources of a type
// changed; nil takes it out.
func configured(config, typeName, name string, value any) string {
	var file map[string]any
	if json.Unmarshal([]byte(config), &file) != nil {
		return config
	}
	types, _ := file["resource"].(map[string]any)
	blocks, _ := types[typeName].(map[string]any)
	for _, block := range blocks {
		args, _ := block.(map[string]any)
		if args[name] = value; value == nil {
			delete(args, name)
		}
	}
	changed, err := json.Marshal(file)
	if err != nil {
		panic(err) // it was decoded just now
	}
	return string(changed)
}
