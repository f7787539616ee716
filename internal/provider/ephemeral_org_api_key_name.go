package provider

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
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

// parseEphemeralKeyName reads a name that String has made, and no other one: keys are
// revoked by what it returns.
func parseEphemeralKeyName(name string) (ephemeralKeyName, bool) {
	parts := ephemeralKeyPattern.FindStringSubmatch(name)
	if parts == nil {
		return ephemeralKeyName{}, false
	}
	until, err := time.Parse(untilLayout, parts[2])
	if err != nil {
		return ephemeralKeyName{}, false
	}
	return ephemeralKeyName{prefix: parts[1], until: until}, true
}

// ephemeralKeyPattern has the prefix, the time and the random part.
var ephemeralKeyPattern = regexp.MustCompile(fmt.Sprintf(`^(.+)-(\d{8}T\d{6}Z)-[a-z2-7]{%d}$`, uniqueness))

// adviseLost says what becomes of a key whose secret nobody knows.
func (n ephemeralKeyName) adviseLost(lost *neon.LostKeyError) string {
	said := keyWasAskedFor(lost)
	switch {
	case len(lost.Keys) > 0:
		said += " It could not be revoked:\n" + listKeys(lost.Keys) + "\n"
	case lost.LookErr != nil:
		said += " Whether it is there could not be found out."
	default:
		said += " It is not there, but Neon may still create it."
	}
	return said + fmt.Sprintf(" The first run after %s that has the same name_prefix and the same user revokes it. To be safe before that, look for the name under the organization's API keys in the Neon Console, and revoke it there.",
		n.until.UTC().Format(time.RFC3339))
}
