package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func branchRoutes() []route {
	const collection, item = "/projects/{project_id}/branches", "/projects/{project_id}/branches/{branch_id}"
	return []route{
		{
			method: http.MethodGet, pattern: collection, handle: listBranches,
			query: append(sortedQuery(maxBranchesPage, "name", "created_at", "updated_at"),
				param{name: "search", shape: text{}}, param{name: "include_deleted", shape: boolean{}}),
		},
		{method: http.MethodPost, pattern: collection, body: branchCreateShape, bodyOptional: true, handle: createBranch},
		{method: http.MethodGet, pattern: collection + "/count", query: []param{{name: "search", shape: text{}}}, handle: countBranches},
		{method: http.MethodGet, pattern: item, handle: getBranch},
		{method: http.MethodPatch, pattern: item, body: branchUpdateShape, handle: updateBranch},
		{method: http.MethodDelete, pattern: item, query: []param{{name: "hard_delete", shape: boolean{}}}, handle: deleteBranch},
		{method: http.MethodPost, pattern: item + "/set_as_default", handle: setDefaultBranch},
	}
}

var branchUpdateShape = object{required: []string{"branch"}, fields: map[string]shape{"branch": object{fields: map[string]shape{
	"name": nameShape, "protected": boolean{}, "expires_at": nullable{text{dateTime: true}},
}}}}

const (
	branchInit  = "init"
	branchReady = "ready"
)

// branchEnvelope is a branch with its annotation.
type branchEnvelope struct {
	Branch     neon.Branch     `json:"branch"`
	Annotation neon.Annotation `json:"annotation"`
}

// changedBranch is a branch with the operations that a change started.
type changedBranch struct {
	Branch     neon.Branch      `json:"branch"`
	Operations []neon.Operation `json:"operations"`
}

// newBranch makes a branch that gets ready with the operations that start now.
func (w *world) newBranch(p *Project, name string) *Branch {
	now := w.second()
	b := &Branch{ReadyAt: w.done(), Branch: neon.Branch{
		ID: w.ids.branchID(), ProjectID: p.ID, Name: name,
		CurrentState: branchInit, PendingState: branchReady, StateChangedAt: now,
		CreationSource: creationSource, InitSource: "parent-data", CreatedAt: now, UpdatedAt: now,
	}}
	if name == "" {
		b.Name = b.ID
	}
	return b
}

// at gives a branch as it stands at a time.
func (b *Branch) at(now time.Time) neon.Branch {
	shown := b.Branch
	if shown.PendingState != "" && !now.Before(b.ReadyAt) {
		shown.CurrentState, shown.PendingState = shown.PendingState, ""
		shown.StateChangedAt = b.ReadyAt.Truncate(time.Second)
	}
	return shown
}

// shownBranch is a branch as it stands now, with what it has consumed in the running
// billing period.
func (w *world) shownBranch(p *Project, b *Branch) neon.Branch {
	shown := b.at(w.now)
	m := w.meter(p, b)
	start, _ := w.billingPeriod(p)
	used := m.between(hourOf(start), hourOf(w.now))
	shown.ActiveTimeSeconds, shown.ComputeTimeSeconds, shown.CPUUsedSec = used[activeTimeSeconds], used[computeTimeSeconds], used[computeTimeSeconds]
	shown.WrittenDataBytes, shown.DataTransferBytes = used[writtenDataBytes], used[publicNetworkTransferBytes]
	shown.LogicalSize = new(m.reading(hourOf(w.now))[logicalSizeBytes])
	return shown
}

func (b *Branch) annotation() neon.Annotation {
	a := neon.Annotation{Object: neon.AnnotationObject{Type: "console/branch", ID: b.ID}, Value: map[string]string{}}
	if b.Annotations != nil {
		a.Value = b.Annotations
		a.CreatedAt, a.UpdatedAt = new(b.CreatedAt), new(b.AnnotationUpdatedAt)
	}
	return a
}

// expireBranches removes the branches whose time has come.
func (w *world) expireBranches(p *Project) {
	for _, b := range p.Branches {
		if w.expired(b) {
			p.end(b, *b.ExpiresAt)
		}
	}
	p.Branches = slices.DeleteFunc(p.Branches, w.expired)
}

// end remembers a branch that is about to be no more.
func (p *Project) end(b *Branch, at time.Time) {
	p.FormerBranches = append(p.FormerBranches, FormerBranch{ID: b.ID, ParentID: b.ParentID, CreatedAt: b.CreatedAt, EndedAt: at})
}

func (w *world) expired(b *Branch) bool { return b.ExpiresAt != nil && !w.now.Before(*b.ExpiresAt) }

func (p *Project) branch(id string) *Branch {
	i := slices.IndexFunc(p.Branches, func(b *Branch) bool { return b.ID == id })
	if i < 0 {
		return nil
	}
	return p.Branches[i]
}

func (p *Project) branchByName(name string) *Branch {
	i := slices.IndexFunc(p.Branches, func(b *Branch) bool { return b.Name == name })
	if i < 0 {
		return nil
	}
	return p.Branches[i]
}

func (p *Project) defaultBranch() *Branch {
	i := slices.IndexFunc(p.Branches, func(b *Branch) bool { return b.Default })
	if i < 0 {
		return nil
	}
	return p.Branches[i]
}

func (p *Project) hasChildren(b *Branch) bool {
	return slices.ContainsFunc(p.Branches, func(other *Branch) bool { return other.ParentID == b.ID })
}

// branch finds the branch of the path, in a project that allows for a level.
func (x *exchange) branch(need level) (*Project, *Branch, error) {
	p, err := x.project(need)
	if err != nil {
		return nil, nil, err
	}
	return x.branchOf(p)
}

// branchToChange is branch, and refuses with 423 while operations run.
func (x *exchange) branchToChange() (*Project, *Branch, error) {
	p, err := x.projectToChange()
	if err != nil {
		return nil, nil, err
	}
	return x.branchOf(p)
}

func (x *exchange) branchOf(p *Project) (*Project, *Branch, error) {
	b := p.branch(x.params["branch_id"])
	if b == nil {
		return p, nil, notFound("branch not found")
	}
	return p, b, nil
}

func getBranch(x *exchange) (reply, error) {
	p, b, err := x.branch(reading)
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, branchEnvelope{Branch: x.w.shownBranch(p, b), Annotation: b.annotation()})
}

type branchUpdateRequest struct {
	Branch struct {
		Name      *string `json:"name"`
		Protected *bool   `json:"protected"`
		// ExpiresAt is raw, to tell null (never) from absent (as before).
		ExpiresAt json.RawMessage `json:"expires_at"`
	} `json:"branch"`
}

func updateBranch(x *exchange) (reply, error) {
	p, b, err := x.branchToChange()
	if err != nil {
		return reply{}, err
	}
	body, err := decode[branchUpdateRequest](x)
	if err != nil {
		return reply{}, err
	}
	name, protected, expiry := valueOr(body.Branch.Name, b.Name), valueOr(body.Branch.Protected, b.Protected), b.ExpiresAt
	if body.Branch.ExpiresAt != nil {
		expiry = nil
		if err := json.Unmarshal(body.Branch.ExpiresAt, &expiry); err != nil {
			return reply{}, badRequest("branch.expires_at: %s", err)
		}
	}
	if other := p.branchByName(name); other != nil && other != b {
		return reply{}, branchExists()
	}
	if err := checkExpiry(expiry, protected, x.w.now); err != nil {
		return reply{}, err
	}
	if expiry != nil && b.Default {
		return reply{}, badRequest("branch.expires_at: the default branch can't expire")
	}
	b.Name, b.Protected, b.UpdatedAt = name, protected, x.w.second()
	if body.Branch.ExpiresAt != nil {
		b.setExpiry(expiry, x.w.now)
	}
	return ok(http.StatusOK, changedBranch{Branch: x.w.shownBranch(p, b), Operations: x.start(p)})
}

func branchExists() *apiError {
	return refuseWithCode(http.StatusConflict, "BRANCH_ALREADY_EXISTS", "branch with the provided name already exists")
}

func deleteBranch(x *exchange) (reply, error) {
	p, err := x.project(writing)
	if err != nil {
		return reply{}, err
	}
	b := p.branch(x.params["branch_id"])
	switch {
	case b == nil:
		return noContent()
	case x.w.busy(p):
		return reply{}, busy()
	case b.Default:
		return reply{}, refuse(http.StatusUnprocessableEntity, "the default branch can't be deleted")
	case b.ParentID == "" && b.InitSource != schemaOnly:
		return reply{}, refuse(http.StatusUnprocessableEntity, "the root branch can't be deleted")
	case b.Protected:
		return reply{}, refuse(http.StatusUnprocessableEntity, "a protected branch can't be deleted")
	case p.hasChildren(b):
		return reply{}, refuse(http.StatusUnprocessableEntity, "a branch that has child branches can't be deleted")
	}
	var steps []step
	for _, e := range b.Endpoints {
		steps = append(steps, step{"suspend_compute", b, e})
	}
	steps = append(steps, step{"delete_timeline", b, nil})
	p.end(b, x.w.second())
	p.Branches = slices.DeleteFunc(p.Branches, func(other *Branch) bool { return other == b })
	return ok(http.StatusOK, changedBranch{Branch: x.w.shownBranch(p, b), Operations: x.start(p, steps...)})
}

func setDefaultBranch(x *exchange) (reply, error) {
	p, b, err := x.branchToChange()
	if err != nil {
		return reply{}, err
	}
	if b.ExpiresAt != nil {
		return reply{}, badRequest("a branch that expires can't be the default branch")
	}
	for _, other := range p.Branches {
		other.Default = other == b
		other.Primary = other.Default
	}
	b.UpdatedAt = x.w.second()
	return ok(http.StatusOK, changedBranch{Branch: x.w.shownBranch(p, b), Operations: x.start(p)})
}
