// Package emulator is a Neon control plane in memory: an http.Handler that
// behaves like Neon's API for projects, what hangs on them, and who owns them.
//
// It keeps a world of users, organizations and projects, and answers from it.
// Nothing is canned: what is created can be read, changed, moved and deleted,
// under the rules of the key that asks. Where Neon's behaviour is not known,
// the choice made here is listed in README.md as an assumption.
//
// One mutex guards the world. A handler runs under it and returns plain values,
// which are encoded after it is released; objects that such values share with
// the world (settings, annotations) are replaced when they change, never edited.
package emulator
