package main

import (
	"context"
	"fmt"
)

// measureMove changes the organization of many projects.
func measureMove(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	n := b.sizes.move
	ws, w, err := b.managed(ctx, c, projects, n, n)
	if err != nil {
		return nil, err
	}
	defer w.stop()
	if err := ws.write(map[string]string{"main.tf": limited + projects.all(), "override.tf": fmt.Sprintf(`
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
