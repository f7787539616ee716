package neon

import (
	"context"
	"fmt"
	"time"
)

// Absence is what is known of a project that its own GET does not show.
type Absence struct {
	// Deleted: the project is among the recoverable ones of its organization. When
	// it is not, it went to another owner, or was deleted for good.
	Deleted bool
	// RecoverableUntil is when a deleted project is gone for good.
	RecoverableUntil *time.Time
	// Project is the project, where Neon shows it after all.
	Project *ProjectListItem
}

// OwnerNotVisibleError says that a project can't be judged missing, because the
// key does not see the owner that the project was in either.
type OwnerNotVisibleError struct {
	OwnerID string
	Err     error
}

func (e *OwnerNotVisibleError) Error() string {
	return fmt.Sprintf("the API key does not see %s, which owns the project: %v", e.OwnerID, e.Err)
}

// Unwrap gives what Neon answered.
func (e *OwnerNotVisibleError) Unwrap() error { return e.Err }

// ExplainAbsence finds out what became of a project that Neon answered 404 or 403
// for. Neon says the same of a project that is gone and of one that the key may
// not see, so the owner has to be visible: else it is an *OwnerNotVisibleError.
// What isn't known to be deleted is asked for once more: taking a project for gone
// that is there has it created a second time, and one wrong answer must not do that.
func (c *Client) ExplainAbsence(ctx context.Context, ownerID, orgID, projectID string) (*Absence, error) {
	if orgID == "" {
		user, err := c.GetCurrentUser(ctx)
		if err != nil && !IsNotFound(err) && !IsForbidden(err) {
			return nil, err
		}
		if err != nil || user.ID != ownerID {
			return nil, &OwnerNotVisibleError{OwnerID: ownerID, Err: err}
		}
		return c.confirmAbsence(ctx, projectID)
	}
	if _, err := c.GetOrganization(ctx, orgID); err != nil {
		if IsNotFound(err) || IsForbidden(err) {
			return nil, &OwnerNotVisibleError{OwnerID: orgID, Err: err}
		}
		return nil, err
	}
	found, err := c.FindRecoverable(ctx, orgID, projectID)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return c.confirmAbsence(ctx, projectID)
	}
	return &Absence{Deleted: true, RecoverableUntil: found.RecoverableUntil}, nil
}

func (c *Client) confirmAbsence(ctx context.Context, projectID string) (*Absence, error) {
	project, err := c.lookAgain(ctx, projectID)
	switch {
	case err == nil:
		return &Absence{Project: new(project.listItem())}, nil
	case IsNotFound(err) || IsForbidden(err):
		return &Absence{}, nil
	default:
		return nil, err
	}
}

// lookAgain reads a project that Neon has just not shown, after a pause.
func (c *Client) lookAgain(ctx context.Context, projectID string) (*Project, error) {
	if err := sleep(ctx, c.options.PollInterval); err != nil {
		return nil, err
	}
	return c.GetProject(ctx, projectID)
}
