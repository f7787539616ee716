package faults

import (
	"fmt"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

var projectKind = Kind{
	Objects: func(world emulator.Snapshot) map[string]string {
		found := map[string]string{}
		for _, p := range world.Projects {
			if p.DeletedAt == nil {
				found["project "+p.ID] = fmt.Sprintf("project %q of %s", p.Name, p.OwnerID)
			}
		}
		return found
	},
	Key: func(values map[string]any) string { return "project " + text(values, "id") },
	Tells: func(d minicli.Diagnostic, name string) bool {
		return d.IsError && strings.Contains(d.Detail, fmt.Sprintf("%q", name)) && strings.Contains(d.Detail, "import")
	},
	Differs: func(world emulator.Snapshot, values map[string]any) string {
		if values["claimed"] == true {
			return ""
		}
		p := liveProject(world, values["id"])
		if p == nil {
			return fmt.Sprintf("there is no project %v", values["id"])
		}
		return nonEmpty(unlike("name", values["name"], p.Name), unlike("org_id", values["org_id"], p.OrgID), unlike("owner_id", values["owner_id"], p.OwnerID),
			unlike("history_retention_seconds", values["history_retention_seconds"], *p.HistoryRetentionSeconds))
	},
}

var transferRequestKind = Kind{
	Differs: func(world emulator.Snapshot, values map[string]any) string {
		p := liveProject(world, values["project_id"])
		if p == nil {
			return fmt.Sprintf("there is no project %v", values["project_id"])
		}
		for _, request := range p.TransferRequests {
			if request.ID != values["id"] {
				continue
			}
			if isUsed := request.UsedAt != nil; isUsed != (values["status"] == "claimed") {
				return fmt.Sprintf("the status is %v, and used: %t", values["status"], isUsed)
			}
			return ""
		}
		return "there is no such request"
	},
}

var acceptanceKind = Kind{
	Differs: func(world emulator.Snapshot, values map[string]any) string {
		p := liveProject(world, values["project_id"])
		if p == nil {
			return fmt.Sprintf("there is no project %v", values["project_id"])
		}
		return unlike("owner_id", values["owner_id"], p.OwnerID)
	},
}

var orgTransferKind = Kind{
	Differs: func(world emulator.Snapshot, values map[string]any) string {
		there, _ := values["transferred_project_ids"].([]any)
		for _, id := range there {
			if p := liveProject(world, id); p == nil || p.OwnerID != values["destination_org_id"] {
				return fmt.Sprintf("%v is not in the destination", id)
			}
		}
		return ""
	},
}
