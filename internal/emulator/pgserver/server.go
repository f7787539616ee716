// Package pgserver gives the emulator's projects real databases and roles on a
// PostgreSQL server, so that their connection strings work.
//
// A database or role is called by the id of its branch and its own name, and
// every role is a member of the role neon_emulator. By that the emulator knows
// what is its own; it touches nothing else on the server.
package pgserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const (
	connectTime = 10 * time.Second
	// statementTime is how long one statement may take. Making a database is the slowest.
	statementTime = 30 * time.Second

	minVersion = 140000 // as server_version_num says it

	// lockNumber is the advisory lock of the one emulator that may use the server.
	lockNumber = 7_777_001
	// lockTime is how long to wait for a lock, in milliseconds.
	lockTime = "5000"
	// lockNotAvailable is the SQLSTATE of a lock that lasted longer.
	lockNotAvailable = "55P03"
)

// Server is a PostgreSQL server that holds the databases of one emulator. Its
// methods are called one at a time, ConnectionURI aside.
type Server struct {
	config *pgx.ConnConfig
	logger *slog.Logger
	// sslMode is what clients have to say about TLS: as the emulator's own connection has it.
	sslMode string

	conn *pgx.Conn
	// current is what the server should hold, by project.
	current map[string][]emulator.RealBranch
	// repair says that it may hold something else, because it failed half-way.
	repair bool
}

var _ emulator.DatabaseServer = (*Server)(nil)

// Open connects to a server by a URL such as
// postgresql://postgres@127.0.0.1:5432/postgres; what it leaves out comes from
// the variables and the password file of psql. The role must be a superuser. An error says why the server can't be used; it has no password in it.
func Open(ctx context.Context, address string, logger *slog.Logger) (*Server, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("the address of the PostgreSQL server can't be read: %w", err)
	}
	if strings.HasPrefix(config.Host, "/") {
		return nil, errors.New("the PostgreSQL server must be given by host and port: connection strings can't name a socket that clients may not reach")
	}
	config.ConnectTimeout = connectTime
	config.RuntimeParams["application_name"] = "neon-emulator"
	config.RuntimeParams["lock_timeout"] = lockTime
	s := &Server{config: config, logger: logger, current: map[string][]emulator.RealBranch{}}
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Close ends the connection and leaves what is on the server.
func (s *Server) Close(ctx context.Context) error {
	if s.conn == nil {
		return nil
	}
	return s.conn.Close(ctx)
}

// ConnectionURI leads to a database of a branch, by the real names.
func (s *Server) ConnectionURI(branchID, database, role, password string) string {
	user := url.User(realName(branchID, role))
	if password != "" {
		user = url.UserPassword(realName(branchID, role), password)
	}
	u := url.URL{
		Scheme: "postgresql", User: user, Host: net.JoinHostPort(s.config.Host, strconv.Itoa(int(s.config.Port))),
		Path: "/" + realName(branchID, database), RawQuery: "sslmode=" + s.sslMode,
	}
	return u.String()
}

// connect makes the connection anew where it is lost.
func (s *Server) connect(ctx context.Context) error {
	if s.conn != nil && !s.conn.IsClosed() {
		return nil
	}
	conn, err := pgx.ConnectConfig(ctx, s.config)
	if err != nil {
		return fmt.Errorf("can't connect to the PostgreSQL server: %w", err)
	}
	if err := s.prepareServer(ctx, conn); err != nil {
		return errors.Join(err, conn.Close(ctx))
	}
	s.sslMode = "disable"
	if _, encrypted := conn.PgConn().Conn().(*tls.Conn); encrypted {
		s.sslMode = "require"
	}
	s.conn = conn
	return nil
}

// prepareServer holds the server against what the emulator needs, locks it
// against other emulators, and makes the marker.
func (s *Server) prepareServer(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, statementTime)
	defer cancel()
	var version int
	var super, marked bool
	err := conn.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int,
		       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
		       EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, marker).Scan(&version, &super, &marked)
	switch {
	case err != nil:
		return fmt.Errorf("can't look at the PostgreSQL server: %w", err)
	case version < minVersion:
		return fmt.Errorf("the PostgreSQL server has version %d; the emulator needs 14 or newer", version/10000)
	case !super:
		return fmt.Errorf("the role %q of the PostgreSQL server is not a superuser; the emulator makes databases and roles and needs one", s.config.User)
	}
	// The server takes a moment to notice that an emulator was killed, so there
	// is some waiting. A lock is known by the database it was taken in as well:
	// another emulator may have come through another database.
	var elsewhere bool
	_, err = conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, lockNumber)
	if failure := new(pgconn.PgError); errors.As(err, &failure) && failure.Code == lockNotAvailable {
		err, elsewhere = nil, true
	}
	if err == nil && !elsewhere {
		err = conn.QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND pid <> pg_backend_pid())`,
			lockNumber).Scan(&elsewhere)
	}
	if err != nil {
		return fmt.Errorf("can't lock the PostgreSQL server: %w", err)
	}
	if elsewhere {
		return errors.New("another emulator uses the PostgreSQL server; each needs one of its own")
	}
	if marked {
		return nil
	}
	if _, err := conn.Exec(ctx, "CREATE ROLE "+marker+" NOLOGIN"); err != nil {
		return fmt.Errorf("can't make the role %s: %w", marker, err)
	}
	return nil
}
