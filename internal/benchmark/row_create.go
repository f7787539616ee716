package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// measureCreate creates projects whose operations take a moment.
func measureCreate(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	n := b.sizes.create
	w, err := startWorld(ctx, projects, 0)
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
