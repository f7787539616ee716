package main

import (
	"context"
	"fmt"
)

// measurePlan is a plan that finds nothing to change. The memory it takes is held
// against that of the least provider there can be.
func measurePlan(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	n := b.sizes.plan
	ws, w, err := b.managed(ctx, c, projects, n, n)
	if err != nil {
		return nil, err
	}
	defer w.stop()
	m := measurement{Row: "plan", What: fmt.Sprintf("plan of %d projects, nothing to change", n), CLI: c.name, N: n}
	memory, err := ws.planBeside(ctx, w, &m, b.sizes.runs)
	if err != nil {
		return nil, err
	}
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
	resident.memory(memory)
	resident.MemoryFloorMiB = float64(least) / mib
	resident.timed(b, "memory/empty", resident.MemoryMiB/resident.MemoryFloorMiB, 1.3)
	return []measurement{m, resident}, nil
}

// measurePlanMost is a plan of so many projects that it takes a while: it is run
// once, and its requests are counted. Importing as many would take longer still.
// One is imported, and the state of the others is made of its own: what differs
// between them, save the name and the id, a plan doesn't ask for.
func measurePlanMost(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	n := b.sizes.planMost
	ws, w, err := b.managed(ctx, c, projects, n, 1)
	if err != nil {
		return nil, err
	}
	defer w.stop()
	if err := ws.multiply(projects, n); err != nil {
		return nil, err
	}
	m := measurement{Row: "plan-most", What: fmt.Sprintf("plan of %d projects, nothing to change", n), CLI: c.name, N: n}
	if err := w.limit(0); err != nil {
		return nil, err
	}
	planned, err := ws.plan(ctx, ours)
	if err != nil {
		return nil, err
	}
	m.fastest(planned.wall, 0)
	m.count(w.traffic())
	m.memory(planned.memory)
	m.atMost("requests", float64(m.Requests), float64(pagesOf(n)+3))
	m.atMost("429", float64(m.Refused), 0)
	return []measurement{m}, nil
}

// measurePlanLists is plans of what Neon lists as a whole.
func measurePlanLists(ctx context.Context, b *bench, c cli) ([]measurement, error) {
	var all []measurement
	for _, k := range []kind{members, invitations, guests, keys} {
		n := b.sizes.people
		if k.resource == guests.resource || k.resource == keys.resource {
			n = b.sizes.access
		}
		m, err := measurePlanList(ctx, b, c, k, n)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

func measurePlanList(ctx context.Context, b *bench, c cli, k kind, n int) (measurement, error) {
	ws, w, err := b.managed(ctx, c, k, n, n)
	if err != nil {
		return measurement{}, err
	}
	defer w.stop()
	m := measurement{Row: "plan-lists", What: fmt.Sprintf("plan of %d %s, nothing to change", n, k.what), CLI: c.name, N: n}
	if _, err := ws.planBeside(ctx, w, &m, 1); err != nil {
		return measurement{}, err
	}
	m.atMost("requests", float64(m.Requests), 3)
	m.atMost("429", float64(m.Refused), 0)
	return m, nil
}

// planBeside plans with the floor and with the provider, several times in turn,
// and enters what that took. It gives the provider's memory, in bytes.
func (ws *workspace) planBeside(ctx context.Context, w *world, m *measurement, runs int) (int64, error) {
	var memory []int64
	for range runs {
		bare, err := ws.plan(ctx, floor)
		if err != nil {
			return 0, err
		}
		if err := w.limit(0); err != nil {
			return 0, err
		}
		planned, err := ws.plan(ctx, ours)
		if err != nil {
			return 0, err
		}
		m.fastest(planned.wall, bare.wall)
		m.count(w.traffic())
		memory = append(memory, planned.memory)
	}
	middle := median(memory)
	m.memory(middle)
	return middle, nil
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
	return ws.editState(func(resource map[string]any) ([]any, error) {
		instances, _ := resource["instances"].([]any)
		for _, i := range instances {
			instance, _ := i.(map[string]any)
			attributes, _ := instance["attributes"].(map[string]any)
			instance["schema_version"] = 0
			instance["attributes"] = map[string]any{"id": attributes["id"], "name": attributes["name"]}
			for _, key := range []string{"identity", "identity_schema_version", "private", "sensitive_attributes"} {
				delete(instance, key)
			}
		}
		return []any{resource}, nil
	})
}
