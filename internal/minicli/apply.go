package minicli

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// apply carries a plan out: what goes first, dependents before what they depend
// on, then what comes, and last what has a successor by then. What depends on a
// failure is left out.
func (r *run) apply(p *plan) {
	ordered := p.inOrder()
	isEnd := func(c *change) bool { return c.action == Delete && !isDeposed(c.address) || c.action == Forget }
	isRoom := func(c *change) bool { return c.action == Replace && !c.createFirst }
	if r.options.CreateFirst {
		failed := r.applyChanges(p, r.applyDeletes(ordered, isRoom, nil))
		r.applyDeposed(ordered, r.applyDeletes(ordered, isEnd, failed))
		return
	}
	failed := r.applyDeletes(ordered, func(c *change) bool { return isEnd(c) || isRoom(c) }, nil)
	r.applyDeposed(ordered, r.applyChanges(p, failed))
}

// applyDeletes destroys, or forgets, and gives the addresses that failed, those that
// had failed before included.
func (r *run) applyDeletes(ordered []*change, isDue func(*change) bool, failed []string) []string {
	for _, c := range slices.Backward(ordered) {
		if !isDue(c) {
			continue
		}
		if c.action == Forget {
			delete(r.state.Instances, c.address)
			continue
		}
		kept := slices.ContainsFunc(failed, func(dependent string) bool { return slices.Contains(r.refersOf(dependent), c.address) })
		if kept || r.isInterrupted() || !r.delete(c) {
			failed = append(failed, c.address)
		}
	}
	return failed
}

// applyChanges creates and updates, and gives the addresses that failed, those that
// had failed before included.
func (r *run) applyChanges(p *plan, failed []string) []string {
	for _, b := range r.config.blocks {
		i := slices.IndexFunc(p.changes, func(c *change) bool { return c.address == b.address })
		isRead := slices.Contains(p.reads, b.address)
		if !isRead && (i < 0 || p.changes[i].action == Delete || p.changes[i].action == Forget) {
			continue
		}
		done := !dependsOn(b.refers, failed) && !slices.Contains(failed, b.address) && !r.isInterrupted()
		if done && isRead {
			config, err := object(r.schemaOf(b), b.args, r.scope)
			done = err == nil && r.readData(b, config)
		} else if done {
			done = r.replaceOrChange(b, p.changes[i])
		}
		if !done {
			failed = append(failed, b.address)
		}
	}
	return failed
}

// replaceOrChange deposes what is to be replaced by something that is created first.
func (r *run) replaceOrChange(b *block, planned *change) bool {
	if !planned.createFirst {
		return r.change(b, planned)
	}
	planned.deposedAt = r.state.depose(b.address)
	done := r.change(b, planned)
	if !done {
		r.state.restore(b.address, planned.deposedAt)
	}
	return done
}

// applyDeposed destroys what has a successor. That is planned afresh. Where the
// successor failed, or what depends on it, the instance is left to the next apply.
func (r *run) applyDeposed(ordered []*change, failed []string) {
	for _, c := range slices.Backward(ordered) {
		address := c.deposedAt
		if c.action == Delete && isDeposed(c.address) {
			address = c.address
		}
		isKept := slices.Contains(failed, current(c.address)) || slices.ContainsFunc(failed, func(dependent string) bool {
			return slices.Contains(r.refersOf(dependent), current(c.address))
		})
		if r.state.Instances[address] == nil || isKept || r.isInterrupted() {
			continue
		}
		if fresh, ok := r.plannedDelete(address); !ok || !r.delete(fresh) {
			failed = append(failed, current(c.address))
		}
	}
}

// inOrder sorts changes so that each comes after those that it refers to.
func (p *plan) inOrder() []*change {
	var ordered []*change
	isDone := func(address string) bool {
		isPlanned := slices.ContainsFunc(p.changes, func(c *change) bool { return c.address == address })
		return !isPlanned || slices.ContainsFunc(ordered, func(c *change) bool { return c.address == address })
	}
	for range p.changes {
		for _, c := range p.changes {
			if !slices.Contains(ordered, c) && !slices.ContainsFunc(c.refers, func(to string) bool { return !isDone(to) }) {
				ordered = append(ordered, c)
			}
		}
	}
	return ordered
}

func (r *run) refersOf(address string) []string {
	if instance := r.state.Instances[address]; instance != nil {
		return instance.refers
	}
	return nil
}

// isInterrupted: a CLI that is told to stop begins nothing more.
func (r *run) isInterrupted() bool { return r.ctx.Err() != nil }

// delete destroys what was before. The instance stays in state, as the provider
// left it, where that fails.
func (r *run) delete(c *change) bool {
	instance := r.state.Instances[c.address]
	null := tftypes.NewValue(c.before.Type(), nil)
	response, ok := call(r, c.address, r.serverOf(c.typeName).ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: c.typeName, PriorState: dynamic(c.before), PlannedState: dynamic(null), Config: dynamic(null),
		PlannedPrivate: c.private, PlannedIdentity: c.identity,
	})
	if !ok {
		return false
	}
	failed := r.result.add(c.address, response.Diagnostics)
	left, ok := r.arrived(c.address, c.before.Type(), response.NewState)
	switch {
	case !ok:
		return false
	case failed && !left.IsNull():
		r.save(c.address, left, Instance{TypeName: c.typeName, Tainted: instance.Tainted, private: response.Private, identity: response.NewIdentity, refers: instance.refers})
		return false
	case failed:
		return false
	case !left.IsNull():
		r.result.violation(c.address, "it was destroyed, and is still there")
		return false
	}
	delete(r.state.Instances, c.address)
	return true
}

// change creates or updates a resource. It is planned once more, now that
// everything is known, and has to come out as it was planned.
func (r *run) change(b *block, planned *change) bool {
	c, ok := r.planResource(b, false)
	if !ok {
		return false
	}
	wanted := planned.action
	if wanted == Replace {
		wanted = Create // what was before is gone by now
	}
	if c.action != wanted {
		r.result.violation(b.address, "inconsistent final plan: %q was planned, and now it is %q", planned.action, c.action)
		return false
	}
	for _, fault := range resultFaults("", planned.after, c.after) {
		r.result.violation(b.address, "inconsistent final plan: %s", fault)
	}
	config, err := object(r.schemaOf(b), b.args, r.scope)
	if err == nil {
		config = ignoring(b.lifecycle.Ignored, c.before, config)
	}
	if err != nil || !config.IsFullyKnown() {
		r.result.violation(b.address, "the configuration is not known when it is applied: %v", err)
		return false
	}
	response, ok := call(r, b.address, r.serverOf(c.typeName).ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: c.typeName, PriorState: dynamic(c.before), PlannedState: dynamic(c.after), Config: dynamic(config),
		PlannedPrivate: c.private, PlannedIdentity: c.identity,
	})
	if !ok {
		return false
	}
	failed := r.result.add(b.address, response.Diagnostics)
	value, ok := r.arrived(b.address, c.after.Type(), response.NewState)
	if !ok {
		return false
	}
	if value.IsNull() {
		if !failed {
			r.result.violation(b.address, "it was made, and there is nothing to save")
		}
		return false
	}
	if !failed {
		for _, fault := range resultFaults("", c.after, value) {
			r.result.violation(b.address, "inconsistent result: %s", fault)
		}
	}
	r.save(b.address, value, Instance{
		TypeName: c.typeName, Tainted: failed && c.action == Create, private: response.Private, identity: response.NewIdentity, refers: b.refers,
	})
	r.values[b.address] = value
	return !failed
}
