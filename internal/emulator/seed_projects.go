package emulator

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// addProjects makes the projects of one seed entry.
func (s *seeder) addProjects(entry *Project) {
	if entry.Count < 0 || entry.Count > maxSeedCount {
		s.fail("project %q: count must be from 0 to %d, got %d", cmp.Or(entry.ID, entry.Name), maxSeedCount, entry.Count)
		return
	}
	if entry.Count == 0 {
		s.addProject(entry)
		return
	}
	if entry.ID != "" && entry.Count > 1 && !strings.Contains(entry.ID, "%d") {
		s.fail("project %q: with a count of %d the id needs a %%d for the number", entry.ID, entry.Count)
		return
	}
	for n := 1; n <= entry.Count; n++ {
		p := *entry
		p.Count = 0
		p.ID = strings.ReplaceAll(p.ID, "%d", strconv.Itoa(n))
		p.Name = strings.ReplaceAll(p.Name, "%d", strconv.Itoa(n))
		p.Permissions = nil
		for _, g := range entry.Permissions {
			p.Permissions = append(p.Permissions, new(*g))
		}
		s.addProject(&p)
	}
}

func (s *seeder) addProject(p *Project) {
	w := s.world
	label := cmp.Or(p.ID, p.Name)
	failures := len(s.errs)
	owner := s.ownerOf(p, label)
	p.RegionID = cmp.Or(p.RegionID, defaultRegion)
	p.PgVersion = cmp.Or(p.PgVersion, defaultPgVersion)
	if !knownRegion(p.RegionID) {
		s.fail("project %q: region %q is not known", label, p.RegionID)
	}
	if p.PgVersion < minPgVersion || p.PgVersion > maxPgVersion {
		s.fail("project %q: pg_version must be from %d to %d, got %d", label, minPgVersion, maxPgVersion, p.PgVersion)
	}
	if !slices.Contains([]string{"", "vercel", "github"}, p.Integration) {
		s.fail("project %q: integration must be vercel or github, got %q", label, p.Integration)
	}
	if p.ID == "" {
		p.ID = w.freshProjectID()
	}
	if !idPattern.MatchString(p.ID) || w.projects[p.ID] != nil {
		s.fail("project %q: id must match %s and be no other project's", p.ID, idPattern)
	}
	if p.Consumption.factor() < 0 || p.Consumption.factor() > maxConsumptionFactor {
		s.fail("project %q: consumption.factor must be from 0 to %d, got %d", label, maxConsumptionFactor, p.Consumption.Factor)
	}
	for i, g := range p.Permissions {
		if first := (&Project{Permissions: p.Permissions[:i]}); !isEmail(g.Email) || first.sharedWith(g.Email) {
			s.fail("project %q: permissions must be for different e-mail addresses, and %q is not one", label, g.Email)
		}
		g.ID = s.uuidUnless(g.ID)
		g.GrantedAt = s.timeOr(g.GrantedAt)
	}
	if len(s.errs) > failures {
		return
	}
	p.Name = cmp.Or(p.Name, p.ID)
	p.CreatedAt = s.timeOr(p.CreatedAt)
	if p.UpdatedAt.IsZero() {
		p.UpdatedAt = p.CreatedAt
	}
	completeProject(p, owner.plan())
	if len(p.Branches) == 0 {
		w.plantDefaultBranch(p, branchNames{})
		settle(p)
	}
	for _, b := range p.Branches {
		for _, d := range b.Databases {
			w.lastDatabaseID = max(w.lastDatabaseID, d.ID)
		}
	}
	w.projects[p.ID] = p
	// Sorted once, when all projects are there: inserting each in order would be quadratic.
	w.owned[p.OwnerID] = append(w.owned[p.OwnerID], p)
}

// ownerOf settles whom a seeded project belongs to.
func (s *seeder) ownerOf(p *Project, label string) account {
	w := s.world
	if p.OrgID != "" {
		org := w.orgByID(p.OrgID)
		if org == nil {
			s.fail("project %q: organization %q doesn't exist", label, p.OrgID)
		}
		if p.OwnerEmail != "" || p.OwnerID != "" && p.OwnerID != p.OrgID {
			s.fail("project %q: it has org_id, so leave owner_id and owner_email out", label)
		}
		p.OwnerID = p.OrgID
		return account{org: org}
	}
	user := w.userByID(p.OwnerID)
	if p.OwnerEmail != "" {
		user = w.userByEmail(p.OwnerEmail)
	}
	if user == nil {
		s.fail("project %q: it needs org_id, or owner_email of one of the users", label)
		return account{}
	}
	p.OwnerID, p.OwnerEmail = user.ID, ""
	return account{user: user}
}

// settle ends what a new project would still be doing, and forgets the operations.
// Its branch is as old as it is.
func settle(p *Project) {
	p.Operations = nil
	for _, b := range p.Branches {
		b.CreatedAt, b.UpdatedAt, b.StateChangedAt, b.ReadyAt = p.CreatedAt, p.CreatedAt, p.CreatedAt, p.CreatedAt
		for _, e := range b.Endpoints {
			e.SettledAt = p.CreatedAt
		}
	}
}
