package minicli

import (
	"fmt"
	"slices"
	"strings"
)

// lifecycle holds the meta-arguments that change what the CLI does with a block.
type lifecycle struct {
	CreateFirst    bool     `json:"create_before_destroy"`
	PreventDestroy bool     `json:"prevent_destroy"`
	Ignored        []string `json:"ignore_changes"`       // names of arguments
	Triggers       []string `json:"replace_triggered_by"` // such as terraform_data.now or neon_project.app.name
}

// moved is a moved block. Both addresses are of one type.
type moved struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// removed is a removed block. Only destroy = false is understood.
type removed struct {
	From      string `json:"from"`
	Lifecycle struct {
		Destroy *bool `json:"destroy"`
	} `json:"lifecycle"`
}

// takeLifecycle takes the lifecycle block out of a block's arguments.
func takeLifecycle(args map[string]any) (lifecycle, error) {
	var taken lifecycle
	given, found := args["lifecycle"]
	if !found {
		return taken, nil
	}
	delete(args, "lifecycle")
	err := recode(given, &taken)
	return taken, err
}

// trigger splits what replace_triggered_by names into an address and an attribute,
// which is empty for the whole resource.
func trigger(reference string) (address, attribute string) {
	parts := strings.SplitN(reference, ".", 3)
	if len(parts) == 3 {
		attribute = parts[2]
	}
	return strings.Join(parts[:min(2, len(parts))], "."), attribute
}

// spreadCreateFirst lets what a block depends on be created first where the block
// itself is, as the CLIs do: otherwise the order would be impossible.
func spreadCreateFirst(ordered []*block) {
	for _, b := range slices.Backward(ordered) {
		if !b.lifecycle.CreateFirst {
			continue
		}
		for _, other := range ordered {
			if slices.Contains(b.refers, other.address) {
				other.lifecycle.CreateFirst = true
			}
		}
	}
}

func (c *Config) checkMeta() error {
	for _, one := range c.moved {
		if from, to := typeOf(one.From), typeOf(one.To); from != to {
			return fmt.Errorf("minicli: moved from %s to %s: only moves within one type are understood", one.From, one.To)
		}
	}
	for _, one := range c.removed {
		if one.Lifecycle.Destroy == nil || *one.Lifecycle.Destroy {
			return fmt.Errorf("minicli: removed %s: only destroy = false is understood", one.From)
		}
	}
	return nil
}

func typeOf(address string) string {
	typeName, _, _ := strings.Cut(address, ".")
	return typeName
}

// isForgotten reports whether a removed block says that an instance goes out of the
// state and stays where it is.
func (c *Config) isForgotten(address string) bool {
	return slices.ContainsFunc(c.removed, func(one removed) bool { return one.From == current(address) })
}

// move carries out the moved blocks. The CLIs do it before they plan.
func (r *run) move() {
	for _, one := range r.config.moved {
		instance := r.state.Instances[one.From]
		if instance == nil || r.state.Instances[one.To] != nil {
			continue
		}
		delete(r.state.Instances, one.From)
		r.state.Instances[one.To] = instance
		for address, other := range r.state.Instances {
			if i := slices.Index(other.refers, one.From); i >= 0 {
				renamed := *other
				renamed.refers = slices.Clone(other.refers)
				renamed.refers[i] = one.To
				r.state.Instances[address] = &renamed
			}
		}
	}
}
