package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// kind is a kind of objects, of which a world has any number, and a configuration
// manages all.
type kind struct {
	what     string // for people
	resource string
	// key is what tells them apart, by number. In arguments and importID it is
	// ${each.key}.
	key       string
	arguments string
	importID  string
	seed      func(s *emulator.Seed, n int)
}

// keyOf is the key of the object with a number, from 1.
func (k kind) keyOf(i int) string { return fmt.Sprintf(k.key, i) }

var projects = kind{
	what: "projects", resource: "neon_project", key: "bench-project-%d",
	arguments: `name = each.key`,
	importID:  `${each.key}`,
	seed: func(s *emulator.Seed, n int) {
		if n > 0 {
			s.Projects = []emulator.Project{{ID: "bench-project-%d", OrgID: partnerOrg, Count: n}}
		}
	},
}

// Kinds whose lists are whole: what a plan asks for does not depend on how many
// there are.
var members = kind{
	what: "members", resource: "neon_org_member", key: "member-%d@bench.test",
	arguments: "email = each.key\n  role = \"member\"",
	importID:  partnerOrg + `/${each.key}`,
	seed: func(s *emulator.Seed, n int) {
		org := &s.Organizations[0]
		for i := range n {
			email := fmt.Sprintf("member-%d@bench.test", i+1)
			s.Users = append(s.Users, emulator.User{Email: email})
			org.Members = append(org.Members, &emulator.Member{Email: email, Role: "member"})
		}
	},
}

var invitations = kind{
	what: "invitations", resource: "neon_org_invitation", key: "invited-%d@bench.test",
	arguments: `email = each.key`,
	importID:  partnerOrg + `/${each.key}`,
	seed: func(s *emulator.Seed, n int) {
		org := &s.Organizations[0]
		for i := range n {
			org.Invitations = append(org.Invitations, &emulator.Invitation{Email: fmt.Sprintf("invited-%d@bench.test", i+1)})
		}
	},
}

var guests = kind{
	what: "guests of a project", resource: "neon_project_permission", key: "guest-%d@bench.test",
	arguments: "project_id = \"bench-project\"\n  email = each.key",
	importID:  `bench-project/${each.key}`,
	seed: func(s *emulator.Seed, n int) {
		project := emulator.Project{ID: "bench-project", OrgID: partnerOrg}
		for i := range n {
			project.Permissions = append(project.Permissions, &emulator.Permission{Email: fmt.Sprintf("guest-%d@bench.test", i+1)})
		}
		s.Projects = []emulator.Project{project}
	},
}

var keys = kind{
	what: "API keys of an organization", resource: "neon_org_api_key", key: "%d",
	arguments: `name = "bench-key-${each.key}"`,
	importID:  partnerOrg + `/${each.key}`,
	seed: func(s *emulator.Seed, n int) {
		org := &s.Organizations[0]
		for i := range n {
			org.Keys = append(org.Keys, &emulator.Key{Secret: fmt.Sprintf("napi_bench_%d", i+1), ID: int64(i + 1), Name: fmt.Sprintf("bench-key-%d", i+1)})
		}
	},
}

// all is configuration of those whose keys keys.json has.
func (k kind) all() string {
	return fmt.Sprintf(`
locals { keys = toset(jsondecode(file("keys.json"))) }

resource %q "all" {
  for_each = local.keys
  %s
}
`, k.resource, k.arguments)
}

func (k kind) imports() string {
	return fmt.Sprintf(`
import {
  for_each = local.keys
  to       = %s.all[each.key]
  id       = "%s"
}
`, k.resource, k.importID)
}

// keysOf gives the keys of the first n, as JSON.
func (k kind) keysOf(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = k.keyOf(i + 1)
	}
	out, _ := json.Marshal(all)
	return string(out)
}

// managed is a workspace for a world with n objects. Its state has the first ones,
// which were imported before the limits were switched on.
func (b *bench) managed(ctx context.Context, c cli, k kind, n, imported int) (*workspace, *world, error) {
	w, err := startWorld(ctx, k, n)
	if err != nil {
		return nil, nil, err
	}
	ws, err := b.newWorkspace(c, w, map[string]string{"main.tf": unlimited + k.all(), "import.tf": k.imports(), "keys.json": k.keysOf(imported)})
	if err == nil {
		_, err = ws.apply(ctx, ours)
	}
	if err == nil {
		err = ws.write(map[string]string{"main.tf": limited + k.all(), "import.tf": ""})
	}
	if err != nil {
		w.stop()
		return nil, nil, err
	}
	return ws, w, nil
}

// inOneBlock is how many objects multiply puts into one resource block: what a CLI
// takes for a block grows with the square of its instances.
const inOneBlock = 400

// multiply makes the one object of the state n of them, and manages them in as many
// blocks as it takes.
func (ws *workspace) multiply(k kind, n int) error {
	var config strings.Builder
	config.WriteString(limited + `locals { keys = jsondecode(file("keys.json")) }` + "\n")
	err := ws.editState(func(resource map[string]any) ([]any, error) {
		instances, _ := resource["instances"].([]any)
		one, err := json.Marshal(instances[0])
		if err != nil {
			return nil, err
		}
		var all []any
		for from := 0; from < n; from += inOneBlock {
			to := min(from+inOneBlock, n)
			block := maps.Clone(resource)
			name := fmt.Sprintf("from_%d", from)
			block["name"], block["instances"] = name, copies(one, k, from, to)
			all = append(all, block)
			fmt.Fprintf(&config, "resource %q %q {\n  for_each = toset(slice(local.keys, %d, %d))\n  %s\n}\n", k.resource, name, from, to, k.arguments)
		}
		return all, nil
	})
	if err != nil {
		return err
	}
	return ws.write(map[string]string{"main.tf": config.String(), "keys.json": k.keysOf(n)})
}

// copies are what the instance of the first key is for those from one to before
// another, counted from 0.
func copies(one []byte, k kind, from, to int) []any {
	var all []any
	for i := from; i < to; i++ {
		all = append(all, json.RawMessage(bytes.ReplaceAll(one, fmt.Appendf(nil, "%q", k.keyOf(1)), fmt.Appendf(nil, "%q", k.keyOf(i+1)))))
	}
	return all
}

// editState puts others in the place of the state's one resource.
func (ws *workspace) editState(change func(resource map[string]any) (resources []any, err error)) error {
	path := filepath.Join(ws.dir, "terraform.tfstate")
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var state map[string]any
	if err := json.Unmarshal(content, &state); err != nil {
		return err
	}
	resources, _ := state["resources"].([]any)
	if len(resources) != 1 {
		return fmt.Errorf("the state has %d resources, want one", len(resources))
	}
	resource, _ := resources[0].(map[string]any)
	if state["resources"], err = change(resource); err != nil {
		return err
	}
	if content, err = json.Marshal(state); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}
