package neon

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// asked returns how many requests a read of the project makes.
func (f *fakeNeon) asked(client *Client, projectID string) int {
	f.t.Helper()
	before := f.requests
	if item, err := client.ReadProject(f.t.Context(), projectID, orgA); err != nil || item.ID != projectID {
		f.t.Errorf("%s: got %v, %v", projectID, item, err)
	}
	return f.requests - before
}

func TestProjectThatTheClientChangedIsReadAnew(t *testing.T) {
	t.Parallel()
	changes := map[string]struct {
		change func(context.Context, *Client, string) error
		fault  string
	}{
		"update": {change: func(ctx context.Context, c *Client, id string) error {
			owned, err := c.Look(ctx, id, nil)
			if err == nil {
				_, err = owned.Update(ctx, ProjectUpdate{Name: new("new")})
			}
			return err
		}},
		"delete": {change: func(ctx context.Context, c *Client, id string) error {
			owned, err := c.Look(ctx, id, nil)
			if err == nil {
				err = owned.Delete(ctx)
			}
			return err
		}},
		"move": {change: func(ctx context.Context, c *Client, id string) error {
			return c.TransferToOrganization(ctx, orgA, orgB, []string{"project-100019", id})
		}},
		"move whose answer is lost": {fault: "after", change: func(ctx context.Context, c *Client, id string) error {
			if err := c.TransferToOrganization(ctx, orgA, orgB, []string{id}); !IsOutcomeUnknown(err) {
				return err
			}
			return nil
		}},
	}
	for name, tt := range changes {
		for kept, readBefore := range map[string]int{"kept from its own GET": 1, "kept from a page": 10} {
			t.Run(name+", "+kept, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ids := projectIDs(20)
					fake := newFake(t, ids...)
					fake.fault = func(int) string { return tt.fault }
					client := fake.client()
					for _, id := range ids[:readBefore] {
						fake.asked(client, id)
					}
					changed, other := ids[readBefore-1], ids[0]
					if n := fake.asked(client, changed); n != 0 {
						t.Fatalf("%d requests before the change, want none", n)
					}
					if err := tt.change(t.Context(), client, changed); err != nil {
						t.Fatal(err)
					}
					if n := fake.asked(client, changed); n != 1 {
						t.Errorf("%d requests after the change, want 1", n)
					}
					if n := fake.asked(client, other); other != changed && n != 0 {
						t.Errorf("%d requests for another project, want none", n)
					}
				})
			})
		}
	}
}

// The change may be made at any time from the moment it is sent.
func TestProjectThatIsBeingChangedIsReadAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := projectIDs(2)
		fake := newFake(t, ids...)
		fake.slow = time.Minute
		client := fake.client()
		fake.asked(client, ids[0])
		go func() {
			if err := client.TransferToOrganization(t.Context(), orgA, orgB, ids[:1]); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		if n := fake.asked(client, ids[0]); n != 1 {
			t.Errorf("%d requests while the change is under way, want 1", n)
		}
		time.Sleep(2 * time.Minute)
		item, err := client.ReadProject(t.Context(), ids[0], orgA)
		if err != nil || item.OwnerID != orgB {
			t.Errorf("got %+v, %v after the move, want the new owner", item, err)
		}
	})
}
