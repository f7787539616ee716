package provider

import (
	"crypto/rand"
	"strings"
	"time"
)

// ephemeralKeyName is the name of a key that is to live no longer than a run: it
// says whose it is and until when it may be in use, so that a later run can tell
// that it was left behind.
type ephemeralKeyName struct {
	prefix string
	until  time.Time
}

const (
	untilLayout = "20060102T150405Z"
	uniqueness  = 8 // random characters that tell the keys of parallel runs apart
	// maxKeyPrefixLength leaves room for the rest of the name.
	maxKeyPrefixLength = maxKeyNameLength - len("-"+untilLayout+"-") - uniqueness
)

// String makes a new name: another one each time.
func (n ephemeralKeyName) String() string {
	return n.prefix + "-" + n.until.UTC().Format(untilLayout) + "-" + strings.ToLower(rand.Text()[:uniqueness])
}

// parseEphemeralKeyName reads a name that String has made.
func parseEphemeralKeyName(name string) (ephemeralKeyName, bool) {
	rest := len(name) - uniqueness - 1
	if rest < 0 || name[rest] != '-' {
		return ephemeralKeyName{}, false
	}
	time0 := rest - len(untilLayout) - 1
	if time0 < 0 || name[time0] != '-' {
		return ephemeralKeyName{}, false
	}
	until, err := time.Parse(untilLayout, name[time0+1:rest])
	if err != nil {
		return ephemeralKeyName{}, false
	}
	return ephemeralKeyName{prefix: name[:time0], until: until}, true
}
