package minicli

import "slices"

// Options are what a command can be told about its plan.
type Options struct {
	// Destroy plans that everything goes.
	Destroy bool
	// RefreshOnly plans no change.
	RefreshOnly bool
	// NoRefresh is -refresh=false.
	NoRefresh bool
	// Replace are addresses, as -replace names them.
	Replace []string
	// CreateFirst creates and updates before what is out of the configuration is
	// destroyed. Where neither depends on the other the CLIs do it in either order.
	CreateFirst bool
	// Target are addresses, as -target names them; all when empty.
	Target []string
}

// targeted reports whether an address belongs to what -target names: the targets,
// and what they depend on, or what depends on them where everything goes.
func (r *run) targeted() func(address string) bool {
	if len(r.options.Target) == 0 {
		return func(string) bool { return true }
	}
	refers := map[string][]string{}
	for address, instance := range r.state.Instances {
		refers[current(address)] = append(refers[current(address)], instance.refers...)
	}
	for _, b := range r.config.blocks {
		refers[b.address] = append(refers[b.address], b.refers...)
	}
	isIn := map[string]bool{}
	for waiting := slices.Clone(r.options.Target); len(waiting) > 0; {
		address := waiting[0]
		waiting = waiting[1:]
		if isIn[address] {
			continue
		}
		isIn[address] = true
		if !r.options.Destroy {
			waiting = append(waiting, refers[address]...)
			continue
		}
		for dependent, on := range refers {
			if slices.Contains(on, address) {
				waiting = append(waiting, dependent)
			}
		}
	}
	return func(address string) bool { return isIn[address] }
}
