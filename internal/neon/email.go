package neon

import "strings"

// SameEmail tells whether two e-mail addresses are one person's: Neon compares them
// without regard to case.
func SameEmail(a, b string) bool { return emailKey(a) == emailKey(b) }

// emailKey is an e-mail address as a key of maps.
func emailKey(email string) string { return strings.ToLower(email) }
