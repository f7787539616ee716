package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// WorldChange is something that somebody other than the client under test does at
// Neon: a claim, a move, a deletion. It happens whatever plans and limits say.
type WorldChange struct {
	// Do is what happens, one of the Do constants.
	Do string `json:"do"`
	// Project is the id or the name of a project that exists. When empty it is the
	// one in the path of the request that meets the change.
	Project string `json:"project,omitempty"`
	// Org is the organization that gets the project, or that the person belongs to.
	Org string `json:"org_id,omitempty"`
	// Email is the address of the person. A claim without Org goes to this person's
	// own account.
	Email string `json:"email,omitempty"`
	// NewEmail is the address that the person has from then on.
	NewEmail string `json:"new_email,omitempty"`
	// Role is the role that the member has from then on.
	Role string `json:"role,omitempty"`
	// Requests is how many requests to a hidden project answer 404; 0 is all, until
	// the faults are removed.
	Requests int `json:"requests,omitempty"`
}

// What can happen.
const (
	DoClaim            = "claim"             // Project goes to Org, or to Email, and its transfer requests end
	DoMove             = "move"              // the same, by an organization transfer: Neon shows no difference
	DoGiveBack         = "give_back"         // Project goes to the account that it came from
	DoDelete           = "delete"            // Project is deleted, and can be recovered
	DoPurge            = "purge"             // Project is deleted, and can't be recovered any more
	DoHide             = "hide"              // Project answers 404 to Requests requests; lists still show it
	DoRemoveMember     = "remove_member"     // Email leaves Org
	DoChangeEmail      = "change_email"      // Email has the address NewEmail
	DoAcceptInvitation = "accept_invitation" // Email accepts all invitations
	DoChangeRole       = "change_role"       // Email has the role Role in Org
)

// worldChange does a change, with the world locked.
type worldChange func(w *world, c WorldChange) error

// worldChanges are all that can happen, with the fields that each needs.
var worldChanges = map[string]struct {
	needs []string
	do    worldChange
}{
	DoClaim:            {nil, handOver},
	DoMove:             {[]string{"org_id"}, handOver},
	DoGiveBack:         {nil, giveBack},
	DoDelete:           {nil, deleteByOthers},
	DoPurge:            {nil, deleteByOthers},
	DoHide:             {nil, nil},
	DoRemoveMember:     {[]string{"org_id", "email"}, changeMember},
	DoChangeEmail:      {[]string{"email", "new_email"}, changeEmail},
	DoAcceptInvitation: {[]string{"email"}, func(w *world, c WorldChange) error { _, err := w.signUp(c.Email); return err }},
	DoChangeRole:       {[]string{"org_id", "email", "role"}, changeMember},
}

// validate says what is wrong with a change by itself. What it names need not exist
// yet.
func (c WorldChange) validate() error {
	kind, found := worldChanges[c.Do]
	if !found {
		names := make([]string, 0, len(worldChanges))
		for name := range worldChanges {
			names = append(names, name)
		}
		slices.Sort(names)
		return fmt.Errorf("a world change does one of %s, got %q", strings.Join(names, ", "), c.Do)
	}
	for _, field := range kind.needs {
		if map[string]string{"org_id": c.Org, "email": c.Email, "new_email": c.NewEmail, "role": c.Role}[field] == "" {
			return fmt.Errorf("the world change %s needs %s", c.Do, field)
		}
	}
	if c.Do == DoClaim && (c.Org == "") == (c.Email == "") {
		return fmt.Errorf("the world change %s needs either org_id or email", c.Do)
	}
	if c.Requests < 0 {
		return fmt.Errorf("the world change %s can't take %d requests", c.Do, c.Requests)
	}
	return nil
}

// Happen makes a change at once. An error says what is wrong with it, or that what it
// names does not exist; the world is then as it was.
func (e *Emulator) Happen(c WorldChange) error { return e.happen(c, "") }

// happen makes a change where a request to the project pathID meets it.
func (e *Emulator) happen(c WorldChange, pathID string) error {
	if err := c.validate(); err != nil {
		return err
	}
	return e.change(func(w *world) error {
		if c.Project == "" {
			c.Project = pathID
		}
		if c.Do == DoHide {
			p, err := w.projectToChange(c)
			if err != nil {
				return err
			}
			return e.faults.add(hidden(p.ID, c.Requests))
		}
		return worldChanges[c.Do].do(w, c)
	})
}

// hidden is the fault that a hidden project meets, whatever is asked of it.
func hidden(id string, requests int) Fault {
	body := encode(http.StatusNotFound, projectNotFound().body).body
	return Fault{Path: "/projects/" + id, Times: requests, Effect: FaultEffect{Status: http.StatusNotFound, Body: body}}
}

// projectToChange finds a project by id, or by name if it exists.
func (w *world) projectToChange(c WorldChange) (*Project, error) {
	if p := w.projects[c.Project]; p != nil {
		w.touch(p.ID)
		return p, nil
	}
	for _, p := range w.projects {
		if p.Name == c.Project && p.DeletedAt == nil {
			w.touch(p.ID)
			return p, nil
		}
	}
	return nil, fmt.Errorf("the world change %s finds no project %q", c.Do, c.Project)
}

func handOver(w *world, c WorldChange) error {
	p, err := w.projectToChange(c)
	if err != nil {
		return err
	}
	to := account{org: w.orgByID(c.Org)}
	if c.Org == "" {
		to = account{user: w.userByEmail(c.Email)}
	}
	if to.org == nil && to.user == nil {
		return fmt.Errorf("the world change %s finds no account %q", c.Do, c.Org+c.Email)
	}
	w.changeOwner(p, to)
	return nil
}

func giveBack(w *world, c WorldChange) error {
	p, err := w.projectToChange(c)
	if err != nil {
		return err
	}
	if len(p.FormerOwners) == 0 {
		return fmt.Errorf("the world change %s: project %s had no owner before", c.Do, p.ID)
	}
	id := p.FormerOwners[len(p.FormerOwners)-1]
	to := account{org: w.orgByID(id)}
	if to.org == nil {
		to = account{user: w.userByID(id)}
	}
	w.changeOwner(p, to)
	return nil
}

func deleteByOthers(w *world, c WorldChange) error {
	p, err := w.projectToChange(c)
	if err != nil {
		return err
	}
	at := w.second()
	if c.Do == DoPurge {
		at = at.Add(-recoveryWindow)
	}
	p.DeletedAt, p.UpdatedAt = &at, w.second()
	return nil
}

func changeMember(w *world, c WorldChange) error {
	org := w.orgByID(c.Org)
	if org == nil {
		return fmt.Errorf("the world change %s finds no organization %q", c.Do, c.Org)
	}
	m := org.memberByEmail(c.Email)
	if m == nil {
		return fmt.Errorf("the world change %s finds no member %q of organization %s", c.Do, c.Email, c.Org)
	}
	if c.Do == DoChangeRole {
		if err := org.checkRole(c.Role); err != nil {
			return err
		}
		m.Role = c.Role
		return nil
	}
	org.Members = slices.DeleteFunc(org.Members, func(other *Member) bool { return other == m })
	return nil
}

// changeEmail gives a person another address. Their seats and keys stay; guests are
// known by the address that they were shared with.
func changeEmail(w *world, c WorldChange) error {
	u := w.userByEmail(c.Email)
	if u == nil {
		return fmt.Errorf("the world change %s finds no user %q", c.Do, c.Email)
	}
	u.Email = c.NewEmail
	for _, org := range w.orgs {
		if m := org.memberByUser(u.ID); m != nil {
			m.Email = c.NewEmail
		}
	}
	return nil
}

// postChange is POST /_emulator/changes.
func postChange(e *Emulator, body []byte) (int, any) {
	var c WorldChange
	if err := decodeStrictly(body, &c); err != nil {
		return wrong(err)
	}
	if err := e.Happen(c); err != nil {
		return failed(err)
	}
	return http.StatusNoContent, nil
}
