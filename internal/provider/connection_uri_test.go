package provider

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseConnectionURI(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]connectionParts{
		"postgresql://ann:s3cret@ep-cool-breeze-a1b2c3d4.us-east-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require": {
			host: "ep-cool-breeze-a1b2c3d4.us-east-1.aws.neon.tech", port: 5432, user: "ann", password: "s3cret", database: "neondb",
			options: map[string]string{"sslmode": "require", "channel_binding": "require"},
		},
		"postgres://ann%40home:p%2Fw%23@127.0.0.1:6543/my%20db": {
			host: "127.0.0.1", port: 6543, user: "ann@home", password: "p/w#", database: "my db", options: map[string]string{},
		},
		"postgresql://ann@[::1]/db": {host: "::1", port: 5432, user: "ann", database: "db", options: map[string]string{}},
		"postgresql://ann:@h/db":    {host: "h", port: 5432, user: "ann", database: "db", options: map[string]string{}},
	} {
		got, problem := parseConnectionURI(uri)
		if problem != nil {
			t.Errorf("%s: %s", uri, problem.detail)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(connectionParts{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", uri, diff)
		}
	}
}

func TestParseConnectionURIRefuses(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"":                                          "empty",
		" ":                                         "empty",
		"ann:planted@h/db":                          "doesn't begin with postgresql://",
		"mysql://ann:planted@h/db":                  "doesn't begin with postgresql://",
		"host=h user=ann password=planted":          "doesn't begin with postgresql://",
		"postgresql://h/db":                         "no user",
		"postgresql://:planted@h/db":                "no user",
		"postgresql://ann:planted@/db":              "no host",
		"postgresql://ann:planted@h":                "no database",
		"postgresql://ann:planted@h/":               "no database",
		"postgresql://ann:planted@h:port/db":        "not a well-formed URI",
		"postgresql://ann:plan/ted@h/db":            "not a well-formed URI",
		"postgresql://ann:planted@h/db?a=%zz":       "malformed",
		"postgresql://ann:planted@h:99999999999/db": "port is not a number",
	} {
		_, problem := parseConnectionURI(uri)
		if problem == nil || !strings.Contains(problem.detail, want) {
			t.Errorf("%s: got %v, want %q", uri, problem, want)
		}
		if problem != nil && strings.Contains(problem.summary+problem.detail, "planted") {
			t.Errorf("the message has the password: %s", problem.detail)
		}
	}
}
