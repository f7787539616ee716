package pgserver

import "testing"

func TestQuote(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		statement string
		args      []string
		want      string
	}{
		{"DROP ROLE x", nil, `DROP ROLE x`},
		{"DROP ROLE %I", []string{`Größe "; DROP ROLE postgres; --`}, `DROP ROLE "Größe ""; DROP ROLE postgres; --"`},
		{"ALTER ROLE %I PASSWORD %L", []string{`%L`, `%I`}, `ALTER ROLE "%L" PASSWORD E'%I'`},
		{"ALTER ROLE %I PASSWORD %L", []string{`\`, `\'; DROP ROLE postgres; --`}, `ALTER ROLE "\" PASSWORD E'\\''; DROP ROLE postgres; --'`},
		{"GRANT %I TO %I, %I", []string{"$1", "$$", ""}, `GRANT "$1" TO "$$", ""`},
	} {
		if got, err := quote(tt.statement, tt.args...); err != nil || got != tt.want {
			t.Errorf("%s with %q is %s (%v), want %s", tt.statement, tt.args, got, err, tt.want)
		}
	}
	if got, err := quote("ALTER ROLE %I PASSWORD %L", "x", "a\x00b"); err == nil {
		t.Errorf("a zero byte gave %q and no error", got)
	}
}
