//go:build unix

// Package pgtest runs a PostgreSQL server for a test, on loopback and in a
// directory that goes with the test.
package pgtest

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
)

const password = "the ward's \"pass\"word %\\" // as unpleasant as they come

// Cluster is a PostgreSQL server. It takes connections over TCP, by password alone.
type Cluster struct {
	tb       testing.TB
	dir      string
	bin      string
	port     int
	identity *syscall.SysProcAttr // whom the server runs as
}

// Start makes and starts a server. Where PostgreSQL isn't installed the test is
// skipped, and fails if CI is "true".
func Start(tb testing.TB) *Cluster {
	tb.Helper()
	bin := binaries()
	if bin == "" {
		const missing = "PostgreSQL is not installed (no initdb in PATH or in /usr/lib/postgresql/*/bin)"
		if os.Getenv("CI") == "true" {
			tb.Fatal(missing + "; with CI=true this test may not be left out")
		}
		tb.Skip("SKIPPED: real databases are not tested: " + missing)
	}
	dir, err := os.MkdirTemp("", "pgtest-") //nolint:usetesting // the server's user couldn't get through the parent of TempDir
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	c := &Cluster{tb: tb, dir: dir, bin: bin, port: freePort(tb)}
	c.runAsSomebody()
	secret := filepath.Join(dir, "password")
	if err := os.WriteFile(secret, []byte(password), 0o644); err != nil { //nolint:gosec // of a server that only this test uses, for its user to read
		tb.Fatal(err)
	}
	c.command("initdb", "--no-sync", "--username=postgres", "--auth=scram-sha-256", "--pwfile="+secret, "--encoding=UTF8", "--locale=C", c.data())
	c.Start()
	tb.Cleanup(c.Stop)
	return c
}

// URL is the address of a database as the superuser.
func (c *Cluster) URL(database string) string { return c.URLAs("postgres", password, database) }

// URLAs is the address of a database as a role.
func (c *Cluster) URLAs(role, password, database string) string {
	u := url.URL{
		Scheme: "postgresql", User: url.UserPassword(role, password), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)),
		Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Start starts a server that was stopped.
func (c *Cluster) Start() {
	c.tb.Helper()
	options := fmt.Sprintf("-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories='' -c fsync=off -c max_connections=30", c.port)
	c.command("pg_ctl", "--pgdata="+c.data(), "--log="+filepath.Join(c.dir, "log"), "--options="+options, "--wait", "start")
}

// Stop ends the server at once, as a crash would; again is fine.
func (c *Cluster) Stop() {
	c.tb.Helper()
	if _, err := os.Stat(filepath.Join(c.data(), "postmaster.pid")); err == nil {
		c.command("pg_ctl", "--pgdata="+c.data(), "--mode=immediate", "--wait", "stop")
	}
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// command runs a program of PostgreSQL. It outlives the test's context, since
// stopping the server comes after the test.
func (c *Cluster) command(name string, args ...string) {
	c.tb.Helper()
	cmd := exec.CommandContext(context.Background(), filepath.Join(c.bin, name), args...) //nolint:gosec // programs that binaries found
	cmd.Dir = c.dir
	cmd.SysProcAttr = c.identity
	// The server keeps a pipe open that it is given, and Wait would wait for its end.
	out, err := os.CreateTemp(c.dir, "out-")
	if err != nil {
		c.tb.Fatal(err)
	}
	defer func() { _ = out.Close() }() // only read again by its name
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		c.tb.Fatalf("%s: %v\n%s", name, err, said)
	}
}

// runAsSomebody hands the directory to another user where the test is root's:
// PostgreSQL refuses to run as root.
func (c *Cluster) runAsSomebody() {
	c.tb.Helper()
	if os.Getuid() != 0 {
		return
	}
	somebody, err := user.Lookup("postgres")
	if err != nil {
		somebody, err = user.Lookup("nobody")
	}
	if err != nil {
		c.tb.Fatal(err)
	}
	uid, gid := number(c.tb, somebody.Uid), number(c.tb, somebody.Gid)
	if err := os.Chown(c.dir, int(uid), int(gid)); err != nil {
		c.tb.Fatal(err)
	}
	c.identity = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
}

func number(tb testing.TB, s string) uint32 {
	tb.Helper()
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		tb.Fatal(err)
	}
	return uint32(n)
}

// binaries finds the directory with PostgreSQL's programs: the newest of
// Debian's, or the one in PATH. "" is none.
func binaries() string {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err == nil && len(found) > 0 {
		return filepath.Dir(slices.Max(found))
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return ""
	}
	return filepath.Dir(path)
}

func freePort(tb testing.TB) int {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	address, _ := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil {
		tb.Fatal(err)
	}
	return address.Port
}
