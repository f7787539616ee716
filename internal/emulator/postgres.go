package emulator

import (
	"net/http"
	"slices"
)

// DatabaseServer holds real databases and roles for the branches of the world's
// projects. The emulator calls it for one change at a time; ConnectionURI may
// be called at any time. There is no context: a client that hangs up must not
// leave a change half made. An implementation bounds the time by itself.
type DatabaseServer interface {
	// Replace lets the server have what these projects need, by id, and nothing
	// else of the emulator's. After an error everything that was there before
	// still is.
	Replace(projects map[string][]RealBranch) error
	// Update is Replace for the projects named, and leaves the others alone. A
	// project without branches is gone. Where nothing differs from the call
	// before, the server isn't asked. After an error nothing has changed.
	Update(projects map[string][]RealBranch) error
	// ConnectionURI is a connection string that works; without a password it has none.
	ConnectionURI(branchID, database, role, password string) string
}

// RealBranch is a branch as a DatabaseServer should hold it.
type RealBranch struct {
	ID string
	// Closed branches keep their data, but nobody can connect.
	Closed    bool
	Roles     []RealRole
	Databases []RealDatabase
}

// RealRole is a role of a branch. One without a password can't log in.
type RealRole struct{ Name, Password string }

// RealDatabase is a database of a branch. The ID stays when it is renamed.
type RealDatabase struct {
	ID          int64
	Name, Owner string
}

// realBranches is what a project needs on the server: all its branches, closed
// while the project is deleted, and nothing once it can't be recovered any more.
func (w *world) realBranches(p *Project) []RealBranch {
	if p == nil || w.purged(p) {
		return nil
	}
	branches := make([]RealBranch, 0, len(p.Branches))
	for _, b := range p.Branches {
		if w.expired(b) {
			continue
		}
		branch := RealBranch{ID: b.ID, Closed: p.DeletedAt != nil}
		for _, r := range b.Roles {
			branch.Roles = append(branch.Roles, RealRole{Name: r.Name, Password: r.Password})
		}
		for _, d := range b.Databases {
			branch.Databases = append(branch.Databases, RealDatabase{ID: d.ID, Name: d.Name, Owner: d.OwnerName})
		}
		branches = append(branches, branch)
	}
	return branches
}

// allRealBranches is realBranches of every project there is.
func (w *world) allRealBranches() map[string][]RealBranch {
	all := make(map[string][]RealBranch, len(w.projects))
	for id, p := range w.projects {
		all[id] = w.realBranches(p)
	}
	return all
}

// replaceDatabases lets the server have what a world needs. With startOver
// databases of the same names are new ones: a seed gives the same ids again.
func replaceDatabases(server DatabaseServer, w *world, startOver bool) error {
	if server == nil {
		return nil
	}
	if startOver {
		if err := server.Replace(nil); err != nil {
			return serverFailed(err)
		}
	}
	err := server.Replace(w.allRealBranches())
	if err != nil && startOver {
		return refuse(http.StatusInternalServerError, "the PostgreSQL server failed when its databases were gone already; start over again: %s", err)
	}
	if err != nil {
		return serverFailed(err)
	}
	return nil
}

// updateDatabases lets the server follow the projects that were touched. If it
// can't, they become what they were before.
func (w *world) updateDatabases() error {
	if w.databases == nil {
		return nil
	}
	projects := make(map[string][]RealBranch, len(w.touched))
	for id := range w.touched {
		projects[id] = w.realBranches(w.projects[id])
	}
	err := w.databases.Update(projects)
	if err == nil {
		return nil
	}
	for id, before := range w.touched {
		w.takeBack(id, before)
	}
	return serverFailed(err)
}

// takeBack makes a project what it was before a change; nil is not there.
func (w *world) takeBack(id string, before *Project) {
	p := w.projects[id]
	if p == nil {
		return
	}
	w.owned[p.OwnerID] = slices.DeleteFunc(w.owned[p.OwnerID], func(other *Project) bool { return other == p })
	delete(w.projects, id)
	if before != nil {
		w.addProject(before)
	}
}

func serverFailed(err error) *apiError {
	return refuse(http.StatusInternalServerError, "the PostgreSQL server failed, and nothing was changed: %s", err)
}
