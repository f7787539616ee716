package pgserver

import (
	"context"
	"fmt"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// group makes the role that stands for a branch.
func (j *job) group(ctx context.Context, b emulator.RealBranch) error {
	name := groupName(b.ID)
	if j.roles[name] {
		return nil
	}
	if err := j.run(ctx, "CREATE ROLE %I NOLOGIN IN ROLE %I", name, marker); err != nil {
		return fmt.Errorf("branch %s: %w", b.ID, err)
	}
	j.roles[name], j.made.roles[name] = true, true
	return nil
}

// role makes a role, or gives one the password and the right to log in that it
// should have.
func (j *job) role(ctx context.Context, b emulator.RealBranch, r emulator.RealRole) error {
	name := realName(b.ID, r.Name)
	attributes, args := "NOLOGIN PASSWORD NULL", []string{name}
	if r.Password != "" {
		attributes, args = "LOGIN PASSWORD %L", append(args, r.Password)
		if b.Closed {
			attributes = "NO" + attributes
		}
	}
	if !j.roles[name] {
		if err := j.run(ctx, "CREATE ROLE %I "+attributes+" IN ROLE %I, %I", append(args, groupName(b.ID), marker)...); err != nil {
			return err
		}
		j.roles[name], j.made.roles[name] = true, true
		return nil
	}
	if err := j.run(ctx, "ALTER ROLE %I "+attributes, args...); err != nil {
		return err
	}
	// A role that could not be dropped with its branch has lost the branch's group.
	if err := j.run(ctx, "GRANT %I TO %I", groupName(b.ID), name); err != nil {
		return err
	}
	if b.Closed {
		return j.endSessions(ctx, name)
	}
	return nil
}

// database makes a database, or lets one that may have had another name be as
// it should. Until that is done nobody can connect to it.
func (j *job) database(ctx context.Context, b emulator.RealBranch, d emulator.RealDatabase, renamed string) error {
	name, owner := realName(b.ID, d.Name), realName(b.ID, d.Owner)
	have, found := j.databases[name]
	if old, isRenamed := j.databases[renamed]; !found && isRenamed {
		if err := j.rename(ctx, renamed, name); err != nil {
			return err
		}
		have, found = database{owner: old.owner}, true
	}
	if !found {
		if err := j.run(ctx, "CREATE DATABASE %I OWNER %I TEMPLATE template0 ALLOW_CONNECTIONS false", name, owner); err != nil {
			return err
		}
		have, j.made.databases[name] = database{owner: owner}, true
	}
	j.databases[name] = have
	if have.owner != owner {
		if err := j.run(ctx, "ALTER DATABASE %I OWNER TO %I", name, owner); err != nil {
			return err
		}
	}
	if have.open == b.Closed {
		toggle := j.open
		if b.Closed {
			toggle = j.shut
		}
		if err := toggle(ctx, name, groupName(b.ID)); err != nil {
			return err
		}
	}
	j.databases[name] = database{owner: owner, open: !b.Closed}
	return nil
}

// open lets the roles of the branch connect, and nobody else.
func (j *job) open(ctx context.Context, name, group string) error {
	if err := j.run(ctx, "REVOKE ALL ON DATABASE %I FROM PUBLIC", name); err != nil {
		return err
	}
	if err := j.run(ctx, "GRANT ALL ON DATABASE %I TO %I", name, group); err != nil {
		return err
	}
	return j.run(ctx, "ALTER DATABASE %I ALLOW_CONNECTIONS true", name)
}

// shut lets nobody connect, and ends the connections there are.
func (j *job) shut(ctx context.Context, name, _ string) error {
	if err := j.run(ctx, "ALTER DATABASE %I ALLOW_CONNECTIONS false", name); err != nil {
		return err
	}
	return j.run(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %L", name)
}

// rename leaves the database shut: PostgreSQL renames none that is in use.
func (j *job) rename(ctx context.Context, from, to string) error {
	if err := j.shut(ctx, from, ""); err != nil {
		return err
	}
	j.databases[from] = database{owner: j.databases[from].owner}
	if err := j.run(ctx, "ALTER DATABASE %I RENAME TO %I", from, to); err != nil {
		return err
	}
	delete(j.databases, from)
	return nil
}

func (j *job) endSessions(ctx context.Context, role string) error {
	return j.run(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %L", role)
}

// dropDatabase drops one even if its owner has made it a template.
func (j *job) dropDatabase(ctx context.Context, name string) error {
	err := j.run(ctx, "DROP DATABASE IF EXISTS %I WITH (FORCE)", name)
	if !failedWith(err, isTemplate) {
		return err
	}
	if err := j.run(ctx, "ALTER DATABASE %I IS_TEMPLATE false", name); err != nil {
		return err
	}
	return j.run(ctx, "DROP DATABASE IF EXISTS %I WITH (FORCE)", name)
}
