package emulator

import (
	"net/http"
	"slices"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func databaseRoutes() []route {
	const collection = "/projects/{project_id}/branches/{branch_id}/databases"
	const item = collection + "/{database_name}"
	return []route{
		{method: http.MethodGet, pattern: collection, handle: listDatabases},
		{method: http.MethodPost, pattern: collection, body: databaseShape("name", "owner_name"), handle: createDatabase},
		{method: http.MethodGet, pattern: item, handle: getDatabase},
		{method: http.MethodPatch, pattern: item, body: databaseShape(), handle: updateDatabase},
		{method: http.MethodDelete, pattern: item, handle: deleteDatabase},
	}
}

func databaseShape(required ...string) shape {
	return object{required: []string{"database"}, fields: map[string]shape{"database": object{
		required: required, fields: map[string]shape{"name": text{}, "owner_name": text{}},
	}}}
}

type databaseRequest struct {
	Database struct {
		Name      *string `json:"name"`
		OwnerName *string `json:"owner_name"`
	} `json:"database"`
}

type databaseEnvelope struct {
	Database neon.Database `json:"database"`
}

type databasesList struct {
	Databases []neon.Database `json:"databases"`
}

// changedDatabase is a database with the operations that a change started.
type changedDatabase struct {
	Database   neon.Database    `json:"database"`
	Operations []neon.Operation `json:"operations"`
}

func (w *world) newDatabase(b *Branch, name, owner string) *neon.Database {
	return &neon.Database{ID: w.nextDatabaseID(), BranchID: b.ID, Name: name, OwnerName: owner, CreatedAt: w.second(), UpdatedAt: w.second()}
}

func (b *Branch) database(name string) *neon.Database {
	i := slices.IndexFunc(b.Databases, func(d *neon.Database) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return b.Databases[i]
}

// configure is what changes of roles and databases start: every compute of the
// branch takes the new configuration.
func (b *Branch) configure() []step {
	if len(b.Endpoints) == 0 {
		return []step{{"apply_config", b, nil}}
	}
	var steps []step
	for _, e := range b.Endpoints {
		steps = append(steps, step{"apply_config", b, e})
	}
	return steps
}

func listDatabases(x *exchange) (reply, error) {
	_, b, err := x.branch(reading)
	if err != nil {
		return reply{}, err
	}
	list := databasesList{Databases: []neon.Database{}}
	for _, d := range b.Databases {
		list.Databases = append(list.Databases, *d)
	}
	return ok(http.StatusOK, list)
}

func getDatabase(x *exchange) (reply, error) {
	_, b, err := x.branch(reading)
	if err != nil {
		return reply{}, err
	}
	d := b.database(x.params["database_name"])
	if d == nil {
		return reply{}, notFound("database not found")
	}
	return ok(http.StatusOK, databaseEnvelope{Database: *d})
}

func createDatabase(x *exchange) (reply, error) {
	p, b, err := x.branchToChange()
	if err != nil {
		return reply{}, err
	}
	body, err := decode[databaseRequest](x)
	if err != nil {
		return reply{}, err
	}
	name, owner := *body.Database.Name, *body.Database.OwnerName
	if err := b.checkDatabase(name, owner, nil); err != nil {
		return reply{}, err
	}
	d := x.w.newDatabase(b, name, owner)
	b.Databases = append(b.Databases, d)
	return ok(http.StatusCreated, changedDatabase{Database: *d, Operations: x.start(p, b.configure()...)})
}

func updateDatabase(x *exchange) (reply, error) {
	p, b, err := x.branchToChange()
	if err != nil {
		return reply{}, err
	}
	body, err := decode[databaseRequest](x)
	if err != nil {
		return reply{}, err
	}
	d := b.database(x.params["database_name"])
	if d == nil {
		return reply{}, notFound("database not found")
	}
	name, owner := valueOr(body.Database.Name, d.Name), valueOr(body.Database.OwnerName, d.OwnerName)
	if err := b.checkDatabase(name, owner, d); err != nil {
		return reply{}, err
	}
	d.Name, d.OwnerName, d.UpdatedAt = name, owner, x.w.second()
	return ok(http.StatusOK, changedDatabase{Database: *d, Operations: x.start(p, b.configure()...)})
}

// checkDatabase says whether a database may have a name and an owner; self is
// the database itself when it exists already.
func (b *Branch) checkDatabase(name, owner string, self *neon.Database) error {
	if err := checkIdentifier("database.name", name); err != nil {
		return err
	}
	if slices.Contains([]string{"postgres", "template0", "template1"}, name) {
		return badRequest("database.name: %q is reserved", name)
	}
	if other := b.database(name); other != nil && other != self {
		return refuse(http.StatusConflict, "database already exists")
	}
	if b.role(owner) == nil {
		return badRequest("database.owner_name: the branch has no role %q", owner)
	}
	return nil
}

// deleteDatabase answers 204 for one that is gone already.
func deleteDatabase(x *exchange) (reply, error) {
	p, b, err := x.branchToChange()
	if err != nil {
		return reply{}, err
	}
	d := b.database(x.params["database_name"])
	if d == nil {
		return noContent()
	}
	b.Databases = slices.DeleteFunc(b.Databases, func(other *neon.Database) bool { return other == d })
	return ok(http.StatusOK, changedDatabase{Database: *d, Operations: x.start(p, b.configure()...)})
}
