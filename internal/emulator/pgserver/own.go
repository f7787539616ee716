package pgserver

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// ownDatabase is where the administrator works. No database of a branch is
	// called so: those have an underscore.
	ownDatabase = "neon-emulator"

	// lockNumber is the advisory lock of the one emulator that may use the server.
	lockNumber = 7_777_001
	// lockTime is how long to wait for a lock, in milliseconds.
	lockTime = "5000"
)

// The SQLSTATEs that mean something to the emulator.
const (
	lockNotAvailable = "55P03" // the lock lasted longer than lockTime
	isTemplate       = "42809" // in DROP DATABASE: wrong object type
	stillDepends     = "2BP01" // in DROP ROLE: something depends on it
	wouldBeCircular  = "0LP01" // in GRANT: the one is a member of the other already
)

func failedWith(err error, code string) bool {
	failure, isFailure := errors.AsType[*pgconn.PgError](err)
	return isFailure && failure.Code == code
}

// parameters are the settings that every connection begins with. They go before
// those of a database, which its owner can change.
func parameters() map[string]string {
	return map[string]string{
		"application_name":  "neon-emulator",
		"lock_timeout":      lockTime,
		"statement_timeout": strconv.FormatInt(statementTime.Milliseconds(), 10),
		// Nothing is looked up where a tenant could have put it.
		"search_path": "pg_catalog",
		// quote relies on it.
		"client_encoding":               "UTF8",
		"standard_conforming_strings":   "on",
		"default_transaction_read_only": "off",
		"local_preload_libraries":       "",
		"role":                          "none",
	}
}

// connectOwn connects to the emulator's own database, which it makes where it is
// missing, and locks it against other emulators. No tenant can enter that
// database, so that all there is in it is PostgreSQL's.
func (s *Server) connectOwn(ctx context.Context) (*pgx.Conn, error) {
	first, err := pgx.ConnectConfig(ctx, s.config)
	if err != nil {
		return nil, fmt.Errorf("can't connect to the PostgreSQL server: %w", err)
	}
	if err := errors.Join(s.prepareServer(ctx, first), first.Close(ctx)); err != nil {
		return nil, err
	}
	config := s.config.Copy()
	config.Database = ownDatabase
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("can't connect to the database %q of the PostgreSQL server: %w", ownDatabase, err)
	}
	if err := takeOver(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// prepareServer checks the server against what the emulator needs, and makes
// the emulator's own database.
func (s *Server) prepareServer(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, statementTime)
	defer cancel()
	var version int
	var super, ready bool
	var owner *bool // whether the owner of the database is a superuser; nil where there is no database
	err := conn.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int,
		       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
		       EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datallowconn AND NOT has_database_privilege('public', oid, 'CONNECT')),
		       (SELECT rolsuper FROM pg_database JOIN pg_roles r ON r.oid = datdba WHERE datname = $1)`,
		ownDatabase).Scan(&version, &super, &ready, &owner)
	switch {
	case err != nil:
		return fmt.Errorf("can't look at the PostgreSQL server: %w", err)
	case version < minVersion:
		return fmt.Errorf("the PostgreSQL server has version %d; the emulator needs 14 or newer", version/10000)
	case !super:
		return fmt.Errorf("the role %q of the PostgreSQL server is not a superuser; the emulator makes databases and roles and needs one",
			s.config.User)
	case owner != nil && !*owner:
		return fmt.Errorf("the PostgreSQL server has a database %q that does not belong to a superuser; rename it, the emulator needs the name",
			ownDatabase)
	case ready:
		return nil
	}
	var statements []string
	if owner == nil {
		statements = append(statements, "CREATE DATABASE %I TEMPLATE template0 ALLOW_CONNECTIONS false")
	}
	// It opens once nobody else can come in.
	statements = append(statements, "REVOKE ALL ON DATABASE %I FROM PUBLIC", "ALTER DATABASE %I ALLOW_CONNECTIONS true")
	for _, statement := range statements {
		if err := runOn(ctx, conn, statement, ownDatabase); err != nil {
			return fmt.Errorf("can't make the database %q: %w", ownDatabase, err)
		}
	}
	return nil
}

// takeOver locks the server against other emulators, and makes the marker.
func takeOver(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, statementTime)
	defer cancel()
	// The server takes a moment to notice that an emulator was killed, so there
	// is some waiting.
	_, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, lockNumber)
	if failedWith(err, lockNotAvailable) {
		return errors.New("another emulator uses the PostgreSQL server; each needs one of its own")
	}
	if err != nil {
		return fmt.Errorf("can't lock the PostgreSQL server: %w", err)
	}
	var marked bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, marker).Scan(&marked)
	if err == nil && !marked {
		err = runOn(ctx, conn, "CREATE ROLE %I NOLOGIN", marker)
	}
	if err != nil {
		return fmt.Errorf("can't make the role %s: %w", marker, err)
	}
	return nil
}
