package pgserver

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// helperPrefix begins the names of the roles that enter databases of tenants.
// No role of a branch is called so: those have an underscore.
const helperPrefix = "neon-emulator-helper-"

// dropRole hands what a role has made in its branch to the owner of the
// database, as Neon does, and drops the role. If something in a database
// that is not its branch's holds it, it stays, and nobody can log in as it.
func (j *job) dropRole(ctx context.Context, name string) error {
	if err := j.run(ctx, "ALTER ROLE %I NOLOGIN", name); err != nil {
		return err
	}
	if err := j.endSessions(ctx, name); err != nil {
		return err
	}
	strayed, err := j.disown(ctx, name)
	if err != nil {
		return err
	}
	// Rights on whole databases are left; they can be taken from anywhere.
	if err := j.run(ctx, "DROP OWNED BY %I", name); err != nil {
		return err
	}
	err = j.run(ctx, "DROP ROLE %I", name)
	if strayed && failedWith(err, stillDepends) {
		j.logger.Warn("a role can't be dropped, because something in a database of others depends on it; nobody can log in as it",
			slog.String("role", name), slog.Any("error", err))
		return nil
	}
	return err
}

// disown takes from a role all that is in some database. strayed reports whether
// any of it was in a database that is not its branch's: whoever owns that must
// not get it, since a function can run with the rights of its owner.
func (j *job) disown(ctx context.Context, role string) (strayed bool, err error) {
	owners, err := j.databasesWith(ctx, role)
	if err != nil {
		return false, err
	}
	branch, inBranch := j.branchRoles(role)
	for _, database := range slices.Sorted(maps.Keys(owners)) {
		owner := owners[database]
		if inBranch && slices.Contains(branch, owner) {
			if err := j.handOver(ctx, database, role, owner, branch); err != nil {
				return false, err
			}
			continue
		}
		strayed = true
		if err := j.enter(ctx, database, []string{role}, statement{"DROP OWNED BY %I", []string{role}}); err != nil {
			j.logger.Warn("what a role has made in a database of others can't be dropped",
				slog.String("role", role), slog.String("database", database), slog.Any("error", err))
		}
	}
	return strayed, nil
}

// branchRoles are the roles of the branch that a role belongs to, itself and the
// group included.
func (j *job) branchRoles(role string) (roles []string, found bool) {
	branchID, _, _ := strings.Cut(role, "_")
	if !j.roles[groupName(branchID)] {
		return nil, false
	}
	for name := range j.roles {
		if strings.HasPrefix(name, groupName(branchID)) {
			roles = append(roles, name)
		}
	}
	slices.Sort(roles)
	return roles, true
}

// handOver gives what is a role's in a database of its branch to the owner of
// the database, and takes the rights from it that other roles of the branch gave.
func (j *job) handOver(ctx context.Context, database, role, owner string, branch []string) (err error) {
	// PostgreSQL gives a function to no role that could not make one in its schema.
	// The owner could once it has the rights of the role.
	err = j.run(ctx, "GRANT %I TO %I", role, owner)
	if err != nil && !failedWith(err, wouldBeCircular) {
		return err
	}
	defer func() { err = errors.Join(err, j.run(ctx, "REVOKE %I FROM %I", role, owner)) }()
	return j.enter(ctx, database, branch,
		statement{"REASSIGN OWNED BY %I TO %I", []string{role, owner}},
		statement{"DROP OWNED BY %I", []string{role}})
}

// statement is what runOn executes.
type statement struct {
	text string
	args []string
}

// enter executes statements in a database where tenants may have put anything:
// as a role made for it, which has the rights of those tenants' roles and no
// others. Whatever is brought to run there could have run without it.
func (j *job) enter(ctx context.Context, database string, rights []string, statements ...statement) (err error) {
	helper, password := helperPrefix+strings.ToLower(rand.Text()), rand.Text()
	groups := strings.TrimSuffix(strings.Repeat("%I, ", len(rights)+1), ", ")
	args := append([]string{helper, password, marker}, rights...)
	if err := j.run(ctx, "CREATE ROLE %I LOGIN PASSWORD %L IN ROLE "+groups, args...); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.run(ctx, "DROP ROLE %I", helper)) }()
	config := j.config.Copy()
	config.Database, config.User, config.Password = database, helper, password
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is lost with it
	for _, s := range statements {
		if err := runOn(ctx, conn, s.text, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// databasesWith returns the databases in which something is a role's, and their owners.
func (j *job) databasesWith(ctx context.Context, role string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, statementTime)
	defer cancel()
	rows, err := j.conn.Query(ctx, `
		SELECT DISTINCT d.datname, o.rolname
		FROM pg_shdepend s
		JOIN pg_roles r ON r.oid = s.refobjid AND s.refclassid = 'pg_authid'::regclass
		JOIN pg_database d ON d.oid = s.dbid
		JOIN pg_roles o ON o.oid = d.datdba
		WHERE r.rolname = $1`, role)
	if err != nil {
		return nil, err
	}
	owners := map[string]string{}
	var name, owner string
	_, err = pgx.ForEachRow(rows, []any{&name, &owner}, func() error {
		owners[name] = owner
		return nil
	})
	return owners, err
}
