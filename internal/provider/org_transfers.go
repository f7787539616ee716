package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// transferPlan is what one resource plans for projects.
type transferPlan struct {
	token string
	// written is how the configuration of a resource that is not created yet reads,
	// and empty for one that is in state. Such a resource has a new token in each plan.
	written string
	ids     idSet
	toOrgID string // empty where it is not known yet
	// givesBack: the resource is destroyed, and transfers the projects back.
	givesBack bool
}

func (p transferPlan) mayBeSame(other transferPlan) bool {
	return p.token == other.token || p.written != "" && p.written == other.written
}

// clashes reports whether two resources want a project in different places.
func (p transferPlan) clashes(other transferPlan) bool {
	if p.givesBack || other.givesBack {
		return p.givesBack != other.givesBack
	}
	return p.toOrgID != "" && other.toOrgID != "" && p.toOrgID != other.toOrgID
}

// orgTransfers are what the resources of a configuration mean to do with projects,
// for as long as the provider is configured: a plan or an apply. The zero value is
// ready to use.
type orgTransfers struct {
	mu    sync.Mutex
	plans []transferPlan
	// configured are the organizations that a neon_project's org_id names, by project.
	configured map[string]string

	// What an apply has done, by project.
	seen      map[string]bool
	kept      map[string]bool
	givenBack map[string]chan struct{}
}

// clash is two resources that are after the same projects.
type clash struct {
	first, second transferPlan
	ids           idSet
}

// plan notes what a resource plans, in place of what it planned before, and returns
// the plan of another one that contradicts it.
func (t *orgTransfers) plan(p transferPlan) *clash {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, other := range t.plans {
		if other.mayBeSame(p) || !other.clashes(p) {
			continue
		}
		if common := p.ids.common(other.ids); len(common) > 0 {
			return &clash{first: other, second: p, ids: common}
		}
	}
	t.plans = append(slices.DeleteFunc(t.plans, p.mayBeSame), p)
	return nil
}

// planProject notes which organization a neon_project's org_id names, "" for none. It
// returns the organization that a transfer sends the project to instead.
func (t *orgTransfers) planProject(projectID, orgID string) (toOrgID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.configured == nil {
		t.configured = map[string]string{}
	}
	t.configured[projectID] = orgID
	for _, p := range t.plans {
		if orgID != "" && !p.givesBack && p.toOrgID != "" && p.toOrgID != orgID && p.ids.has(projectID) {
			return p.toOrgID
		}
	}
	return ""
}

// configuredFor returns the projects, by the organization that their neon_project
// names and that is another one.
func (t *orgTransfers) configuredFor(ids idSet, toOrgID string) map[string]idSet {
	t.mu.Lock()
	defer t.mu.Unlock()
	elsewhere := map[string]idSet{}
	for _, id := range ids {
		if orgID := t.configured[id]; orgID != "" && toOrgID != "" && orgID != toOrgID {
			elsewhere[orgID] = append(elsewhere[orgID], id)
		}
	}
	return elsewhere
}

// organizationOf returns the organization that a neon_project's org_id names, or "".
func (t *orgTransfers) organizationOf(projectID string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.configured[projectID]
}

// noteSeen remembers projects that a resource which is replaced has seen in its
// source or destination: the one that takes its place is told nothing by the CLI.
func (t *orgTransfers) noteSeen(ids ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	for _, id := range ids {
		t.seen[id] = true
	}
}

func (t *orgTransfers) wasSeen(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.seen[id]
}

// keep says that a resource is about to have the projects in its destination. It
// waits for those that another one is giving back: what was seen of them before that
// is done says nothing.
func (t *orgTransfers) keep(ctx context.Context, ids idSet) error {
	for {
		waitFor := t.tryKeep(ids)
		if waitFor == nil {
			return nil
		}
		select {
		case <-waitFor:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (t *orgTransfers) tryKeep(ids idSet) (waitFor <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		if done := t.givenBack[id]; done != nil {
			return done
		}
	}
	if t.kept == nil {
		t.kept = map[string]bool{}
	}
	for _, id := range ids {
		t.kept[id] = true
	}
	return nil
}

// giveBack begins a transfer back, and returns how to say that it is over. Where
// another resource has just been created or changed that keeps some of the projects,
// it returns those instead, and nothing must be sent: a deposed instance is not told
// that it was replaced.
func (t *orgTransfers) giveBack(ids idSet) (kept idSet, over func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !t.kept[id] })
	if len(kept) > 0 {
		return kept, nil
	}
	if t.givenBack == nil {
		t.givenBack = map[string]chan struct{}{}
	}
	done := make(chan struct{})
	for _, id := range ids {
		t.givenBack[id] = done
	}
	return nil, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		for _, id := range ids {
			delete(t.givenBack, id)
		}
		close(done)
	}
}

// keepsOf reports whether a resource that this apply has created or changed keeps some
// of the projects.
func (t *orgTransfers) keepsOf(ids idSet) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.ContainsFunc(ids, func(id string) bool { return t.kept[id] })
}

// diagnostic refuses a plan in which two transfers are after the same projects.
func (c *clash) diagnostic() diag.Diagnostic {
	which := nameProjects(c.ids)
	if c.first.givesBack || c.second.givesBack {
		return diag.NewAttributeErrorDiagnostic(path.Root("project_ids"), "Projects are both transferred back and managed",
			fmt.Sprintf("One neon_org_project_transfer of this configuration is destroyed and transfers %s back, and another one keeps them in their destination. Which of the two comes first is not determined. "+
				"If the resource was only given another address, say so by a moved block. Otherwise apply transfer_back_on_destroy = false to the one that goes, before taking it out. "+
				"If the plan calls the one that goes a deposed object, an earlier apply with create_before_destroy has left it over: put a removed block with destroy = false in place of the resource and apply, "+
				"then put the resource back and apply again. Nothing is transferred meanwhile.", which))
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("project_ids"), "Projects are transferred to two organizations",
		fmt.Sprintf("One neon_org_project_transfer of this configuration transfers %s to %s, and another one to %s. Each apply would undo the other. "+
			"Take them out of project_ids of one of the two: that moves nothing by itself.", which, c.first.toOrgID, c.second.toOrgID))
}

// contradiction refuses a plan in which a neon_project is configured for one
// organization and transferred to another.
func contradiction(at path.Path, ids idSet, orgID, toOrgID string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Project is sent to two organizations",
		fmt.Sprintf("The neon_project of %s configures org_id = %q, and a neon_org_project_transfer of this configuration sends it to %s. Each apply would undo the other. "+
			"Take it out of project_ids of the transfer, which moves nothing by itself, or set org_id of the neon_project to %[3]q.", strings.Join(ids, ", "), orgID, toOrgID))
}

// refuseOtherDestination notes which organization a neon_project's org_id names, and
// refuses a plan in which a transfer sends it to another one.
func (c *configured) refuseOtherDestination(projectID, configuredOrg types.String) diag.Diagnostics {
	if c == nil || isUnset(projectID) || configuredOrg.IsUnknown() {
		return nil
	}
	id, orgID := projectID.ValueString(), configuredOrg.ValueString()
	if to := c.transfers.planProject(id, orgID); to != "" {
		return diag.Diagnostics{contradiction(path.Root("org_id"), idSet{id}, orgID, to)}
	}
	return nil
}
