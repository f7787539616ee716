package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// maxSeedCount bounds Project.Count, so that a slip of the pen doesn't fill the memory.
const maxSeedCount = 100_000

var orgIDPattern = regexp.MustCompile(`^org-[a-z0-9-]{1,56}$`)

// The roles of organization members.
const (
	roleAdmin  = neon.RoleAdmin
	roleMember = neon.RoleMember
	roleEditor = neon.RoleEditor
	roleViewer = neon.RoleViewer
)

var roles = neon.MemberRoles()

// ParseSeed reads a seed document. Unknown fields are an error that names them.
func ParseSeed(data []byte) (Seed, error) {
	var s Seed
	if err := decodeStrictly(data, &s); err != nil {
		return Seed{}, fmt.Errorf("the seed document can't be read: %w", err)
	}
	return s, nil
}

// newWorld builds a world from a seed, which it takes over, at a time. Every fault of the seed is in the error.
func newWorld(seed Seed, now time.Time) (*world, error) {
	w := &world{
		now:            now,
		ids:            newGenerator(),
		claimedStatus:  cmp.Or(seed.ClaimedProjectStatus, http.StatusNotFound),
		hidesAccepted:  seed.HideAcceptedInvitations,
		projects:       map[string]*Project{},
		callers:        map[string]caller{},
		owned:          map[string][]*Project{},
		lastKeyID:      max(seed.LastKeyID, 1_000_000),
		lastDatabaseID: max(seed.LastDatabaseID, 1_000_000),
	}
	s := &seeder{world: w}
	if w.claimedStatus != http.StatusNotFound && w.claimedStatus != http.StatusForbidden {
		s.fail("claimed_project_status must be 403 or 404, got %d", w.claimedStatus)
	}
	if len(seed.RandomState) > 0 {
		if err := w.ids.source.UnmarshalBinary(seed.RandomState); err != nil {
			s.fail("random_state is not one that a snapshot gave: %v", err)
		}
	}
	for i := range seed.Users {
		s.addUser(&seed.Users[i])
	}
	for i := range seed.Organizations {
		s.addOrganization(&seed.Organizations[i])
	}
	for i := range seed.Projects {
		s.addProjects(&seed.Projects[i])
	}
	for _, owned := range w.owned {
		slices.SortFunc(owned, func(a, b *Project) int { return cmp.Compare(a.ID, b.ID) })
	}
	s.checkScopedKeys()
	if err := errors.Join(s.errs...); err != nil {
		return nil, err
	}
	return w, nil
}

// seeder fills a world, and collects what is wrong with the seed.
type seeder struct {
	world *world
	errs  []error
}

func (s *seeder) fail(format string, args ...any) {
	s.errs = append(s.errs, fmt.Errorf(format, args...))
}

func (s *seeder) addUser(u *User) {
	w := s.world
	if !isEmail(u.Email) {
		s.fail("user %q: email is not an e-mail address", u.Email)
		return
	}
	if w.userByEmail(u.Email) != nil {
		s.fail("user %q is there twice", u.Email)
		return
	}
	u.ID = s.uuidUnless(u.ID)
	if !uuidPattern.MatchString(u.ID) || w.userByID(u.ID) != nil {
		s.fail("user %q: id %q must be a UUID that no other user has", u.Email, u.ID)
		return
	}
	local, _, _ := strings.Cut(u.Email, "@")
	u.Name = cmp.Or(u.Name, local)
	u.Plan = cmp.Or(u.Plan, "free")
	if _, ok := planByName(u.Plan); !ok {
		s.fail("user %q: plan %q is not one of %s", u.Email, u.Plan, strings.Join(planNames(), ", "))
		u.Plan = plans[0].name // so that the rest of the seed can be looked at
	}
	u.CreatedAt = s.timeOr(u.CreatedAt)
	w.users = append(w.users, u)
	for _, k := range u.Keys {
		k.CreatedBy = u.ID
		s.addKey(k, account{user: u})
	}
}

func (s *seeder) addOrganization(o *Organization) {
	w := s.world
	if !orgIDPattern.MatchString(o.ID) {
		s.fail("organization %q: id must look like org-cool-breeze-12345678", o.ID)
		return
	}
	if w.orgByID(o.ID) != nil {
		s.fail("organization %q is there twice", o.ID)
		return
	}
	if _, ok := planByName(o.Plan); !ok {
		s.fail("organization %q: plan %q is not one of %s", o.ID, o.Plan, strings.Join(planNames(), ", "))
		o.Plan = plans[0].name // so that the rest of the seed can be looked at
	}
	for _, region := range o.Regions {
		if !knownRegion(region) {
			s.fail("organization %q: region %q is not known", o.ID, region)
		}
	}
	o.Name = cmp.Or(o.Name, o.ID)
	o.Handle = cmp.Or(o.Handle, strings.ReplaceAll(strings.ToLower(o.Name), " ", "-")+"-"+o.ID)
	o.ManagedBy = cmp.Or(o.ManagedBy, "console")
	o.CreatedAt = s.timeOr(o.CreatedAt)
	if o.UpdatedAt.IsZero() {
		o.UpdatedAt = o.CreatedAt
	}
	if o.SpendingLimitCents != nil && *o.SpendingLimitCents < 1 {
		s.fail("organization %q: spending_limit_cents must be at least 1, got %d", o.ID, *o.SpendingLimitCents)
	}
	if o.TransferRequestsEnabled == nil {
		o.TransferRequestsEnabled = new(true)
	}
	s.completePeople(o)
	w.orgs = append(w.orgs, o)
	for _, k := range o.Keys {
		k.CreatedBy = cmp.Or(k.CreatedBy, o.firstAdmin())
		s.addKey(k, account{org: o})
	}
}

// firstAdmin gives the id of the user who counts as the maker of an
// organization's keys; "" if there is no admin.
func (o *Organization) firstAdmin() string {
	for _, m := range o.Members {
		if m.Role == roleAdmin {
			return m.UserID
		}
	}
	return ""
}

func (s *seeder) addKey(k *Key, of account) {
	w := s.world
	label := of.kind() + " " + of.id()
	if k.Secret == "" {
		s.fail("%s: a key is empty", label)
		return
	}
	if _, taken := w.callers[k.Secret]; taken {
		s.fail("%s: a key is there twice; every key must be different", label)
		return
	}
	if k.ProjectID != "" && of.user != nil {
		s.fail("%s: only keys of organizations can be confined to a project", label)
	}
	if k.ID == 0 {
		k.ID = w.nextKeyID()
	}
	k.Name = cmp.Or(k.Name, "key-"+strconv.FormatInt(k.ID, 10))
	k.CreatedBy = s.uuidUnless(k.CreatedBy)
	k.CreatedAt = s.timeOr(k.CreatedAt)
	w.addKey(k, of)
}

// checkScopedKeys runs when all projects are there.
func (s *seeder) checkScopedKeys() {
	for _, o := range s.world.orgs {
		for _, k := range o.Keys {
			if k.ProjectID != "" && s.world.projects[k.ProjectID] == nil {
				s.fail("organization %q: a key is confined to project %q, which doesn't exist", o.ID, k.ProjectID)
			}
		}
	}
}

// uuidUnless makes an id, unless the seed names one. A world that is restored
// draws none, and so goes on with the ids it would have given.
func (s *seeder) uuidUnless(id string) string {
	if id != "" {
		return id
	}
	return s.world.ids.uuid()
}

// timeOr gives the time that a seed names, else the start of the world.
func (s *seeder) timeOr(t time.Time) time.Time {
	if t.IsZero() {
		return s.world.second()
	}
	return t.UTC()
}
