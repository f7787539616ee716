// Package interop runs Neon's own clients against the emulator: the `neon`
// command and the TypeScript SDK, as npm delivers them. It holds tests alone;
// README.md says what they do and how they are run.
package interop
