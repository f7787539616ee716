package pgserver

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRealNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 31)
	seen := map[string]bool{}
	for _, branch := range []string{"br-a", "br-a-b", strings.Repeat("b", 60)} {
		for _, name := range []string{"", "x", "_x", "b_x", "X", "x\x00", "\x00x", "a\x00", long, long + "x", "x" + long, strings.Repeat("x", 63)} {
			full := realName(branch, name)
			if len(full) > maxName || !utf8.ValidString(full) || strings.Contains(full, "\x00") || !strings.HasPrefix(full, branch[:4]) {
				t.Errorf("%q of %s is %q", name, branch, full)
			}
			if seen[full] {
				t.Errorf("%q of %s is %q, as another one", name, branch, full)
			}
			seen[full] = true
		}
	}
	if got := realName("br-quiet-meadow-a1b2c3d4", "neondb"); got != "br-quiet-meadow-a1b2c3d4_neondb" {
		t.Errorf("neondb is %q", got)
	}
}
