package emulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const (
	maxMembersPage     = 500
	defaultMembersPage = 100
)

func memberRoutes() []route {
	const collection, item = "/organizations/{org_id}/members", "/organizations/{org_id}/members/{member_id}"
	return []route{
		{method: http.MethodGet, pattern: collection, keys: noScopedKey, query: sortedQuery(maxMembersPage, "email", "role", "joined_at"), handle: listMembers},
		{method: http.MethodGet, pattern: item, keys: noScopedKey, handle: getMember},
		{method: http.MethodPatch, pattern: item, keys: noScopedKey, body: memberUpdateShape, handle: updateMember},
		{method: http.MethodDelete, pattern: item, keys: personalOnly, handle: removeMember},
	}
}

var memberUpdateShape = object{required: []string{"role"}, fields: map[string]shape{"role": text{oneOf: neon.MemberRoles()}}}

func (m *Member) wire(orgID string) neon.Member {
	return neon.Member{ID: m.ID, UserID: m.UserID, OrgID: orgID, Role: m.Role, JoinedAt: &m.JoinedAt}
}

func listMembers(x *exchange) (reply, error) {
	org, err := x.organization(x.params["org_id"])
	if err != nil {
		return reply{}, err
	}
	list, pagination, err := cutPage(x.query, org.Members, pageRules{sortBy: "joined_at", limit: defaultMembersPage}, memberPosition)
	if err != nil {
		return reply{}, err
	}
	page := neon.MembersPage{Members: make([]neon.MemberWithUser, len(list)), Pagination: pagination}
	for i, m := range list {
		page.Members[i] = neon.MemberWithUser{Member: m.wire(org.ID), User: neon.MemberUser{Email: m.Email}}
		if u := x.w.userByID(m.UserID); u != nil {
			page.Members[i].User.HasMFA, page.Members[i].User.DeactivatedAt = new(u.HasMFA), u.DeactivatedAt
		}
	}
	return ok(http.StatusOK, page)
}

// memberPosition gives what a member is sorted by, and its id.
func memberPosition(m *Member, sortBy string) (value, id string) {
	switch sortBy {
	case "email":
		return strings.ToLower(m.Email), m.ID
	case "role":
		return m.Role, m.ID
	default:
		return m.JoinedAt.UTC().Format(time.RFC3339), m.ID
	}
}

// member finds the organization and the member of the path.
func (x *exchange) member() (*Organization, *Member, error) {
	org, err := x.organization(x.params["org_id"])
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(org.Members, func(m *Member) bool { return m.ID == x.params["member_id"] })
	if i < 0 {
		return nil, nil, notFound("organization member not found")
	}
	return org, org.Members[i], nil
}

// memberToChange is member, for an admin.
func (x *exchange) memberToChange() (*Organization, *Member, error) {
	org, m, err := x.member()
	if err == nil && x.caller.levelIn(org) < managing {
		err = forbidden("only an admin of organization %s can change its members", org.ID)
	}
	return org, m, err
}

func getMember(x *exchange) (reply, error) {
	org, m, err := x.member()
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, m.wire(org.ID))
}

func updateMember(x *exchange) (reply, error) {
	org, m, err := x.memberToChange()
	if err != nil {
		return reply{}, err
	}
	request, err := decode[neon.MemberUpdateRequest](x)
	if err != nil {
		return reply{}, err
	}
	if err := org.checkRole(request.Role); err != nil {
		return reply{}, err
	}
	if request.Role != roleAdmin {
		if err := org.checkStaysManaged(m); err != nil {
			return reply{}, err
		}
	}
	m.Role = request.Role
	return ok(http.StatusOK, m.wire(org.ID))
}

func removeMember(x *exchange) (reply, error) {
	org, m, err := x.memberToChange()
	if err != nil {
		return reply{}, err
	}
	if err := org.checkStaysManaged(m); err != nil {
		return reply{}, err
	}
	org.Members = slices.DeleteFunc(org.Members, func(other *Member) bool { return other == m })
	return ok(http.StatusOK, struct{}{})
}

// checkRole refuses roles that the organization doesn't have.
func (o *Organization) checkRole(role string) error {
	if !slices.Contains(o.acceptedRoles(), role) {
		return badRequest("role %s is not available for organization %s; it has %s", role, o.ID, strings.Join(o.acceptedRoles(), ", "))
	}
	return nil
}

// acceptedRoles are the roles that the organization's permission model has.
func (o *Organization) acceptedRoles() []string {
	if len(o.Roles) == 0 {
		return roles
	}
	return o.Roles
}

// checkStaysManaged refuses to take the last admin away.
func (o *Organization) checkStaysManaged(without *Member) error {
	if without.Role != roleAdmin {
		return nil
	}
	for _, m := range o.Members {
		if m != without && m.Role == roleAdmin {
			return nil
		}
	}
	return refuse(http.StatusConflict, "the last admin of an organization can be neither removed nor given another role")
}
