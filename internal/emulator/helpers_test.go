package emulator

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/neon-orgs/terraform-provider-neon/internal/contract"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// The default world.
const (
	adminKey    = "napi_partner_admin"
	devKey      = "napi_partner_dev"
	customerKey = "napi_customer_owner"
	orgKey      = "napi_partner_org"

	acme  = "org-partner-acme-10000001"
	labs  = "org-partner-labs-10000002"
	bloom = "org-customer-bloom-20000001"

	adminID = "6f1c2a52-58a1-4c39-9d0e-6b7f5b1f0a01"
)

// noon is when the clock of every test stands still; only Advance moves it.
var noon = time.Date(2026, time.March, 15, 12, 0, 0, 0, time.UTC)

// succeeded are the routes that answered 2xx under the contract check, in any test.
var succeeded sync.Map

// TestMain makes sure, after a whole run, that every route was seen to answer,
// and so that its answer was held against Neon's document.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	whole := !testing.Short()
	for _, part := range []string{"test.run", "test.skip", "test.list"} {
		whole = whole && flag.Lookup(part).Value.String() == ""
	}
	if code == 0 && whole {
		for _, rt := range apiRoutes() {
			if _, seen := succeeded.Load(rt.String()); !seen {
				fmt.Fprintf(os.Stderr, "FAIL: no test lets %s succeed\n", rt)
				code = 1
			}
		}
		if err := goleak.Find(); err != nil {
			fmt.Fprintf(os.Stderr, "FAIL: %v\n", err)
			code = 1
		}
	}
	os.Exit(code)
}

// testWorld is an emulator of a test's own, held against Neon's document.
type testWorld struct {
	t   *testing.T
	emu *Emulator
	url string
}

func start(t *testing.T, change ...func(*Options)) *testWorld {
	t.Helper()
	opts := Options{Clock: func() time.Time { return noon }}
	for _, f := range change {
		f(&opts)
	}
	emu, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(apiPrefix+"/", contract.Wrap(t, emu.API()))
	mux.Handle("/", emu)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.Close()
		http.DefaultClient.CloseIdleConnections()
		for _, r := range emu.Requests() {
			if r.Status >= 200 && r.Status < 300 && r.Fault == "" {
				succeeded.Store(r.Route, true)
			}
		}
	})
	return &testWorld{t: t, emu: emu, url: server.URL}
}

// seeded changes the default seed.
func seeded(change func(*Seed)) func(*Options) {
	return func(o *Options) {
		seed := DefaultSeed()
		change(&seed)
		o.Seed = &seed
	}
}

func delayed(d time.Duration) func(*Options) {
	return func(o *Options) { o.OperationDelay = d }
}

func (w *testWorld) advance(d time.Duration) {
	w.t.Helper()
	if err := w.emu.Advance(d); err != nil {
		w.t.Fatal(err)
	}
}

func (w *testWorld) fault(f Fault) {
	w.t.Helper()
	if err := w.emu.AddFault(f); err != nil {
		w.t.Fatal(err)
	}
}

// project gives the state of a project, whoever owns it.
func (w *testWorld) project(id string) Project {
	w.t.Helper()
	for _, p := range w.emu.Snapshot().Projects {
		if p.ID == id {
			return p
		}
	}
	w.t.Fatalf("there is no project %s", id)
	return Project{}
}

// person calls the API with a key.
type person struct {
	w   *testWorld
	key string
}

func (w *testWorld) as(key string) person { return person{w, key} }

// response is an answer, read to its end.
type response struct {
	t      *testing.T
	call   string
	status int
	header http.Header
	data   []byte
}

// try calls the API; the error is that of the connection.
func (p person) try(method, path, body string) (response, error) {
	p.w.t.Helper()
	return p.w.try(method, p.w.url+apiPrefix+path, body, map[string]string{"Authorization": "Bearer " + p.key})
}

func (w *testWorld) try(method, url, body string, headers map[string]string) (response, error) {
	w.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, url, reader)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return response{}, err
	}
	data, err := io.ReadAll(res.Body)
	if closeErr := res.Body.Close(); err == nil {
		err = closeErr
	}
	return response{t: w.t, call: method + " " + url, status: res.StatusCode, header: res.Header, data: data}, err
}

func (p person) do(method, path, body string) response {
	p.w.t.Helper()
	r, err := p.try(method, path, body)
	if err != nil {
		p.w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (p person) get(path string) response {
	p.w.t.Helper()
	return p.do(http.MethodGet, path, "")
}

func (p person) post(path, body string) response {
	p.w.t.Helper()
	return p.do(http.MethodPost, path, body)
}

func (p person) patch(path, body string) response {
	p.w.t.Helper()
	return p.do(http.MethodPatch, path, body)
}

func (p person) put(path, body string) response {
	p.w.t.Helper()
	return p.do(http.MethodPut, path, body)
}

func (p person) delete(path string) response {
	p.w.t.Helper()
	return p.do(http.MethodDelete, path, "")
}

// want demands a status, and for each part that the answer contains it.
func (r response) want(status int, parts ...string) response {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s answered %d, want %d: %s", r.call, r.status, status, r.data)
	}
	for _, part := range parts {
		if !bytes.Contains(r.data, []byte(part)) {
			r.t.Fatalf("%s answered without %q: %s", r.call, part, r.data)
		}
	}
	return r
}

func read[T any](r response) T {
	r.t.Helper()
	var v T
	if err := json.Unmarshal(r.data, &v); err != nil {
		r.t.Fatalf("%s: %v in %s", r.call, err, r.data)
	}
	return v
}

// at gives the value at a dotted path of the answer, as text; "" if there is none.
func (r response) at(path string) string {
	r.t.Helper()
	v := read[any](r)
	for name := range strings.SplitSeq(path, ".") {
		switch parent := v.(type) {
		case map[string]any:
			v = parent[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(parent) {
				return ""
			}
			v = parent[i]
		default:
			return ""
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// create makes a project in an organization.
func (p person) create(orgID, name string) neon.CreatedProject {
	p.w.t.Helper()
	body := fmt.Sprintf(`{"project":{"org_id":%q,"name":%q}}`, orgID, name)
	return read[neon.CreatedProject](p.post("/projects", body).want(http.StatusCreated))
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
