package emulator

import (
	"net/http"
	"net/mail"
	"slices"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func permissionRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/projects/{project_id}/permissions", handle: listPermissions},
		{
			method: http.MethodPost, pattern: "/projects/{project_id}/permissions", handle: grantPermission,
			body: object{required: []string{"email"}, fields: map[string]shape{"email": text{min: 1, max: 256}}},
		},
		{method: http.MethodDelete, pattern: "/projects/{project_id}/permissions/{permission_id}", handle: revokePermission},
	}
}

func (g *Permission) wire() neon.ProjectPermission {
	return neon.ProjectPermission{ID: g.ID, GrantedToEmail: g.Email, GrantedAt: g.GrantedAt}
}

func listPermissions(x *exchange) (reply, error) {
	p, err := x.project(reading)
	if err != nil {
		return reply{}, err
	}
	list := neon.ProjectPermissions{ProjectPermissions: []neon.ProjectPermission{}}
	for _, g := range p.Permissions {
		list.ProjectPermissions = append(list.ProjectPermissions, g.wire())
	}
	return ok(http.StatusOK, list)
}

// grantPermission shares a project. The person need not have an account yet.
func grantPermission(x *exchange) (reply, error) {
	p, err := x.project(writing)
	if err != nil {
		return reply{}, err
	}
	request, err := decode[neon.GrantPermission](x)
	if err != nil {
		return reply{}, err
	}
	if !isEmail(request.Email) {
		return reply{}, badRequest("email must be an e-mail address")
	}
	if p.sharedWith(request.Email) {
		return reply{}, refuse(http.StatusConflict, "the project is already shared with this user")
	}
	g := &Permission{ID: x.w.ids.uuid(), Email: request.Email, GrantedAt: x.w.second()}
	p.Permissions = append(p.Permissions, g)
	return ok(http.StatusOK, g.wire())
}

func revokePermission(x *exchange) (reply, error) {
	p, err := x.project(writing)
	if err != nil {
		return reply{}, err
	}
	i := slices.IndexFunc(p.Permissions, func(g *Permission) bool { return g.ID == x.params["permission_id"] })
	if i < 0 {
		return reply{}, notFound("project permission not found")
	}
	revoked := p.Permissions[i].wire()
	revoked.RevokedAt = new(x.w.second())
	p.Permissions = slices.Delete(p.Permissions, i, i+1)
	return ok(http.StatusOK, revoked)
}

// isEmail tells whether s is an e-mail address and nothing else.
func isEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	return err == nil && address.Address == s
}
