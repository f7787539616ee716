package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"
)

// sizes are how many objects the rows have, and how often what is timed is run.
type sizes struct {
	plan, create, transfer, move, start, runs int
	operationDelay                            time.Duration
}

// full are the sizes of the bars.
var full = sizes{plan: 1000, create: 100, transfer: 10_000, move: 1000, start: 20, runs: 5, operationDelay: time.Second}

const mib = 1 << 20

// row is a kind of measurement.
type row struct {
	name    string
	measure func(ctx context.Context, b *bench, c cli) ([]measurement, error)
}

// rows are what is measured with each CLI, in this order.
var rows = []row{
	{"plan", measurePlan},
	{"create", measureCreate},
	{"transfer", measureTransfer},
	{"move", measureMove},
}

const settings = `
terraform {
  required_providers {
    neon = { source = "neon-orgs/neon" }
  }
}
`

const limited = settings + `
provider "neon" {}
`

const unlimited = settings + `
provider "neon" {
  requests_per_minute = 1000000
}
`

// allProjects is configuration of the projects that ids.json names, which is the
// names that they have, too.
const allProjects = `
locals { ids = toset(jsondecode(file("ids.json"))) }

resource "neon_project" "all" {
  for_each = local.ids
  name     = each.key
}
`

const importAll = `
import {
  for_each = local.ids
  to       = neon_project.all[each.key]
  id       = each.key
}
`

// projectIDs gives the ids of the world's projects, as JSON.
func projectIDs(n int) string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("bench-project-%d", i+1)
	}
	out, _ := json.Marshal(ids)
	return string(out)
}

// managed is a workspace whose state has n projects of the world, which were
// imported before the limits were switched on.
func (b *bench) managed(ctx context.Context, c cli, n int) (*workspace, *world, error) {
	w, err := startWorld(ctx, n)
	if err != nil {
		return nil, nil, err
	}
	ws, err := b.newWorkspace(c, w, map[string]string{"main.tf": unlimited + allProjects, "import.tf": importAll, "ids.json": projectIDs(n)})
	if err == nil {
		_, err = ws.apply(ctx, ours)
	}
	if err == nil {
		err = ws.write(map[string]string{"main.tf": limited + allProjects, "import.tf": ""})
	}
	if err != nil {
		w.stop()
		return nil, nil, err
	}
	return ws, w, nil
}

// measurePlan is a plan that finds nothing to change. The memory it takes is held
// against that of the least provider there can be.
func measurePlan(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	n := b.sizes.plan
	ws, w, err := b.managed(ctx, c, n)
	if err != nil {
		return nil, err
	}
	defer w.stop()
	m := measurement{Row: "plan", What: fmt.Sprintf("plan of %d projects, nothing to change", n), CLI: c.name, N: n}
	var memory []int64
	for range b.sizes.runs {
		bare, err := ws.plan(ctx, floor)
		if err != nil {
			return nil, err
		}
		if err := w.limit(0); err != nil {
			return nil, err
		}
		planned, err := ws.plan(ctx, ours)
		if err != nil {
			return nil, err
		}
		m.fastest(planned.wall, bare.wall)
		m.count(w.traffic())
		memory = append(memory, planned.memory)
	}
	m.memory(median(memory))
	m.atMost("requests", float64(m.Requests), float64(pagesOf(n)+3))
	m.atMost("429", float64(m.Refused), 0)
	m.timed(b, "wall/floor", m.Ratio, 1.25)
	if b.untimed {
		return []measurement{m}, nil
	}

	least, err := ws.leastMemory(ctx, b.sizes.runs)
	if err != nil {
		return nil, err
	}
	resident := measurement{Row: "memory", What: fmt.Sprintf("provider memory at %d projects", n), CLI: c.name, N: n}
	resident.memory(median(memory))
	resident.MemoryFloorMiB = float64(least) / mib
	resident.timed(b, "memory/empty", resident.MemoryMiB/resident.MemoryFloorMiB, 1.3)
	return []measurement{m, resident}, nil
}

// leastMemory is what a provider with hardly a schema takes for the plan.
func (ws *workspace) leastMemory(ctx context.Context, runs int) (int64, error) {
	if err := ws.forgetAttributes(); err != nil {
		return 0, err
	}
	var memory []int64
	for range runs {
		o, err := ws.plan(ctx, empty)
		if err != nil {
			return 0, err
		}
		memory = append(memory, o.memory)
	}
	return median(memory), nil
}

// forgetAttributes leaves what the empty provider knows of in the state.
func (ws *workspace) forgetAttributes() error {
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
	for _, r := range resources {
		instances, _ := r.(map[string]any)["instances"].([]any)
		for _, i := range instances {
			instance, _ := i.(map[string]any)
			attributes, _ := instance["attributes"].(map[string]any)
			instance["schema_version"] = 0
			instance["attributes"] = map[string]any{"id": attributes["id"], "name": attributes["name"]}
			for _, key := range []string{"identity", "identity_schema_version", "private", "sensitive_attributes"} {
				delete(instance, key)
			}
		}
	}
	if content, err = json.Marshal(state); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// measureCreate creates projects whose operations take a moment.
func measureCreate(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	n := b.sizes.create
	w, err := startWorld(ctx, 0)
	if err != nil {
		return nil, err
	}
	defer w.stop()
	ws, err := b.newWorkspace(c, w, map[string]string{"main.tf": limited + fmt.Sprintf(`
resource "neon_project" "new" {
  count = %d
  name  = "new-${count.index}"
}
`, n)})
	if err != nil {
		return nil, err
	}
	bare, err := ws.apply(ctx, floor)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(ws.dir, "terraform.tfstate")); err != nil {
		return nil, err
	}
	if err := w.limit(b.sizes.operationDelay); err != nil {
		return nil, err
	}
	created, err := ws.apply(ctx, ours)
	if err != nil {
		return nil, err
	}
	m := measurement{Row: "create", What: fmt.Sprintf("creating %d projects, operations of %s", n, b.sizes.operationDelay), CLI: c.name, N: n}
	m.fastest(created.wall, bare.wall)
	m.count(w.traffic())
	m.memory(created.memory)
	// Few projects take more of them each: ten names are searched for when they
	// are planned, and again when they are applied, before a list is read instead.
	m.atMost("requests", float64(m.Requests), max(2.5*float64(n), 2*float64(n)+25))
	m.atMost("429", float64(m.Refused), 0)
	// So long do as many requests take at 700 a minute.
	forced := time.Duration(m.Requests) * time.Minute / 700
	m.timed(b, "wall/limit", created.wall.Seconds()/forced.Seconds(), 1.25)
	if got := w.projectsIn(partnerOrg); got != n {
		m.fail(fmt.Sprintf("%d projects exist", got))
	}
	return []measurement{m}, nil
}

// measureTransfer moves many projects by one resource.
func measureTransfer(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	n := b.sizes.transfer
	w, err := startWorld(ctx, n)
	if err != nil {
		return nil, err
	}
	defer w.stop()
	ws, err := b.newWorkspace(c, w, map[string]string{"ids.json": projectIDs(n), "main.tf": limited + fmt.Sprintf(`
resource "neon_org_project_transfer" "all" {
  source_org_id      = %q
  destination_org_id = %q
  project_ids        = jsondecode(file("ids.json"))
}
`, partnerOrg, otherOrg)})
	if err != nil {
		return nil, err
	}
	bare, err := ws.apply(ctx, floor)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(ws.dir, "terraform.tfstate")); err != nil {
		return nil, err
	}
	if err := w.limit(0); err != nil {
		return nil, err
	}
	moved, err := ws.apply(ctx, ours)
	if err != nil {
		return nil, err
	}
	m := measurement{Row: "transfer", What: fmt.Sprintf("transferring %d projects by one resource", n), CLI: c.name, N: n}
	m.fastest(moved.wall, bare.wall)
	m.count(w.traffic())
	m.memory(moved.memory)
	m.atMost("transfers", float64(m.Transfers), float64(pagesOf(n)))
	m.atMost("requests", float64(m.Requests), float64(max(60*n/10_000, pagesOf(n)*2+10)))
	m.atMost("429", float64(m.Refused), 0)
	m.timed(b, "MiB", m.MemoryMiB, 150)
	if got := w.projectsIn(otherOrg); got != n {
		m.fail(fmt.Sprintf("%d projects were transferred", got))
	}
	if err := w.limit(0); err != nil {
		return nil, err
	}
	again, err := ws.plan(ctx, ours)
	if err != nil {
		return nil, err
	}
	after := measurement{Row: "transfer", What: "the plan after that", CLI: c.name, N: n}
	after.fastest(again.wall, again.wall)
	after.count(w.traffic())
	after.memory(again.memory)
	after.atMost("requests", float64(after.Requests), float64(pagesOf(n)+3))
	after.timed(b, "MiB", after.MemoryMiB, 150)
	return []measurement{m, after}, nil
}

// measureMove changes the organization of many projects.
func measureMove(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	n := b.sizes.move
	ws, w, err := b.managed(ctx, c, n)
	if err != nil {
		return nil, err
	}
	defer w.stop()
	if err := ws.write(map[string]string{"main.tf": limited + allProjects, "override.tf": fmt.Sprintf(`
resource "neon_project" "all" {
  org_id = %q
}
`, otherOrg)}); err != nil {
		return nil, err
	}
	if err := w.limit(0); err != nil {
		return nil, err
	}
	moved, err := ws.apply(ctx, ours)
	if err != nil {
		return nil, err
	}
	m := measurement{Row: "move", What: fmt.Sprintf("changing org_id of %d projects", n), CLI: c.name, N: n}
	m.fastest(moved.wall, 0)
	m.count(w.traffic())
	m.memory(moved.memory)
	m.atMost("transfers", float64(m.Transfers), b.moveBar(n))
	m.atMost("429", float64(m.Refused), 0)
	if got := w.projectsIn(otherOrg); got != n {
		m.fail(fmt.Sprintf("%d projects were moved", got))
	}
	return []measurement{m}, nil
}

// pagesOf is how many requests it takes for n projects, to list or to transfer them.
func pagesOf(n int) int { return (n + 399) / 400 }

// moveBar is how many transfer calls the moves may take. How many of them gather
// in one depends on when the CLI hands them over, and a few can come apart: a small
// run only shows that they do gather.
func (b *bench) moveBar(n int) float64 {
	if b.untimed {
		return float64(n) / 2
	}
	return math.Ceil(0.12 * float64(n))
}
