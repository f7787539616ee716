package provider

import (
	"strings"
	"testing"
)

func TestCheckEmail(t *testing.T) {
	t.Parallel()
	domain := "@" + strings.Repeat("b.", 90) + "example"
	runChecks(t, checkEmail, "Invalid e-mail address", []checkCase{
		{"plain", "ann@example.com", ""},
		{"tag", "ann+neon@example.com", ""},
		{"256 characters", strings.Repeat("a", 256-len(domain)) + domain, ""},
		{"257 characters", strings.Repeat("a", 257-len(domain)) + domain, "has 257 characters; at most 256"},
		{"empty", "", "The value is empty."},
		{"blanks around", " ann@example.com", `write "ann@example.com"`},
		{"display name", "Ann <ann@example.com>", `write "ann@example.com"`},
		{"brackets", "<ann@example.com>", `write "ann@example.com"`},
		{"link", "mailto:ann@example.com", `write "ann@example.com"`},
		{"two", "ann@example.com, bob@example.com", "holds 2 addresses"},
		{"no domain", "ann@", "is not an e-mail address"},
		{"name", "ann", "is not an e-mail address"},
		{"member id", someUUID, "is a UUID, not an e-mail address"},
		{"URL", "https://example.com", "is a URL, not an e-mail address"},
	})
}

func TestCheckProjectName(t *testing.T) {
	t.Parallel()
	runChecks(t, checkProjectName, "Invalid project name", []checkCase{
		{"plain", "Customer database", ""},
		{"one character", "x", ""},
		{"256 characters of two bytes", strings.Repeat("é", 256), ""},
		{"257 characters", strings.Repeat("é", 257), "has 257 characters; at most 256"},
		{"empty", "", "The name is empty."},
	})
}

func TestCheckAllowedIP(t *testing.T) {
	t.Parallel()
	runChecks(t, checkAllowedIP, "Invalid allowed IP entry", []checkCase{
		{"address", "192.0.2.1", ""},
		{"IPv6 address", "2001:db8::1", ""},
		{"block", "192.0.2.0/24", ""},
		{"range", "192.0.2.1-192.0.2.9", ""},
		{"left to Neon", "192.0.2.300", ""},
		{"empty", "", "The entry is empty."},
		{"blank", " ", "The entry is empty."},
		{"two", "192.0.2.1 192.0.2.2", "has blanks in it"},
		{"trailing blank", "192.0.2.1 ", "has blanks in it"},
	})
}

func FuzzEmail(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		p := checkEmail(s)
		if p == nil && (!strings.Contains(s, "@") || len([]rune(s)) > 256) {
			t.Fatalf("%q was accepted", s)
		}
	})
}
