// Package pgserver gives the emulator's projects real databases and roles on a
// PostgreSQL server, so that their connection strings work.
//
// A database or role is called by the id of its branch and its own name, and
// every role is a member of the role neon_emulator. By that the emulator knows
// what is its own; it touches nothing else on the server.
//
// The roles are tenants, and a tenant may be hostile: it may leave functions,
// operators and settings in a database for a superuser to trip over. So the
// superuser works in a database of its own, which no tenant can enter (see
// connectOwn), and a database of a tenant is entered only as a role that has no
// rights but tenants' (see enter).
package pgserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

const (
	connectTime = 10 * time.Second
	// statementTime is how long one statement may take. Making a database is the slowest.
	statementTime = 30 * time.Second

	minVersion = 140000 // as server_version_num says it
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
	maps.Copy(config.RuntimeParams, parameters())
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
	conn, err := s.connectOwn(ctx)
	if err != nil {
		return err
	}
	s.sslMode = "disable"
	if _, encrypted := conn.PgConn().Conn().(*tls.Conn); encrypted {
		s.sslMode = "require"
	}
	s.conn = conn
	return nil
}
