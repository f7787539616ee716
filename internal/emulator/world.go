package emulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// recoveryWindow is how long a deleted project can be brought back.
const recoveryWindow = 7 * 24 * time.Hour

// world is everything the emulator knows. Its methods want the emulator's mutex held.
type world struct {
	now            time.Time
	operationDelay time.Duration
	ids            *generator
	claimedStatus  int
	hidesAccepted  bool // see Seed.HideAcceptedInvitations

	users    []*User
	orgs     []*Organization
	projects map[string]*Project
	callers  map[string]caller // by the secret of their key
	// owned are the projects of each account, deleted ones included, by id.
	owned map[string][]*Project

	lastKeyID      int64
	lastDatabaseID int64

	databases DatabaseServer // nil for none
	// touched are the projects that the change under way looked up or made; see touch.
	touched map[string]*Project
}

func (w *world) userByID(id string) *User {
	i := slices.IndexFunc(w.users, func(u *User) bool { return u.ID == id })
	if i < 0 {
		return nil
	}
	return w.users[i]
}

func (w *world) userByEmail(email string) *User {
	i := slices.IndexFunc(w.users, func(u *User) bool { return strings.EqualFold(u.Email, email) })
	if i < 0 {
		return nil
	}
	return w.users[i]
}

func (w *world) orgByID(id string) *Organization {
	i := slices.IndexFunc(w.orgs, func(o *Organization) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return w.orgs[i]
}

// project finds a project that can still be seen or recovered.
func (w *world) project(id string) *Project {
	p := w.projects[id]
	if p == nil || w.purged(p) {
		return nil
	}
	w.touch(id)
	return p
}

// purged tells whether a project was deleted so long ago that nothing is left of it.
func (w *world) purged(p *Project) bool {
	return p.DeletedAt != nil && !w.now.Before(p.DeletedAt.Add(recoveryWindow))
}

// recoverable tells whether a project is deleted and can be brought back.
func (w *world) recoverable(p *Project) bool { return p.DeletedAt != nil && !w.purged(p) }

// second is the world's time as the API tells it.
func (w *world) second() time.Time { return w.now.Truncate(time.Second) }

func byProjectID(p *Project, id string) int { return cmp.Compare(p.ID, id) }

// addProject puts a project under its owner.
func (w *world) addProject(p *Project) {
	w.touch(p.ID)
	w.projects[p.ID] = p
	w.own(p)
}

func (w *world) own(p *Project) {
	list := w.owned[p.OwnerID]
	i, _ := slices.BinarySearchFunc(list, p.ID, byProjectID)
	w.owned[p.OwnerID] = slices.Insert(list, i, p)
}

// changeOwner hands a project over, with all that hangs on it. The offers of
// the old owner die with the ownership.
func (w *world) changeOwner(p *Project, to account) {
	if p.OwnerID == to.id() {
		return
	}
	list := w.owned[p.OwnerID]
	if i, found := slices.BinarySearchFunc(list, p.ID, byProjectID); found {
		w.owned[p.OwnerID] = slices.Delete(list, i, i+1)
	}
	p.FormerOwners = slices.DeleteFunc(p.FormerOwners, func(id string) bool { return id == to.id() })
	p.FormerOwners = append(p.FormerOwners, p.OwnerID)
	for _, request := range p.TransferRequests {
		if request.UsedAt == nil {
			request.UsedAt = new(w.now)
		}
	}
	p.OwnerID, p.OrgID = to.id(), ""
	if to.org != nil {
		p.OrgID = to.org.ID
		p.dropGuests(to.org)
	}
	p.UpdatedAt = w.second()
	w.own(p)
}

// projectCount is how many projects count against an account's limit.
func (w *world) projectCount(a account) int64 {
	var n int64
	for _, p := range w.owned[a.id()] {
		if p.DeletedAt == nil {
			n++
		}
	}
	return n
}

// addKey lets a key in, for a person or an organization.
func (w *world) addKey(k *Key, of account) {
	w.callers[k.Secret] = caller{key: k, user: of.user, org: of.org}
	w.lastKeyID = max(w.lastKeyID, k.ID)
}

func (w *world) nextKeyID() int64 {
	w.lastKeyID++
	return w.lastKeyID
}

func (w *world) nextDatabaseID() int64 {
	w.lastDatabaseID++
	return w.lastDatabaseID
}

func (w *world) freshProjectID() string {
	for {
		if id := w.ids.projectID(); w.projects[id] == nil {
			return id
		}
	}
}

// account is who owns projects: an organization or a person.
type account struct {
	org  *Organization
	user *User
}

func (w *world) owner(p *Project) account {
	if p.OrgID != "" {
		return account{org: w.orgByID(p.OrgID)}
	}
	return account{user: w.userByID(p.OwnerID)}
}

// ownerIn finds whose project the parameters of a path are about; "" for none.
func (w *world) ownerIn(params map[string]string) string {
	if p := w.projects[params["project_id"]]; p != nil {
		return p.OwnerID
	}
	return params["source_org_id"]
}

func (a account) id() string {
	if a.org != nil {
		return a.org.ID
	}
	return a.user.ID
}

func (a account) kind() string {
	if a.org != nil {
		return "organization"
	}
	return "user"
}

func (a account) plan() plan {
	if a.org != nil {
		return mustPlan(a.org.Plan)
	}
	return mustPlan(a.user.Plan)
}

func (a account) projectsLimit() int64 {
	limit := a.plan().projectsLimit
	if a.org != nil && a.org.ProjectsLimit != nil {
		limit = *a.org.ProjectsLimit
	}
	if a.user != nil && a.user.ProjectsLimit != nil {
		limit = *a.user.ProjectsLimit
	}
	return limit
}

// hasRegion tells whether the account may have projects in a region.
func (a account) hasRegion(id string) bool {
	return a.org == nil || len(a.org.Regions) == 0 || slices.Contains(a.org.Regions, id)
}

// contact is the name and address Neon shows for the account.
func (a account) contact() neon.ProjectOwner {
	owner := neon.ProjectOwner{BranchesLimit: a.plan().branchesLimit, SubscriptionType: a.plan().subscriptionType}
	if a.user != nil {
		owner.Name, owner.Email = a.user.Name, a.user.Email
		return owner
	}
	owner.Name = a.org.Name
	owner.Email = a.org.ID + "@organizations.test"
	for _, m := range a.org.Members {
		if m.Role == roleAdmin {
			owner.Email = m.Email
			break
		}
	}
	return owner
}

func (o *Organization) memberByEmail(email string) *Member {
	i := slices.IndexFunc(o.Members, func(m *Member) bool { return strings.EqualFold(m.Email, email) })
	if i < 0 {
		return nil
	}
	return o.Members[i]
}

func (o *Organization) memberByUser(id string) *Member {
	i := slices.IndexFunc(o.Members, func(m *Member) bool { return m.UserID == id })
	if i < 0 {
		return nil
	}
	return o.Members[i]
}

// managedByVercel organizations can neither give nor take projects.
func (o *Organization) managedByVercel() bool { return o.ManagedBy == "vercel" }

// head is the world as plain data, without its projects. It shares what it
// points to with the world.
func (w *world) head() (Snapshot, error) {
	shared := Snapshot{
		Users: []User{}, Organizations: []Organization{}, Projects: []Project{}, ClaimedProjectStatus: w.claimedStatus,
		HideAcceptedInvitations: w.hidesAccepted, LastKeyID: w.lastKeyID, LastDatabaseID: w.lastDatabaseID,
	}
	for _, u := range w.users {
		shared.Users = append(shared.Users, *u)
	}
	for _, o := range w.orgs {
		shared.Organizations = append(shared.Organizations, *o)
	}
	random, err := w.ids.source.MarshalBinary()
	if err != nil {
		return Snapshot{}, fmt.Errorf("saving the state of the id generator: %w", err)
	}
	shared.RandomState = random
	return shared, nil
}

// snapshot copies the world out as plain data.
func (w *world) snapshot() (Snapshot, error) {
	shared, err := w.head()
	if err != nil {
		return Snapshot{}, err
	}
	for _, p := range w.projects {
		shared.Projects = append(shared.Projects, *p)
	}
	slices.SortFunc(shared.Projects, func(a, b Project) int { return cmp.Compare(a.ID, b.ID) })
	return copySeed(shared)
}

// copySeed makes a copy that shares nothing with the original.
func copySeed(s Seed) (Seed, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return Seed{}, fmt.Errorf("copying the world: %w", err)
	}
	var c Seed
	if err := json.Unmarshal(data, &c); err != nil {
		return Seed{}, fmt.Errorf("copying the world: %w", err)
	}
	return c, nil
}
