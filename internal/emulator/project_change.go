package emulator

import (
	"net/http"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// updateProject changes what the request names and leaves the rest.
func updateProject(x *exchange) (reply, error) {
	p, err := x.projectToChange()
	if err != nil {
		return reply{}, err
	}
	body, err := decode[neon.ProjectUpdateRequest](x)
	if err != nil {
		return reply{}, err
	}
	change := body.Project
	owner := x.w.owner(p)
	endpointDefaults := mergeEndpointDefaults(p.DefaultEndpointSettings, change.DefaultEndpointSettings)
	if err := checkProjectChange(p, change, endpointDefaults, owner); err != nil {
		return reply{}, err
	}
	steps := stepsOfChange(p, change)
	p.Name = valueOr(change.Name, p.Name)
	p.HistoryRetentionSeconds = override(p.HistoryRetentionSeconds, change.HistoryRetentionSeconds)
	p.Settings = mergeSettings(p.Settings, change.Settings)
	p.DefaultEndpointSettings = endpointDefaults
	p.UpdatedAt = x.w.second()
	x.w.noteHipaa(p)
	return ok(http.StatusOK, neon.UpdatedProject{Project: x.w.projectDetails(p), Operations: x.start(p, steps...)})
}

func checkProjectChange(p *Project, change neon.ProjectUpdate, endpointDefaults *neon.DefaultEndpointSettings, owner account) error {
	if change.HistoryRetentionSeconds != nil {
		if err := checkRetention(*change.HistoryRetentionSeconds, owner.plan()); err != nil {
			return err
		}
	}
	if change.DefaultEndpointSettings != nil {
		if err := checkEndpointDefaults(endpointDefaults, owner.plan()); err != nil {
			return err
		}
	}
	if change.Settings == nil {
		return nil
	}
	if replication := change.Settings.EnableLogicalReplication; replication != nil && !*replication && *p.Settings.EnableLogicalReplication {
		return badRequest("project.settings.enable_logical_replication: logical replication can't be disabled once it is enabled")
	}
	return checkSettings(change.Settings, owner)
}

// stepsOfChange are the operations that a change of a project starts: settings
// reach every compute, the history the storage.
func stepsOfChange(p *Project, change neon.ProjectUpdate) []step {
	var steps []step
	if change.HistoryRetentionSeconds != nil && *change.HistoryRetentionSeconds != *p.HistoryRetentionSeconds {
		steps = append(steps, step{action: "apply_storage_config"})
	}
	if change.Settings == nil {
		return steps
	}
	for _, b := range p.Branches {
		for _, e := range b.Endpoints {
			steps = append(steps, step{"apply_config", b, e})
		}
	}
	return steps
}

// noteHipaa remembers when a project became a HIPAA one.
func (w *world) noteHipaa(p *Project) {
	if *p.Settings.Hipaa && p.HipaaEnabledAt == nil {
		p.HipaaEnabledAt = new(w.second())
	}
}

// deleteProject marks a project deleted. Deleting a deleted one again is fine.
func deleteProject(x *exchange) (reply, error) {
	p, err := x.anyProject(managing)
	if err != nil {
		return reply{}, err
	}
	if p.DeletedAt == nil {
		if x.w.busy(p) {
			return reply{}, busy()
		}
		p.DeletedAt = new(x.w.second())
		p.UpdatedAt = x.w.second()
	}
	return ok(http.StatusOK, neon.ProjectEnvelope{Project: x.w.projectDetails(p)})
}

// recoverProject brings a deleted project back, with its computes idle.
func recoverProject(x *exchange) (reply, error) {
	p, err := x.anyProject(managing)
	if err != nil {
		return reply{}, err
	}
	if p.DeletedAt == nil {
		return reply{}, badRequest("project is not deleted")
	}
	owner := x.w.owner(p)
	if limit, have := owner.projectsLimit(), x.w.projectCount(owner); have >= limit {
		return reply{}, refuseWithCode(http.StatusUnprocessableEntity, "PROJECTS_LIMIT_EXCEEDED", "%s projects limit of %d exceeded, got %d", owner.kind(), limit, have)
	}
	p.DeletedAt = nil
	p.UpdatedAt = x.w.second()
	recovered := neon.RecoveredProject{Branches: []neon.Branch{}}
	for _, b := range p.Branches {
		for _, e := range b.Endpoints {
			e.CurrentState, e.PendingState = endpointIdle, ""
		}
		recovered.Branches = append(recovered.Branches, x.w.shownBranch(p, b))
	}
	recovered.Project = x.w.projectDetails(p)
	return ok(http.StatusOK, recovered)
}
