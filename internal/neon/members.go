package neon

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

const (
	membersPerPage = 500 // the API's maximum
	memberRoute    = "/organizations/{org_id}/members/{member_id}"
)

func memberPath(orgID, memberID string) map[string]string {
	return map[string]string{"org_id": orgID, "member_id": memberID}
}

// MemberOrder is how ListMembers sorts. The zero value leaves it to Neon, which
// gives those first who joined last.
type MemberOrder struct {
	By    string // email, role or joined_at
	Order string // asc or desc
}

// ListMembers gives all members of an organization, page by page as they are asked
// for: GET /organizations/{org_id}/members, 500 to a page.
func (c *Client) ListMembers(ctx context.Context, orgID string, order MemberOrder) iter.Seq2[MemberWithUser, error] {
	query := url.Values{"limit": {strconv.Itoa(membersPerPage)}}
	if order.By != "" {
		query.Set("sort_by", order.By)
	}
	if order.Order != "" {
		query.Set("sort_order", order.Order)
	}
	return func(yield func(MemberWithUser, error) bool) {
		look := func(page MembersPage) (int, string) { return len(page.Members), valueOrZero(page.Pagination).Next }
		for page, err := range pages(ctx, c, "/organizations/{org_id}/members", orgPath(orgID), query, look) {
			if err != nil {
				yield(MemberWithUser{}, err)
				return
			}
			for _, member := range page.Members {
				if !yield(member, nil) {
					return
				}
			}
		}
	}
}

// Members gives the whole list of an organization's members, in the order in which
// they joined. Everybody who asks shares it, and it is read anew after a change of
// this client's. It must not be changed.
func (c *Client) Members(ctx context.Context, orgID string) ([]MemberWithUser, error) {
	return c.members.get(ctx, orgID, c.fetchMembers(orgID))
}

// MembersNow is Members, asked of Neon now.
func (c *Client) MembersNow(ctx context.Context, orgID string) ([]MemberWithUser, error) {
	c.members.forget(orgID)
	return c.Members(ctx, orgID)
}

// fetchMembers reads in an order that new members only add to at the end, so that
// none is passed over when somebody joins between two pages.
func (c *Client) fetchMembers(orgID string) func(context.Context) ([]MemberWithUser, error) {
	return func(ctx context.Context) ([]MemberWithUser, error) {
		var all []MemberWithUser
		for member, err := range c.ListMembers(ctx, orgID, MemberOrder{By: "joined_at", Order: "asc"}) {
			if err != nil {
				return nil, err
			}
			all = append(all, member)
		}
		return all, nil
	}
}

// MemberKey names a member by one of its fields, the others are empty.
type MemberKey struct {
	MemberID string
	UserID   string
	Email    string // compared without regard to case
}

func (k MemberKey) matches(m MemberWithUser) bool {
	switch {
	case k.MemberID != "":
		return m.Member.ID == k.MemberID
	case k.UserID != "":
		return m.Member.UserID == k.UserID
	default:
		return SameEmail(m.User.Email, k.Email)
	}
}

// FindMember looks for a member in the shared list. It is nil where the list has
// none, which for a member that is known by id does not say that it is gone: see
// ReadMember.
func (c *Client) FindMember(ctx context.Context, orgID string, key MemberKey) (*MemberWithUser, error) {
	return c.members.find(ctx, orgID, c.fetchMembers(orgID), key.matches)
}

// ReadMember reads a member by id, from the shared list. One that the list does
// not show is read by itself, and comes without an e-mail address. It is nil where
// Neon does not know it then either: the organization is to be seen, so it is gone.
func (c *Client) ReadMember(ctx context.Context, orgID, memberID string) (*MemberWithUser, error) {
	found, err := c.FindMember(ctx, orgID, MemberKey{MemberID: memberID})
	if found != nil || err != nil {
		return found, err
	}
	own, err := c.GetMember(ctx, orgID, memberID)
	if IsNotFound(err) {
		return nil, nil //nolint:nilnil // "there is none" is an answer, not an error
	}
	if err != nil {
		return nil, err
	}
	return &MemberWithUser{Member: *own}, nil
}

// MemberNow reads a member from Neon before a change: the role, and the address
// too, as far as a list of one page has it. It costs one request, and one for each
// page where nobody has asked for the list yet. It is nil where no list shows the
// member, which does not prove that it is gone.
func (c *Client) MemberNow(ctx context.Context, orgID, memberID string) (*MemberWithUser, error) {
	key := MemberKey{MemberID: memberID}
	known, ok := c.members.known(orgID)
	i := slices.IndexFunc(known, key.matches)
	if !ok || i < 0 || len(known) <= membersPerPage {
		c.members.forget(orgID)
		return c.FindMember(ctx, orgID, key)
	}
	own, err := c.GetMember(ctx, orgID, memberID)
	if IsNotFound(err) { // the member is gone, or the organization is hidden
		c.members.forget(orgID)
		return c.FindMember(ctx, orgID, key)
	}
	if err != nil {
		return nil, err
	}
	return &MemberWithUser{Member: *own, User: known[i].User}, nil
}

// GetMember reads a member by itself: GET /organizations/{org_id}/members/{member_id}.
func (c *Client) GetMember(ctx context.Context, orgID, memberID string) (*Member, error) {
	var out Member
	if err := c.get(ctx, memberRoute, memberPath(orgID, memberID), nil, &out); err != nil {
		return nil, err
	}
	return &out, nil
}

// UpdateMemberRole gives a member another role: PATCH
// /organizations/{org_id}/members/{member_id}. It needs an admin's key, or the
// organization's. A *LastAdminError says that the organization would be left
// without an admin. Where the answer is lost the member is read, and the request
// sent once more if the member has another role still.
func (c *Client) UpdateMemberRole(ctx context.Context, orgID, memberID, role string) (*Member, error) {
	r := request{method: http.MethodPatch, route: memberRoute, path: memberPath(orgID, memberID), body: MemberUpdateRequest{Role: role}}
	updated, err := c.changeRole(ctx, r)
	if IsOutcomeUnknown(err) && ctx.Err() == nil {
		now, lookErr := c.GetMember(ctx, orgID, memberID)
		switch {
		case lookErr != nil:
			err = errors.Join(err, lookErr)
		case now.Role == role:
			updated, err = now, nil
		default:
			updated, err = c.changeRole(ctx, r)
		}
	}
	if err != nil {
		c.members.forget(orgID)
		return nil, c.explainLastAdmin(ctx, orgID, memberID, err)
	}
	c.members.edit(orgID, func(members []MemberWithUser) []MemberWithUser {
		if i := slices.IndexFunc(members, MemberKey{MemberID: memberID}.matches); i >= 0 {
			members[i].Member = *updated
		}
		return members
	})
	return updated, nil
}

func (c *Client) changeRole(ctx context.Context, r request) (*Member, error) {
	var out Member
	if err := c.do(ctx, r, &out); err != nil {
		return nil, err
	}
	return &out, nil
}

// RemoveMember removes a member: DELETE /organizations/{org_id}/members/{member_id}.
// It needs the personal key of an admin. One that is gone already is a success; a
// *LastAdminError says that the organization would be left without an admin. Where
// Neon does not know the member, or the answer is lost, the member's own GET and
// the list decide.
func (c *Client) RemoveMember(ctx context.Context, orgID, memberID string) error {
	r := request{method: http.MethodDelete, route: memberRoute, path: memberPath(orgID, memberID)}
	err := c.deleteListed(ctx, r, func(ctx context.Context) (bool, error) {
		c.members.forget(orgID) // the list may be older than the removal
		member, err := c.ReadMember(ctx, orgID, memberID)
		return member != nil, err
	})
	if err != nil {
		c.members.forget(orgID)
		return c.explainLastAdmin(ctx, orgID, memberID, err)
	}
	c.members.edit(orgID, func(members []MemberWithUser) []MemberWithUser {
		return slices.DeleteFunc(members, MemberKey{MemberID: memberID}.matches)
	})
	return nil
}
