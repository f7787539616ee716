package browser

import (
	_ "embed"

	"github.com/chromedp/chromedp"
)

// faults is a program that lists what keeps people from using a page.
//
//go:embed testdata/faults.js
var faults string

// isAccessible looks for faults in light and dark, and on a narrow screen.
func (b tab) isAccessible() {
	b.t.Helper()
	for _, scheme := range []string{"dark", "light"} {
		b.scheme(scheme)
		for _, width := range []int64{320, 1100} {
			b.do(chromedp.EmulateViewport(width, 800))
			for _, fault := range run(b, chromedp.Evaluate[[]string](faults)) {
				b.t.Errorf("%s, %s, %d pixels wide: %s", run(b, chromedp.Location()), scheme, width, fault)
			}
		}
	}
}
