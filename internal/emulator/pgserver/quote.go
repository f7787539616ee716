package pgserver

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

// runOn executes a statement: %I stands for a name, %L for a string, whatever is
// in them. An error shows the statement as it is written in the program, without
// passwords.
func runOn(ctx context.Context, conn *pgx.Conn, statement string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, statementTime)
	defer cancel()
	quoted, err := quote(statement, args...)
	if err == nil {
		_, err = conn.Exec(ctx, quoted)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

var verb = regexp.MustCompile(`%[IL]`)

// quote puts names and strings into a statement. The server's own functions for
// that are not called: in a tenant's database the tenant may have others.
func quote(statement string, args ...string) (string, error) {
	for _, arg := range args {
		if strings.Contains(arg, "\x00") {
			return "", errors.New("PostgreSQL takes no text with a zero byte in it")
		}
	}
	return verb.ReplaceAllStringFunc(statement, func(verb string) string {
		arg := args[0]
		args = args[1:]
		if verb == "%I" {
			return `"` + strings.ReplaceAll(arg, `"`, `""`) + `"`
		}
		// With E a backslash means the same whatever the server's settings are.
		return `E'` + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(arg) + `'`
	}), nil
}
