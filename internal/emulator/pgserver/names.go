package pgserver

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const (
	// marker is a role that all roles of the emulator are members of, so that
	// they and their databases are told from everything else on the server.
	marker = "neon_emulator"

	// maxName is the longest name of a PostgreSQL object, in bytes.
	maxName = 63
)

// realName is what a database or role of a branch is called on the server,
// where names must be unique among all projects: the id of the branch, an
// underscore, the name. A branch id has no underscore, so no two are the same.
// What is too long, or can't be a name there, ends in a checksum instead.
func realName(branchID, name string) string {
	full := branchID + "_" + name
	if len(full) <= maxName && !strings.Contains(full, "\x00") {
		return full
	}
	sum := sha256.Sum256([]byte(full))
	tail := "_" + hex.EncodeToString(sum[:8])
	head := strings.ReplaceAll(full, "\x00", "")
	head = head[:min(len(head), maxName-len(tail))]
	for !utf8.ValidString(head) {
		head = head[:len(head)-1]
	}
	return head + tail
}

// groupName is the role that stands for a branch: who is a member may use its databases.
func groupName(branchID string) string { return realName(branchID, "") }

// names are all the names that branches need on the server.
type names struct {
	databases map[string]bool
	roles     map[string]bool // groups too
}

func namesOf(branches []emulator.RealBranch) names {
	n := names{databases: map[string]bool{}, roles: map[string]bool{}}
	for _, b := range branches {
		n.roles[groupName(b.ID)] = true
		for _, r := range b.Roles {
			n.roles[realName(b.ID, r.Name)] = true
		}
		for _, d := range b.Databases {
			n.databases[realName(b.ID, d.Name)] = true
		}
	}
	return n
}
