package minicli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Config is a configuration in the JSON syntax of the CLIs, as far as it is
// understood here: provider, resource, data, moved and removed blocks, and
// lifecycle as the one meta-argument.
type Config struct {
	// Provider holds the provider's arguments.
	Provider map[string]any
	blocks   []*block // each after those that it refers to
	moved    []moved
	removed  []removed
}

// block is a resource or data block.
type block struct {
	address  string // such as neon_project.app or data.neon_project.app
	typeName string
	isData   bool
	args     map[string]any
	refers   []string // addresses, sorted

	lifecycle lifecycle
}

// reference is an expression that names an attribute of another block.
var reference = regexp.MustCompile(`^\$\{((?:data\.)?[a-z0-9_]+\.[a-zA-Z0-9_-]+)\.([a-z0-9_]+)\}$`)

// ParseConfig reads a configuration. An error says what isn't understood.
func ParseConfig(source string) (*Config, error) {
	var file struct {
		Terraform any                                  `json:"terraform"`
		Provider  map[string]map[string]any            `json:"provider"`
		Resource  map[string]map[string]map[string]any `json:"resource"`
		Data      map[string]map[string]map[string]any `json:"data"`
		Moved     []moved                              `json:"moved"`
		Removed   []removed                            `json:"removed"`
	}
	if err := decode(source, &file); err != nil {
		return nil, err
	}
	config := &Config{moved: file.Moved, removed: file.Removed}
	if err := config.checkMeta(); err != nil {
		return nil, err
	}
	for _, args := range file.Provider {
		config.Provider = args
	}
	blocks := map[string]*block{}
	for prefix, kinds := range map[string]map[string]map[string]map[string]any{"": file.Resource, "data.": file.Data} {
		for typeName, named := range kinds {
			for name, args := range named {
				b := &block{address: prefix + typeName + "." + name, typeName: typeName, isData: prefix != "", args: args}
				var err error
				if b.lifecycle, err = takeLifecycle(args); err != nil {
					return nil, err
				}
				refers := references(args)
				for _, one := range b.lifecycle.Triggers {
					address, _ := trigger(one)
					refers = append(refers, address)
				}
				b.refers = slices.Compact(slices.Sorted(slices.Values(refers)))
				blocks[b.address] = b
			}
		}
	}
	var err error
	config.blocks, err = inOrder(blocks)
	spreadCreateFirst(config.blocks)
	return config, err
}

// decode reads JSON, with numbers as they are written.
func decode(source string, into any) error {
	decoder := json.NewDecoder(bytes.NewReader([]byte(source)))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("minicli: the configuration is not understood: %w", err)
	}
	return nil
}

// recode reads what was decoded as something more particular.
func recode(from, into any) error {
	encoded, err := json.Marshal(from)
	if err != nil {
		return fmt.Errorf("minicli: the configuration is not understood: %w", err)
	}
	return decode(string(encoded), into)
}

// references lists the addresses that a value names.
func references(value any) []string {
	switch value := value.(type) {
	case string:
		if match := reference.FindStringSubmatch(value); match != nil {
			return []string{match[1]}
		}
	case []any:
		var all []string
		for _, element := range value {
			all = append(all, references(element)...)
		}
		return all
	case map[string]any:
		var all []string
		for _, element := range value {
			all = append(all, references(element)...)
		}
		return all
	}
	return nil
}

// inOrder sorts blocks so that each comes after those that it refers to.
func inOrder(blocks map[string]*block) ([]*block, error) {
	var ordered []*block
	done := map[string]bool{}
	for len(ordered) < len(blocks) {
		before := len(ordered)
		for _, address := range slices.Sorted(maps.Keys(blocks)) {
			b := blocks[address]
			if done[address] || slices.ContainsFunc(b.refers, func(to string) bool { return !done[to] }) {
				continue
			}
			ordered, done[address] = append(ordered, b), true
		}
		if len(ordered) == before {
			return nil, fmt.Errorf("minicli: blocks refer to each other, or to one that isn't there: %s", strings.Join(slices.Sorted(maps.Keys(blocks)), ", "))
		}
	}
	return ordered, nil
}

// block gives the block of an address, or nil.
func (c *Config) block(address string) *block {
	for _, b := range c.blocks {
		if b.address == address {
			return b
		}
	}
	return nil
}
