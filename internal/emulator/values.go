package emulator

import "strconv"

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func valueOr[T any](p *T, fallback T) T {
	if p == nil {
		return fallback
	}
	return *p
}

// maxIdentifier is the longest name of a Postgres role or database, in bytes.
const maxIdentifier = 63

func checkIdentifier(where, name string) error {
	if name == "" || len(name) > maxIdentifier {
		return badRequest("%s must be 1 to %d bytes long", where, maxIdentifier)
	}
	return nil
}
