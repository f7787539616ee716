//go:build unix

package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver/pgtest"
)

// databases counts the databases on a server that PostgreSQL didn't come with.
func databases(t *testing.T, cluster *pgtest.Cluster) int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), cluster.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }() // only asked
	var n int
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_database WHERE datname LIKE 'br-%'").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// connects tells whether a connection string works.
func connects(t *testing.T, uri string) bool {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), uri)
	if err != nil {
		return false
	}
	return conn.Close(t.Context()) == nil
}

func TestPostgresWithTheProgram(t *testing.T) {
	cluster := pgtest.Start(t)
	flags := []string{"--postgres", cluster.URL("postgres")}
	p := startProgram(t, flags...)
	_, uri, err := p.createProject(t.Context(), "app")
	if err != nil {
		t.Fatal(err)
	}
	if !connects(t, uri) {
		t.Error("the connection string doesn't work")
	}
	// The databases of a world that isn't kept go with it, at the next start at the latest.
	p.kill(t)
	if got := databases(t, cluster); got != 1 {
		t.Errorf("%d databases after a kill", got)
	}
	p = startProgram(t, flags...)
	if got := databases(t, cluster); got != 0 {
		t.Errorf("%d databases after another start", got)
	}
	if _, _, err := p.createProject(t.Context(), "app"); err != nil {
		t.Fatal(err)
	}
	p.interrupt(t)
	if got := databases(t, cluster); got != 0 {
		t.Errorf("%d databases after the end", got)
	}

	// Those of a kept world stay.
	flags = append(flags, "--persist", filepath.Join(t.TempDir(), "world.json"))
	p = startProgram(t, flags...)
	if _, uri, err = p.createProject(t.Context(), "app"); err != nil {
		t.Fatal(err)
	}
	p.kill(t)
	p = startProgram(t, flags...)
	if !connects(t, uri) {
		t.Error("the connection string doesn't work after a restart")
	}
	p.interrupt(t)
	if got := databases(t, cluster); got != 1 {
		t.Errorf("%d databases after the end of a kept world", got)
	}
}

func TestRunRefusesServers(t *testing.T) {
	cluster := pgtest.Start(t)
	cluster.Stop()
	err := run(t.Context(), []string{"--listen", "127.0.0.1:0", "--postgres", cluster.URL("postgres")}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "can't connect to the PostgreSQL server") {
		t.Errorf("the error is %v", err)
	}
}
