//go:build unix

package pgserver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/neon-orgs/terraform-provider-neon/internal/contract"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver/pgtest"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const (
	adminKey    = "napi_partner_admin"
	customerKey = "napi_customer_owner"
	acme        = "org-partner-acme-10000001"
	bloom       = "org-customer-bloom-20000001"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is an emulator with real databases, held against Neon's document.
type world struct {
	t       *testing.T
	cluster *pgtest.Cluster
	server  *pgserver.Server
	emu     *emulator.Emulator
	url     string
}

func start(t *testing.T, cluster *pgtest.Cluster, change ...func(*emulator.Options)) *world {
	t.Helper()
	server, err := pgserver.Open(t.Context(), cluster.URL("postgres"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close(context.WithoutCancel(t.Context())) }) // it may be lost already
	opts := emulator.Options{Databases: server}
	for _, f := range change {
		f(&opts)
	}
	emu, err := emulator.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(contract.Wrap(t, emu.API()))
	t.Cleanup(func() {
		api.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return &world{t: t, cluster: cluster, server: server, emu: emu, url: api.URL + "/api/v2"}
}

// call makes an API request and demands a status.
func (w *world) call(status int, key, method, path, body string) []byte {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // read to its end
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		w.t.Fatalf("%s %s answered %d, want %d: %s (%v)", method, path, res.StatusCode, status, data, err)
	}
	return data
}

// admin is call with the key of the partner's admin.
func (w *world) admin(status int, method, path, body string) []byte {
	w.t.Helper()
	return w.call(status, adminKey, method, path, body)
}

// project is a project of a test, with what is asked of it most.
type project struct {
	neon.CreatedProject
	path, branch, uri string
}

func (w *world) create(name string) project {
	w.t.Helper()
	body := fmt.Sprintf(`{"project":{"org_id":%q,"name":%q}}`, acme, name)
	p := project{CreatedProject: decode[neon.CreatedProject](w.t, w.admin(http.StatusCreated, http.MethodPost, "/projects", body))}
	p.path = "/projects/" + p.Project.ID
	p.branch = p.path + "/branches/" + p.Branch.ID
	p.uri = p.ConnectionURIs[0].ConnectionURI
	return p
}

// uriOf asks for the connection string of a role and a database.
func (w *world) uriOf(key string, p project, branchID, database, role string) string {
	w.t.Helper()
	query := url.Values{"branch_id": {branchID}, "database_name": {database}, "role_name": {role}}
	return decode[struct {
		URI string `json:"uri"`
	}](w.t, w.call(http.StatusOK, key, http.MethodGet, p.path+"/connection_uri?"+query.Encode(), "")).URI
}

func decode[T any](t *testing.T, data []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// query connects by a connection string and gives the one text that a query answers.
func query(t *testing.T, uri, sql string) (string, error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), uri)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(t.Context()) }() // a test of its own is asked next
	var text string
	if err := conn.QueryRow(t.Context(), sql).Scan(&text); err != nil {
		return "", err
	}
	return text, nil
}

func answers(t *testing.T, uri, sql, want string) {
	t.Helper()
	if got, err := query(t, uri, sql); err != nil || got != want {
		t.Errorf("%s: got %q and error %v, want %q", sql, got, err, want)
	}
}

// execute runs statements over a connection string.
func execute(t *testing.T, uri string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }() // a test of its own is asked next
	for _, sql := range statements {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

func refused(t *testing.T, uri, why string) {
	t.Helper()
	if _, err := query(t, uri, "SELECT 'in'"); err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("connecting gave error %v, want one that says %q", err, why)
	}
}

// held gives the databases and roles on the server that PostgreSQL didn't come with.
func held(t *testing.T, cluster *pgtest.Cluster) []string {
	t.Helper()
	text, err := query(t, cluster.URL("postgres"), `
		SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') FROM (
			SELECT 'database:' || datname AS name FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')
			UNION ALL
			SELECT 'role:' || rolname FROM pg_roles WHERE rolname NOT LIKE 'pg\_%' AND rolname <> 'postgres') AS things`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(text)
}

// holds demands that the server has just the marker, the emulator's own database and what is named.
func holds(t *testing.T, cluster *pgtest.Cluster, want ...string) {
	t.Helper()
	want = append(want, "role:neon_emulator", "database:neon-emulator")
	slices.Sort(want)
	got := held(t, cluster)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the server has %q, want %q", got, want)
	}
}

// usual is what a new project has on the server.
func (p project) usual() []string {
	id := p.Branch.ID
	return []string{"database:" + id + "_neondb", "role:" + id + "_", "role:" + id + "_neondb_owner"}
}

const week = 7 * 24 * time.Hour
