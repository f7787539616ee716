package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// ownerRecord is kept beside the state of a project and of what hangs on one: who
// owned the project when this configuration last applied something to it. What the
// state itself says may be newer, as it follows what a refresh sees.
type ownerRecord struct {
	OwnerID string `json:"owner_id"`
	OrgID   string `json:"org_id,omitempty"`
	// MovingTo is the organization that a move was sent to whose answer is not known.
	MovingTo string `json:"moving_to,omitempty"`
}

// ownerKey is where it is kept.
const ownerKey = "owner"

type privateGetter interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateSetter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func recordOf(project neon.ProjectFields) ownerRecord {
	return ownerRecord{OwnerID: project.OwnerID, OrgID: project.OrgID}
}

// home is where the project is looked for: also where a move may have taken it.
func (o ownerRecord) home(moved ...string) neon.Home {
	return homeOf(append([]string{o.OrgID, o.MovingTo}, moved...)...)
}

// homeOf leaves out what is no organization, and what is there twice.
func homeOf(ids ...string) neon.Home {
	var home neon.Home
	for _, id := range ids {
		if checkOrgID(id) == nil && !slices.Contains(home.OrgIDs, id) {
			home.OrgIDs = append(home.OrgIDs, id)
		}
	}
	return home
}

// owners are those under whom the project is still the configuration's own.
func (o ownerRecord) owners(configured ...string) neon.Owners {
	return neon.OwnedBy(append([]string{o.OwnerID, o.MovingTo}, configured...)...)
}

func (o ownerRecord) isEmpty() bool { return o.OwnerID == "" }

func (o ownerRecord) save(ctx context.Context, private privateSetter) diag.Diagnostics {
	value, err := json.Marshal(o)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Owner not recorded", err.Error())}
	}
	return private.SetKey(ctx, ownerKey, value)
}

func loadOwner(ctx context.Context, private privateGetter) (ownerRecord, diag.Diagnostics) {
	var owner ownerRecord
	value, diags := private.GetKey(ctx, ownerKey)
	if len(value) == 0 {
		return owner, diags
	}
	if err := json.Unmarshal(value, &owner); err != nil {
		diags.AddError("Owner not readable", fmt.Sprintf("The owner that the state records for the project is broken: %v. Replace the resource with -replace.", err))
	}
	return owner, diags
}

// handovers are what this process has seen of who has which project. What hangs on a
// project asks here first, which saves it a look of its own; and a CLI plans the end
// of an orphaned instance from the state before the refresh, so that only this says
// then what the refresh saw. The zero value is ready to use.
type handovers struct {
	mu    sync.Mutex
	taken map[string]string // owners of projects in other hands, by project; "" for one not to be seen
	ours  map[string]string // owners of projects that a neon_project manages
}

// note remembers who else has the project now; an empty owner is one that the key
// does not see.
func (h *handovers) note(projectID, ownerID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.taken == nil {
		h.taken = map[string]string{}
	}
	h.taken[projectID] = ownerID
	delete(h.ours, projectID)
}

// noteOurs remembers that the project is its neon_project's own, and under which owner.
func (h *handovers) noteOurs(projectID, ownerID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ours == nil {
		h.ours = map[string]string{}
	}
	h.ours[projectID] = ownerID
	delete(h.taken, projectID)
}

// taker returns who else has the project.
func (h *handovers) taker(projectID string) (ownerID string, isTaken bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ownerID, isTaken = h.taken[projectID]
	return ownerID, isTaken
}

// owner returns under which owner the project is its neon_project's own, or "".
func (h *handovers) owner(projectID string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ours[projectID]
}

// ownerName names an owner in messages.
func ownerName(ownerID string) string {
	if ownerID == "" {
		return "an owner whom this key does not see"
	}
	return ownerID
}
