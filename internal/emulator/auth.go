package emulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// caller is who asks: a person, or an organization.
type caller struct {
	key  *Key
	user *User
	org  *Organization
}

// String names the caller without telling the key.
func (c caller) String() string {
	switch {
	case c.user != nil:
		return "personal " + c.user.Email
	case c.org != nil && c.key.ProjectID != "":
		return "org " + c.org.ID + " project " + c.key.ProjectID
	case c.org != nil:
		return "org " + c.org.ID
	default:
		return ""
	}
}

func (c caller) account() account { return account{org: c.org, user: c.user} }

// scope is the one project that the key is confined to, or "".
func (c caller) scope() string { return c.key.ProjectID }

// authenticate finds the caller of a request.
func (w *world) authenticate(r *http.Request) (caller, error) {
	secret, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	c, known := w.callers[secret]
	if !found || !known || c.user != nil && c.user.DeactivatedAt != nil {
		return caller{}, refuse(http.StatusUnauthorized, "supplied credentials do not pass authentication")
	}
	return c, nil
}

// permits tells whether the caller's kind of key may use a route at all.
func (k keyKinds) permits(c caller) error {
	switch {
	case k == personalOnly && c.user == nil:
		return notForOrgKeys()
	case k == noScopedKey && c.scope() != "":
		return outsideScope()
	default:
		return nil
	}
}

// level is what a caller may do with a project or an organization.
type level int

const (
	nothing level = iota
	reading
	writing
	managing // deleting projects and handing them over
)

// levelIn is what the caller may do with the projects of an organization.
func (c caller) levelIn(org *Organization) level {
	if c.org != nil {
		if c.org != org {
			return nothing
		}
		return managing
	}
	m := org.memberByUser(c.user.ID)
	if m == nil {
		return nothing
	}
	switch m.Role {
	case roleAdmin:
		return managing
	case roleMember, roleEditor:
		return writing
	default:
		return reading
	}
}

// levelOf is what the caller may do with a project.
func (w *world) levelOf(c caller, p *Project) level {
	if p.OrgID != "" {
		if l := c.levelIn(w.orgByID(p.OrgID)); l > nothing {
			if c.scope() != "" {
				return min(l, writing)
			}
			return l
		}
	} else if c.user != nil && p.OwnerID == c.user.ID {
		return managing
	}
	if c.user != nil && p.sharedWith(c.user.Email) {
		return writing
	}
	return nothing
}

func (p *Project) sharedWith(email string) bool {
	return slices.ContainsFunc(p.Permissions, func(g *Permission) bool { return strings.EqualFold(g.Email, email) })
}

// organization finds an organization that the caller belongs to.
func (x *exchange) organization(id string) (*Organization, error) {
	org := x.w.orgByID(id)
	if org == nil || x.caller.levelIn(org) == nothing {
		return nil, organizationNotFound()
	}
	return org, nil
}

// organizationToManage finds an organization for its admins and its own keys. What
// they want to do is for the refusal of others.
func (x *exchange) organizationToManage(id, what string) (*Organization, error) {
	org, err := x.organization(id)
	if err != nil {
		return nil, err
	}
	if x.caller.levelIn(org) < managing {
		return nil, forbidden("only an admin of organization %s can %s", org.ID, what)
	}
	return org, nil
}

// project finds the project of the path that the caller may use at a level,
// deleted ones not.
func (x *exchange) project(need level) (*Project, error) {
	p, err := x.anyProject(need)
	if err == nil && p.DeletedAt != nil {
		return nil, projectNotFound()
	}
	return p, err
}

// anyProject is project, with deleted ones that can still be recovered.
func (x *exchange) anyProject(need level) (*Project, error) {
	id := x.params["project_id"]
	if scope := x.caller.scope(); scope != "" && scope != id {
		return nil, outsideScope()
	}
	p := x.w.project(id)
	if p == nil {
		return nil, projectNotFound()
	}
	x.w.expireBranches(p)
	switch have := x.w.levelOf(x.caller, p); {
	case have == nothing && x.w.claimedStatus == http.StatusForbidden && x.ownedBefore(p):
		return nil, forbidden("user does not have access to this project")
	case have == nothing:
		return nil, projectNotFound()
	case have < need && need == managing:
		return nil, forbidden("only an admin of the organization can do this, and this key isn't one's")
	case have < need:
		return nil, forbidden("this key may only read the project")
	}
	return p, nil
}

// ownedBefore tells whether the project belonged to one of the caller's accounts.
func (x *exchange) ownedBefore(p *Project) bool {
	return slices.ContainsFunc(p.FormerOwners, func(id string) bool {
		if x.caller.user != nil && id == x.caller.user.ID {
			return true
		}
		org := x.w.orgByID(id)
		return org != nil && x.caller.levelIn(org) > nothing
	})
}

// projectToChange is project for writing, and refuses with 423 while operations run.
func (x *exchange) projectToChange() (*Project, error) {
	p, err := x.project(writing)
	if err != nil {
		return nil, err
	}
	if x.w.busy(p) {
		return nil, busy()
	}
	return p, nil
}

// describeAuth is GET /auth.
func describeAuth(x *exchange) (reply, error) {
	details := neon.AuthDetails{AccountID: x.caller.account().id(), AuthMethod: neon.AuthMethodUserKey}
	if x.caller.org != nil {
		details.AuthMethod = neon.AuthMethodOrgKey
	}
	return ok(http.StatusOK, details)
}
