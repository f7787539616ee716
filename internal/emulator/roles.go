package emulator

import (
	"net/http"
	"slices"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func roleRoutes() []route {
	const collection = "/projects/{project_id}/branches/{branch_id}/roles"
	const item = collection + "/{role_name}"
	return []route{
		{method: http.MethodGet, pattern: collection, handle: listRoles},
		{
			method: http.MethodPost, pattern: collection, handle: createRole,
			body: object{required: []string{"role"}, fields: map[string]shape{"role": object{
				required: []string{"name"}, fields: map[string]shape{"name": text{}, "no_login": boolean{}},
			}}},
		},
		{method: http.MethodGet, pattern: item, handle: getRole},
		{method: http.MethodDelete, pattern: item, handle: deleteRole},
		{method: http.MethodGet, pattern: item + "/reveal_password", handle: revealPassword},
		{method: http.MethodPost, pattern: item + "/reset_password", handle: resetPassword},
	}
}

const (
	loginByPassword = "password"
	noLogin         = "no_login"
)

type roleRequest struct {
	Role struct {
		Name    string `json:"name"`
		NoLogin bool   `json:"no_login"`
	} `json:"role"`
}

type roleEnvelope struct {
	Role neon.Role `json:"role"`
}

type rolesList struct {
	Roles []neon.Role `json:"roles"`
}

type rolePassword struct {
	Password string `json:"password"`
}

// changedRole is a role with the operations that a change started.
type changedRole struct {
	Role       neon.Role        `json:"role"`
	Operations []neon.Operation `json:"operations"`
}

func (w *world) newRole(b *Branch, name string) *neon.Role {
	return &neon.Role{
		BranchID: b.ID, Name: name, Password: w.ids.password(), Protected: new(false), AuthenticationMethod: loginByPassword,
		CreatedAt: w.second(), UpdatedAt: w.second(),
	}
}

func (b *Branch) role(name string) *neon.Role {
	i := slices.IndexFunc(b.Roles, func(r *neon.Role) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return b.Roles[i]
}

func withoutPassword(r *neon.Role) neon.Role {
	shown := *r
	shown.Password = ""
	return shown
}

func listRoles(x *exchange) (reply, error) {
	_, b, err := x.branch(reading)
	if err != nil {
		return reply{}, err
	}
	list := rolesList{Roles: []neon.Role{}}
	for _, r := range b.Roles {
		list.Roles = append(list.Roles, withoutPassword(r))
	}
	return ok(http.StatusOK, list)
}

// roleOf finds the role of the path in a branch.
func (x *exchange) roleOf(b *Branch) (*neon.Role, error) {
	r := b.role(x.params["role_name"])
	if r == nil {
		return nil, notFound("role not found")
	}
	return r, nil
}

func getRole(x *exchange) (reply, error) {
	_, b, err := x.branch(reading)
	if err != nil {
		return reply{}, err
	}
	r, err := x.roleOf(b)
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, roleEnvelope{Role: withoutPassword(r)})
}

func createRole(x *exchange) (reply, error) {
	p, b, err := x.branchToChange()
	if err != nil {
		return reply{}, err
	}
	body, err := decode[roleRequest](x)
	if err != nil {
		return reply{}, err
	}
	if err := checkIdentifier("role.name", body.Role.Name); err != nil {
		return reply{}, err
	}
	if b.role(body.Role.Name) != nil {
		return reply{}, refuse(http.StatusConflict, "role already exists")
	}
	r := x.w.newRole(b, body.Role.Name)
	if body.Role.NoLogin {
		r.Password, r.AuthenticationMethod = "", noLogin
	}
	b.Roles = append(b.Roles, r)
	return ok(http.StatusCreated, changedRole{Role: *r, Operations: x.start(p, b.configure()...)})
}

// deleteRole answers 204 for one that is gone already.
func deleteRole(x *exchange) (reply, error) {
	p, b, err := x.branchToChange()
	if err != nil {
		return reply{}, err
	}
	r := b.role(x.params["role_name"])
	if r == nil {
		return noContent()
	}
	if slices.ContainsFunc(b.Databases, func(d *neon.Database) bool { return d.OwnerName == r.Name }) {
		return reply{}, refuse(http.StatusUnprocessableEntity, "role %q owns databases; give them another owner first", r.Name)
	}
	b.Roles = slices.DeleteFunc(b.Roles, func(other *neon.Role) bool { return other == r })
	return ok(http.StatusOK, changedRole{Role: withoutPassword(r), Operations: x.start(p, b.configure()...)})
}

func revealPassword(x *exchange) (reply, error) {
	p, b, err := x.branch(writing)
	if err != nil {
		return reply{}, err
	}
	r, err := x.roleOf(b)
	if err != nil {
		return reply{}, err
	}
	if !*p.StorePasswords {
		return reply{}, refuse(http.StatusPreconditionFailed, "storing passwords is disabled for the project")
	}
	if r.AuthenticationMethod == noLogin {
		return reply{}, notFound("role %q has no password", r.Name)
	}
	return ok(http.StatusOK, rolePassword{Password: r.Password})
}

func resetPassword(x *exchange) (reply, error) {
	p, b, err := x.branchToChange()
	if err != nil {
		return reply{}, err
	}
	r, err := x.roleOf(b)
	if err != nil {
		return reply{}, err
	}
	if r.AuthenticationMethod == noLogin {
		return reply{}, badRequest("role %q can't log in and has no password", r.Name)
	}
	r.Password, r.UpdatedAt = x.w.ids.password(), x.w.second()
	return ok(http.StatusOK, changedRole{Role: *r, Operations: x.start(p, b.configure()...)})
}
