package faults

import "strings"

// knownGap is where the provider does not do yet what the matrices ask for. The
// sample of `make test` prints such cells; the whole matrices fail with them.
type knownGap struct {
	cells string // part of the names of the cells, as -run has them
	kinds string // of failures
	why   string
}

var knownGaps = []knownGap{
	{
		cells: "claimable_false", kinds: "foreign write, doesn't converge",
		why: "with claimable = false another owner is drift, which the next apply corrects or accepts; the matrix calls that a write to others",
	},
	{
		cells: "project_that_is_not_claimable", kinds: "foreign write",
		why: "as above",
	},
	{
		cells: "deleted_past_recovery", kinds: "doesn't converge, apart",
		why: "a change planned before the project vanished is saved in the state, and shows once more in the plan after it",
	},
	{
		cells: "new_address,_created_first", kinds: "made twice",
		why: "a project at a new address without moved is a new object, although the one at the old address was claimed",
	},
	{
		cells: "saved_plan", kinds: "doesn't converge",
		why: "a move planned before the project vanished is planned once more",
	},
	{
		cells: "share_again_what_was_ended_outside", kinds: "silent",
		why: "the end of a permission is not told from that of a project that was claimed in the same moment",
	},
}

// isKnownGap reports whether a failure is a known gap, and this is a sample.
func isKnownGap(name, kind string) (why string, isKnown bool) {
	if *every == 1 {
		return "", false
	}
	for _, gap := range knownGaps {
		if strings.Contains(name, gap.cells) && strings.Contains(gap.kinds, kind) {
			return gap.why, true
		}
	}
	return "", false
}
