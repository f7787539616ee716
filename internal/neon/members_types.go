package neon

import "time"

// The roles of organization members. Which of them an organization accepts depends
// on its permission model; member is the older name of editor.
const (
	RoleAdmin        = "admin"
	RoleMember       = "member"
	RoleEditor       = "editor"
	RoleViewer       = "viewer"
	RoleCollaborator = "collaborator"
)

// MemberRoles are all roles that there are.
func MemberRoles() []string {
	return []string{RoleAdmin, RoleMember, RoleEditor, RoleViewer, RoleCollaborator}
}

// Member is a user's seat in an organization. Its id is not the user's.
type Member struct {
	ID       string     `json:"id" neon:"filled,key,is=path.member_id"`
	UserID   string     `json:"user_id" neon:"filled"`
	OrgID    string     `json:"org_id" neon:"filled,is=path.org_id"`
	Role     string     `json:"role" neon:"filled"`
	JoinedAt *time.Time `json:"joined_at,omitempty"`
}

// MemberUser is what a list of members tells of a member's user.
type MemberUser struct {
	Email         string     `json:"email" neon:"filled"`
	HasMFA        *bool      `json:"has_mfa,omitempty"`
	DeactivatedAt *time.Time `json:"deactivated_at,omitempty"` // nil for an active user
}

// MemberWithUser is a member as lists show it.
type MemberWithUser struct {
	Member Member     `json:"member" neon:"required"`
	User   MemberUser `json:"user" neon:"required"`
}

// MembersPage is one page of GET /organizations/{org_id}/members.
type MembersPage struct {
	Members    []MemberWithUser  `json:"members" neon:"required"`
	Pagination *CursorPagination `json:"pagination,omitempty"`
}

// MemberUpdateRequest is the body of PATCH /organizations/{org_id}/members/{member_id}.
type MemberUpdateRequest struct {
	Role string `json:"role"`
}
