package neon

import (
	"strings"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"
)

// TestReadsNeverLieWhateverHappensMeanwhile lets reads, own changes, changes from
// outside, failing pages and projects that pages leave out come in any order, and
// holds what each read says against what was true.
func TestReadsNeverLieWhateverHappensMeanwhile(t *testing.T) {
	t.Parallel()
	event := rapid.Custom(func(rt *rapid.T) readEvent {
		return readEvent{
			kind:   rapid.SampledFrom(readEventKinds).Draw(rt, "kind"),
			choice: rapid.IntRange(0, 11).Draw(rt, "choice"),
			fault:  rapid.SampledFrom(pageFaults).Draw(rt, "fault"),
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(event, 10, 120).Draw(rt, "script")
		var problems []string
		synctest.Test(t, func(t *testing.T) { problems = playReads(t, script) })
		if len(problems) > 0 {
			rt.Fatal(strings.Join(problems, "\n"))
		}
	})
}
