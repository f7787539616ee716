package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// measureTransfer moves many projects by one resource.
func measureTransfer(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	n := b.sizes.transfer
	w, err := startWorld(ctx, projects, n)
	if err != nil {
		return nil, err
	}
	defer w.stop()
	ws, err := b.newWorkspace(c, w, map[string]string{"keys.json": projects.keysOf(n), "main.tf": limited + fmt.Sprintf(`
resource "neon_org_project_transfer" "all" {
  source_org_id      = %q
  destination_org_id = %q
  project_ids        = jsondecode(file("keys.json"))
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
	after.fastest(again.wall, 0)
	after.count(w.traffic())
	after.memory(again.memory)
	after.atMost("requests", float64(after.Requests), float64(pagesOf(n)+3))
	after.timed(b, "MiB", after.MemoryMiB, 150)
	return []measurement{m, after}, nil
}
