package emulator

import _ "embed"

//go:embed default_seed.json
var defaultSeed []byte

// DefaultSeed is the world the emulator starts with when it is given none: a
// partner with two organizations, and a customer. README.md describes it.
func DefaultSeed() Seed {
	s, err := ParseSeed(defaultSeed)
	if err != nil {
		// The document is part of the program, and a test reads it.
		panic(err)
	}
	return s
}
