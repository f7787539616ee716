package minicli

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// planOrphan plans the end of what is not in the configuration, or was deposed.
func (r *run) planOrphan(made *plan, address string) {
	instance := r.state.Instances[address]
	isForgotten := r.config.isForgotten(address)
	isRead := !isForgotten || r.cli.ReadsForgotten
	if isRead && (!r.refreshOne(address) || r.state.Instances[address] == nil) {
		return
	}
	if isForgotten {
		made.changes = append(made.changes, &change{address: address, typeName: instance.TypeName, action: Forget, refers: instance.refers})
		return
	}
	refreshed := r.state.Instances[address]
	if r.cli.PlansStale && !isDeposed(address) {
		r.state.Instances[address] = instance
	}
	r.planDelete(made, address)
	r.state.Instances[address] = refreshed
}

// planDestroy plans that everything goes.
func (r *run) planDestroy() (*plan, bool) {
	r.move()
	made := &plan{}
	targeted := r.targeted()
	for _, address := range r.state.Addresses() {
		if !targeted(current(address)) {
			continue
		}
		if r.config.isForgotten(address) {
			made.changes = append(made.changes, &change{address: address, typeName: r.state.Instances[address].TypeName, action: Forget})
			continue
		}
		r.planDelete(made, address)
		if b := r.config.block(address); b != nil && b.lifecycle.PreventDestroy {
			r.result.prevented(address)
		}
	}
	return made.noted(r)
}

// planDelete plans that an instance goes.
func (r *run) planDelete(made *plan, address string) {
	if c, ok := r.plannedDelete(address); ok {
		made.changes = append(made.changes, c)
	}
}

func (r *run) plannedDelete(address string) (*change, bool) {
	instance := r.state.Instances[address]
	before, err := r.decode(instance)
	if err != nil {
		r.result.violation(address, "%v", err)
		return nil, false
	}
	null := tftypes.NewValue(before.Type(), nil)
	response, ok := call(r, address, r.serverOf(instance.TypeName).PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: instance.TypeName, PriorState: dynamic(before), Config: dynamic(null), ProposedNewState: dynamic(null),
		PriorPrivate: instance.private, PriorIdentity: instance.identity,
	})
	if !ok || r.result.add(address, response.Diagnostics) {
		return nil, false
	}
	return &change{
		address: address, typeName: instance.TypeName, action: Delete, refers: instance.refers,
		before: before, after: null, private: response.PlannedPrivate, identity: instance.identity,
	}, true
}
