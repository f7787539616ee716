package neon

import (
	"cmp"
	"context"
	"time"
)

// doubtLasts is how long after a creation a second project of it is expected.
const doubtLasts = 24 * time.Hour

// CreationDoubt is what has to be known of a creation whose request was sent twice,
// to find a second project that Neon makes of it later. It holds no secret.
type CreationDoubt struct {
	// Token is the mark on the default branches of the projects that were made.
	Token string `json:"token"`
	// OrgID is the organization that was asked for; empty for that of the key.
	OrgID string `json:"org_id,omitempty"`
	// Name is the name that was asked for; empty where Neon was to choose it, which
	// takes the id.
	Name string `json:"name,omitempty"`
	// SentAt is when the first request was sent.
	SentAt time.Time `json:"sent_at"`
	// KeptID is the project that the creation returned.
	KeptID string `json:"kept_id"`
}

// IsOver reports whether the creation is 24 hours old, so that a look that finds no
// second project is the last one.
func (d CreationDoubt) IsOver(now time.Time) bool { return now.Sub(d.SentAt) >= doubtLasts }

// FindTwins looks for other projects of the creation: GET /projects, and GET
// /projects/{project_id}/branches of those that fit. They carry its token, and the
// name that was asked for: one with another name is known to somebody. It deletes
// nothing.
func (c *Client) FindTwins(ctx context.Context, doubt CreationDoubt) ([]ProjectListItem, error) {
	mark := creationMark{
		client: c, token: doubt.Token, since: doubt.SentAt, keptID: doubt.KeptID,
		filter: ProjectFilter{OrgID: doubt.OrgID, Search: doubt.Name},
	}
	var twins []ProjectListItem
	for twin, err := range mark.marked(ctx) {
		if err != nil {
			return nil, err
		}
		if twin.item.Name == cmp.Or(doubt.Name, twin.item.ID) {
			twins = append(twins, twin.item)
		}
	}
	return twins, nil
}
