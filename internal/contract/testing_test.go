package contract

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// fakeTest notes errors and runs cleanups when told.
type fakeTest struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (f *fakeTest) Helper()          {}
func (f *fakeTest) Cleanup(g func()) { f.cleanups = append(f.cleanups, g) }
func (f *fakeTest) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func TestWrapFailsTheTest(t *testing.T) {
	t.Parallel()
	ForTest(t)
	fake := &fakeTest{TB: t}
	handler := Wrap(fake, canned{status: 202, received: `{}`}.handler())
	ask := func(path string) {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, Prefix+path, http.NoBody)
		handler.ServeHTTP(httptest.NewRecorder(), request)
	}
	ask("/projects")
	ask("/projects")
	if len(fake.errors) != 1 {
		t.Errorf("the same violation twice gave %q, want it once", fake.errors)
	}
	for _, cleanup := range fake.cleanups {
		cleanup()
	}
	ask("/projects/p")
	if len(fake.errors) != 1 {
		t.Errorf("a test that is over got %q", fake.errors[1:])
	}
}

func TestMayBeSkipped(t *testing.T) {
	t.Parallel()
	missing := fmt.Errorf("%w: x", ErrNotInstalled)
	for _, test := range []struct {
		err  error
		ci   string
		want bool
	}{
		{missing, "", true},
		{missing, "true", false},
		{errors.New("unreadable"), "", false},
	} {
		if got := mayBeSkipped(test.err, test.ci); got != test.want {
			t.Errorf("%v with CI=%q: got %v", test.err, test.ci, got)
		}
	}
}
