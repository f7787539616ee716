package contract

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
)

// Prefix is where Neon, and so the emulator, serves its API.
const Prefix = "/api/v2"

// ForTest returns the shared checker. Where the documents aren't installed it
// skips the test and says why, or fails it under CI=true.
func ForTest(tb testing.TB) *Checker {
	tb.Helper()
	c, skipped := sharedForTest(tb)
	if c == nil {
		tb.Skip(skipped)
	}
	return c
}

// Wrap returns h with every exchange under [Prefix] checked; violations are
// errors of tb, each once. Where the documents aren't installed it returns h as
// it is and says so, or fails the test under CI=true.
func Wrap(tb testing.TB, h http.Handler, options ...Option) http.Handler {
	tb.Helper()
	c, skipped := sharedForTest(tb)
	if c == nil {
		tb.Log(skipped)
		announce(skipped)
		return h
	}
	return c.Middleware(Prefix, reportTo(tb), h, options...)
}

// sharedForTest decides what the absence of the documents means. Without a
// checker, the text says what was skipped and how to get it.
func sharedForTest(tb testing.TB) (c *Checker, skipped string) {
	tb.Helper()
	c, err := Shared()
	if err == nil {
		return c, ""
	}
	if !mayBeSkipped(err, os.Getenv("CI")) {
		tb.Fatalf("contract check impossible: %v", err)
	}
	return nil, fmt.Sprintf("contract check skipped: %v", err)
}

// mayBeSkipped tells whether tests may go on without the documents: at somebody's
// desk, when all that is wrong is that they aren't installed.
func mayBeSkipped(err error, ci string) bool {
	return errors.Is(err, ErrNotInstalled) && ci != "true"
}

var announced sync.Once

// announce writes to standard error once per process, since logs of tests that
// pass are not shown.
func announce(text string) {
	announced.Do(func() { fmt.Fprintln(os.Stderr, text) })
}

// reportTo returns a report function that is safe to call from handlers that
// outlive the test.
func reportTo(tb testing.TB) func(Violation) {
	tb.Helper()
	var mu sync.Mutex
	over := false
	told := map[string]bool{}
	tb.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		over = true
	})
	return func(v Violation) {
		mu.Lock()
		defer mu.Unlock()
		text := v.String()
		if over || told[text] {
			return
		}
		told[text] = true
		tb.Errorf("not what Neon documents: %s", text)
	}
}
