package neon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Owners are the ids of those who may own a project when something is written to
// it: organizations, or a user for a personal project. Nil stands for anybody.
type Owners []string

// OwnedBy returns the owners that are known; empty ids are left out. With none
// known it is nil, and nothing is checked.
func OwnedBy(ids ...string) Owners {
	return slices.DeleteFunc(Owners(ids), func(id string) bool { return id == "" })
}

// String names the owners in messages.
func (o Owners) String() string { return strings.Join(o, " or ") }

func (o Owners) allow(ownerID string) bool { return len(o) == 0 || slices.Contains(o, ownerID) }

// OwnerChangedError says that a project belongs to somebody else than expected, so
// nothing was sent.
type OwnerChangedError struct {
	ProjectID string
	OwnerID   string // an organization's id, or a user's
	Expected  Owners
	Project   *Project
}

func (e *OwnerChangedError) Error() string {
	return fmt.Sprintf("project %s belongs to %s, not to %s", e.ProjectID, e.OwnerID, e.Expected)
}

// Owned is a project that a look has just found with an expected owner. All that
// writes to an existing project, or makes something that hangs on one, is a method
// of it: there is no write without a look.
//
// A second or less passes between look and write. A change of owner in that time
// can't be seen.
type Owned struct {
	client  *Client
	owners  Owners
	Project *Project
}

// Look reads a project by its own GET /projects/{project_id}, never from a list,
// and compares the owner. Another owner is an *OwnerChangedError. A project that
// this client itself has moved there is no exception to that: see MovedTo.
func (c *Client) Look(ctx context.Context, projectID string, owners Owners) (*Owned, error) {
	project, err := c.GetProject(ctx, projectID)
	if err != nil {
		return nil, err
	}
	if !owners.allow(project.OwnerID) {
		return nil, &OwnerChangedError{ProjectID: projectID, OwnerID: project.OwnerID, Expected: owners, Project: project}
	}
	return &Owned{client: c, owners: owners, Project: project}, nil
}

// again repeats the look, after an answer was lost.
func (o *Owned) again(ctx context.Context) error {
	now, err := o.client.Look(ctx, o.Project.ID, o.owners)
	if err == nil {
		o.Project = now.Project
	}
	return err
}

// MovedTo returns the organization that this client has moved a project to, or ""
// for none. A move of one's own is not a claim.
func (c *Client) MovedTo(projectID string) string {
	to, _ := c.moved.Load(projectID)
	orgID, _ := to.(string)
	return orgID
}

// Home is where a project that Neon does not show is looked for: the organization
// that owned it when it was last managed, and the one that it may have been moved to.
// A personal project has none.
type Home struct{ OrgIDs []string }

// Fate is what became of a project.
type Fate int

// The fates of a project.
const (
	FateOurs     Fate = iota // it has an expected owner
	FateTaken                // it has another owner, whom the key sees
	FateDeleted              // it is deleted, and can be recovered
	FateVanished             // it has an owner whom the key does not see, or is deleted for good
)

// Finding is what a look has found out about a project.
type Finding struct {
	Fate Fate
	// Owned is set with FateOurs, unless a list alone shows the project.
	Owned *Owned
	// Item is the project as Neon shows it; nil where it does not.
	Item *ProjectListItem
	// RecoverableUntil is when a deleted project is gone for good; nil if not known.
	RecoverableUntil *time.Time
}

// UndecidedError says that Neon does not show a project, and that what became of it
// could not be found out. Nothing may be concluded from that.
type UndecidedError struct {
	ProjectID string
	Err       error
}

func (e *UndecidedError) Error() string {
	return fmt.Sprintf("project %s is not shown, and whether it exists could not be found out: %v", e.ProjectID, e.Err)
}

// Unwrap returns why.
func (e *UndecidedError) Unwrap() error { return e.Err }

// Find looks at a project that is to be written to, and where Neon does not show it,
// finds out what became of it; see Resolve. A project that a list alone shows is an
// *UndecidedError.
func (c *Client) Find(ctx context.Context, projectID string, home Home, owners Owners) (*Finding, error) {
	found, err := c.shown(ctx, projectID, owners)
	if !IsNotFound(err) && !IsForbidden(err) {
		return found, err
	}
	refusal := err
	found, err = c.Resolve(ctx, projectID, home, owners, refusal)
	if err == nil && found.Fate == FateOurs && found.Owned == nil {
		return nil, &UndecidedError{ProjectID: projectID, Err: refusal}
	}
	return found, err
}

// shown is the finding of a look that sees the project.
func (c *Client) shown(ctx context.Context, projectID string, owners Owners) (*Finding, error) {
	owned, err := c.Look(ctx, projectID, owners)
	if taken, ok := errors.AsType[*OwnerChangedError](err); ok {
		return &Finding{Fate: FateTaken, Item: new(taken.Project.listItem())}, nil
	}
	if err != nil {
		return nil, err
	}
	return &Finding{Fate: FateOurs, Owned: owned, Item: new(owned.Project.listItem())}, nil
}

// Resolve finds out what became of a project whose own GET answered 404 or 403.
// Neon says the same of a project that is gone and of one that the key may not see,
// and may be wrong for a moment. So a project is missing only if its own GET says so
// again a few seconds later, and the list of the organization that owned it, read to
// its end after that, has it neither among the projects nor among the unavailable
// ones. Then the recoverable projects say whether it was deleted.
//
// Where the list can't be read, as for a personal project, or contradicts the GET,
// it is an *UndecidedError.
func (c *Client) Resolve(ctx context.Context, projectID string, home Home, owners Owners, refusal error) (*Finding, error) {
	if err := sleep(ctx, absencePause*c.options.PollInterval); err != nil {
		return nil, err
	}
	found, err := c.shown(ctx, projectID, owners)
	if !IsNotFound(err) && !IsForbidden(err) {
		return found, err
	}
	undecided := func(why error) error { return &UndecidedError{ProjectID: projectID, Err: why} }
	if len(home.OrgIDs) == 0 {
		return nil, undecided(&PersonalHomeError{Err: refusal})
	}
	for _, orgID := range home.OrgIDs {
		listed, err := c.fresh.get(ctx, orgID, c.listWhole)
		if IsNotFound(err) || IsForbidden(err) {
			return nil, undecided(&OwnerNotVisibleError{OwnerID: orgID, Err: err})
		}
		if err != nil {
			return nil, err
		}
		if item, isListed := listed[projectID]; isListed {
			return c.findListed(item, owners, undecided(fmt.Errorf("the list of %s has it, and the project's own address answers: %w", orgID, refusal)))
		}
	}
	for _, orgID := range home.OrgIDs {
		deleted, err := c.FindRecoverable(ctx, orgID, projectID)
		if err != nil {
			return nil, err
		}
		if deleted != nil {
			return &Finding{Fate: FateDeleted, RecoverableUntil: deleted.RecoverableUntil}, nil
		}
	}
	return &Finding{Fate: FateVanished}, nil
}

// findListed is for a project that only a list shows. That is enough to read it, and
// not to write to it. An item is nil for a project that the list calls unavailable.
func (c *Client) findListed(item *ProjectListItem, owners Owners, undecided error) (*Finding, error) {
	switch {
	case item == nil || !item.isComplete():
		return nil, undecided
	case owners.allow(item.OwnerID):
		return &Finding{Fate: FateOurs, Item: item}, nil
	default:
		return &Finding{Fate: FateTaken, Item: item}, nil
	}
}

// absencePause is how many poll intervals pass between two looks for a project that
// Neon does not show.
const absencePause = 3

// PersonalHomeError says that the project was in a personal account, which has no
// list of projects to look through.
type PersonalHomeError struct{ Err error }

func (e *PersonalHomeError) Error() string {
	return fmt.Sprintf("it was in a personal account, of which Neon has no list: %v", e.Err)
}

// Unwrap returns what Neon answered for the project itself.
func (e *PersonalHomeError) Unwrap() error { return e.Err }

// OwnerNotVisibleError says that the key does not see the organization that a
// project was in.
type OwnerNotVisibleError struct {
	OwnerID string
	Err     error
}

func (e *OwnerNotVisibleError) Error() string {
	return fmt.Sprintf("the API key does not see %s, which owned the project: %v", e.OwnerID, e.Err)
}

// Unwrap returns what Neon answered for the organization.
func (e *OwnerNotVisibleError) Unwrap() error { return e.Err }
