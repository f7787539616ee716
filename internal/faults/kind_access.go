package faults

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// permissionKind: that somebody is a guest already is an error, which says how to
// import it; see Virtual.Settle.
var permissionKind = Kind{
	Objects: func(world emulator.Snapshot) map[string]string {
		found := map[string]string{}
		for _, p := range world.Projects {
			for _, guest := range p.Permissions {
				if p.DeletedAt == nil {
					found["guest "+guest.ID] = fmt.Sprintf("guest %q of project %s", guest.Email, p.Name)
				}
			}
		}
		return found
	},
	Key: func(values map[string]any) string { return "guest " + text(values, "id") },
	Tells: func(d minicli.Diagnostic, name string) bool {
		return d.IsError && strings.Contains(d.Detail, name) && strings.Contains(d.Detail, "import")
	},
	IsAdopted: true,
	Differs: func(world emulator.Snapshot, values map[string]any) string {
		p := liveProject(world, values["project_id"])
		if p == nil {
			return fmt.Sprintf("there is no project %v", values["project_id"])
		}
		for _, guest := range p.Permissions {
			if guest.ID == values["id"] {
				return unlike("email", values["email"], guest.Email)
			}
		}
		return "there is no such guest"
	},
}

// ephemeralPrefix is how the names of keys begin that live as long as a run.
const ephemeralPrefix = "terraform-ephemeral"

// orgKeyKind: nobody can learn the secret of a key whose answer was lost. Nothing
// proves which key that is but a name of its own, so that the others stay, and
// somebody is told which they are.
var orgKeyKind = Kind{
	Objects: func(world emulator.Snapshot) map[string]string {
		found := map[string]string{}
		for _, org := range world.Organizations {
			for _, key := range org.Keys {
				name := key.Name
				if strings.HasPrefix(name, ephemeralPrefix) {
					name = ephemeralPrefix // the rest is another one each time
				}
				found[fmt.Sprintf("key %d", key.ID)] = fmt.Sprintf("API key %q of %s", name, org.ID)
			}
		}
		return found
	},
	Key: func(values map[string]any) string { return "key " + text(values, "id") },
	Tells: func(d minicli.Diagnostic, name string) bool {
		return strings.Contains(d.Detail, `"`+name) && strings.Contains(strings.ToLower(d.Detail), "revoke")
	},
	Points: func(d minicli.Diagnostic, key string) bool {
		_, id, _ := strings.Cut(key, " ")
		return strings.Contains(d.Detail, "Key "+id+",") || strings.Contains(d.Detail, "could not be found out")
	},
	Differs: func(world emulator.Snapshot, values map[string]any) string {
		for _, key := range organization(world, values["org_id"]).Keys {
			if strconv.FormatInt(key.ID, 10) != values["id"] {
				continue
			}
			var secret string
			if values["key"] != nil {
				secret = unlike("key", values["key"], key.Secret)
			}
			return nonEmpty(unlike("name", values["name"], key.Name), unlike("project_id", text(values, "project_id"), key.ProjectID), secret)
		}
		return "there is no such key"
	},
}

var spendingLimitKind = Kind{
	Objects: func(world emulator.Snapshot) map[string]string {
		found := map[string]string{}
		for _, org := range world.Organizations {
			if org.SpendingLimitCents != nil {
				found["limit "+org.ID] = fmt.Sprintf("spending limit of %q: %d", org.ID, *org.SpendingLimitCents)
			}
		}
		return found
	},
	Key: func(values map[string]any) string { return "limit " + text(values, "org_id") },
	Tells: func(d minicli.Diagnostic, name string) bool {
		return d.IsError && strings.Contains(d.Detail, name) && strings.Contains(d.Detail, "The next apply sets it")
	},
	IsAdopted: true,
	Differs: func(world emulator.Snapshot, values map[string]any) string {
		limit := organization(world, values["org_id"]).SpendingLimitCents
		if limit == nil {
			return "there is no limit"
		}
		return unlike("spending_limit_cents", values["spending_limit_cents"], *limit)
	},
}
