package pgserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// job is one change of the server. It begins with what is there of the
// emulator's, and keeps that up to date.
type job struct {
	conn      *pgx.Conn
	config    *pgx.ConnConfig
	logger    *slog.Logger
	roles     map[string]bool // groups too
	databases map[string]database
	made      names
}

// database is the state of a database on the server.
type database struct {
	owner string
	open  bool
}

// begin looks at the server, over a new connection if the old one was lost.
func (s *Server) begin(ctx context.Context) (*job, error) {
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	j, err := s.look(ctx)
	if err != nil && s.conn.IsClosed() {
		if err := s.connect(ctx); err != nil {
			return nil, err
		}
		j, err = s.look(ctx)
	}
	return j, err
}

func (s *Server) look(ctx context.Context) (*job, error) {
	ctx, cancel := context.WithTimeout(ctx, statementTime)
	defer cancel()
	j := &job{
		conn: s.conn, config: s.config, logger: s.logger, roles: map[string]bool{}, databases: map[string]database{}, made: namesOf(nil),
	}
	const members = `SELECT m.member FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE g.rolname = $1`
	rows, err := s.conn.Query(ctx, `SELECT rolname FROM pg_roles WHERE oid IN (`+members+`)`, marker)
	if err == nil {
		var name string
		_, err = pgx.ForEachRow(rows, []any{&name}, func() error {
			j.roles[name] = true
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("can't read the roles: %w", err)
	}
	rows, err = s.conn.Query(ctx, `
		SELECT datname, rolname, datallowconn FROM pg_database JOIN pg_roles r ON r.oid = datdba WHERE datdba IN (`+members+`)`, marker)
	if err == nil {
		var name string
		var d database
		_, err = pgx.ForEachRow(rows, []any{&name, &d.owner, &d.open}, func() error {
			j.databases[name] = d
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("can't read the databases: %w", err)
	}
	return j, nil
}

// names are what there is on the server.
func (j *job) names() names {
	n := names{databases: map[string]bool{}, roles: maps.Clone(j.roles)}
	for name := range j.databases {
		n.databases[name] = true
	}
	return n
}

// run executes a statement in the emulator's own database, see runOn.
func (j *job) run(ctx context.Context, statement string, args ...string) error {
	return runOn(ctx, j.conn, statement, args...)
}

// prepare makes and changes what branches need, and drops nothing. What known
// says is taken to be there already.
func (j *job) prepare(ctx context.Context, known, to []emulator.RealBranch) error {
	before := remember(known, to)
	for _, b := range to {
		if err := j.group(ctx, b); err != nil {
			return err
		}
		for _, r := range b.Roles {
			if before.roles[knownRole{b.ID, b.Closed, r}] && j.roles[realName(b.ID, r.Name)] {
				continue
			}
			if err := j.role(ctx, b, r); err != nil {
				return fmt.Errorf("role %q of branch %s: %w", r.Name, b.ID, err)
			}
		}
		for _, d := range b.Databases {
			if err := j.database(ctx, b, d, before.renamed[knownDatabase{b.ID, d.ID}]); err != nil {
				return fmt.Errorf("database %q of branch %s: %w", d.Name, b.ID, err)
			}
		}
	}
	return nil
}

// memory is what prepare asks of the known branches.
type memory struct {
	roles map[knownRole]bool
	// renamed are the real names of databases whose names aren't needed any more.
	renamed map[knownDatabase]string
}

type knownRole struct {
	branchID string
	closed   bool
	emulator.RealRole
}

type knownDatabase struct {
	branchID string
	id       int64
}

func remember(known, to []emulator.RealBranch) memory {
	m := memory{roles: map[knownRole]bool{}, renamed: map[knownDatabase]string{}}
	wanted := namesOf(to)
	for _, b := range known {
		for _, r := range b.Roles {
			m.roles[knownRole{b.ID, b.Closed, r}] = true
		}
		for _, d := range b.Databases {
			if name := realName(b.ID, d.Name); d.ID != 0 && !wanted.databases[name] {
				m.renamed[knownDatabase{b.ID, d.ID}] = name
			}
		}
	}
	return m
}

// drop removes what is among old, not wanted, and the emulator's. It stops at
// the first failure and tells how much it dropped until then.
func (j *job) drop(ctx context.Context, old, wanted names) (dropped int, err error) {
	for _, name := range slices.Sorted(maps.Keys(old.databases)) {
		if _, there := j.databases[name]; !there || wanted.databases[name] {
			continue
		}
		if err := j.dropDatabase(ctx, name); err != nil {
			return dropped, err
		}
		delete(j.databases, name)
		dropped++
	}
	for _, name := range slices.Sorted(maps.Keys(old.roles)) {
		if !j.roles[name] || wanted.roles[name] {
			continue
		}
		if err := j.dropRole(ctx, name); err != nil {
			return dropped, errors.Join(fmt.Errorf("role %q can't be dropped", name), err)
		}
		delete(j.roles, name)
		dropped++
	}
	return dropped, nil
}
