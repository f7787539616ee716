package neon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// scripted answers each attempt with the next step, and keeps what was asked.
type scripted struct {
	t     *testing.T
	mu    sync.Mutex
	steps []step
	seen  []*http.Request
	times []time.Time
	token string // the mark of the last creation
}

type step struct {
	status int
	body   string
	header http.Header
	// err is a failure without an answer; unsent says that nothing had left.
	err    error
	unsent bool
}

func (s *scripted) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, req)
	s.times = append(s.times, time.Now())
	if req.Method == http.MethodPost && req.Body != nil {
		body, _ := io.ReadAll(req.Body)
		var sent ProjectCreateRequest
		if json.Unmarshal(body, &sent) == nil && sent.Project.Branch != nil {
			s.token = sent.Project.Branch.Annotations[createTokenAnnotation]
		}
	}
	if len(s.steps) == 0 {
		s.t.Errorf("unexpected request %s %s", req.Method, req.URL.Path)
		return nil, errors.New("script is over")
	}
	next := s.steps[0]
	s.steps = s.steps[1:]
	if !next.unsent {
		attemptFrom(req.Context()).left.Store(true) // as httptrace would
	}
	if next.err != nil {
		return nil, next.err
	}
	header := next.header
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: next.status, Header: header, Body: io.NopCloser(strings.NewReader(strings.ReplaceAll(next.body, "TOKEN", s.token))), Request: req}, nil
}

func scriptedClient(t *testing.T, steps ...step) (*Client, *scripted) {
	t.Helper()
	script := &scripted{t: t, steps: steps}
	client, err := New(Options{APIKey: "napi_test", BaseURL: "https://neon.test/api/v2", HTTPClient: &http.Client{Transport: filling{script}}})
	if err != nil {
		t.Fatal(err)
	}
	return client, script
}

// okProject is the project that was asked for.
const okProject = `{"project":{"name":"n"}}`

func ok(body string) step  { return step{status: 200, body: body} }
func status(code int) step { return step{status: code, body: `{"code":"","message":"no"}`} }
func cut() step            { return step{err: io.ErrUnexpectedEOF} }
func refusedDial() step {
	return step{err: &net.OpError{Op: "dial", Err: errors.New("refused")}, unsent: true}
}

func TestReadsAreRepeatedOnWhateverPasses(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]step{
		"423": status(423), "429": status(429), "500": status(500), "502": status(502), "503": status(503), "504": status(504),
		"cut": cut(), "refused": refusedDial(), "truncated": ok(`{"project":{"id`), "html": ok("<html>"), "empty": ok(""),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, first, ok(okProject))
				project, err := client.GetProject(t.Context(), "a-b-12345678")
				if err != nil || project.ID != "a-b-12345678" {
					t.Fatalf("got %v, %v", project, err)
				}
				if len(script.seen) != 2 {
					t.Errorf("%d requests, want 2", len(script.seen))
				}
			})
		})
	}
}

func TestChangesAreRepeatedOnlyWhereNothingWasDone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		first     step
		isRetried bool
		isUnknown bool
	}{
		"423":       {status(423), true, false},
		"429":       {status(429), true, false},
		"503":       {status(503), true, false},
		"refused":   {refusedDial(), true, false},
		"500":       {status(500), false, true},
		"502":       {status(502), false, true},
		"504":       {status(504), false, true},
		"408":       {status(408), false, true},
		"cut":       {cut(), false, true},
		"truncated": {ok(`{"id":"x`), false, true},
		"html":      {ok("<html>"), false, true},
		"empty":     {ok(""), false, true},
		"400":       {status(400), false, false},
		"401":       {status(401), false, false},
		"403":       {status(403), false, false},
		"404":       {status(404), false, false},
		"422":       {status(422), false, false},
		"501":       {status(501), false, false},
		"302":       {step{status: 302, header: http.Header{"Location": {"https://elsewhere.test/"}}}, false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, script := scriptedClient(t, test.first)
				if test.isRetried {
					script.steps = append(script.steps, ok(`{}`))
				}
				err := client.TransferToOrganization(t.Context(), "org-a-1", "org-b-2", []string{"p"})
				if test.isRetried != (err == nil) {
					t.Errorf("error %v, want retried %v", err, test.isRetried)
				}
				if IsOutcomeUnknown(err) != test.isUnknown {
					t.Errorf("outcome unknown %v, want %v (%v)", IsOutcomeUnknown(err), test.isUnknown, err)
				}
				if len(script.steps) != 0 {
					t.Errorf("%d answers were not asked for", len(script.steps))
				}
			})
		})
	}
}

func TestLockedProjectIsWaitedForUntilTheContextEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, script := scriptedClient(t)
		for range 500 {
			script.steps = append(script.steps, status(423))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		_, err := held(client, "p").Update(ctx, ProjectUpdate{})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
		if IsOutcomeUnknown(err) {
			t.Errorf("a locked project was not changed: %v", err)
		}
		if len(script.seen) < 20 {
			t.Errorf("gave up after %d requests", len(script.seen))
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]func() string{
		"seconds": func() string { return "30" },
		"date":    func() string { return time.Now().Add(30 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				limited := status(429)
				limited.header = http.Header{"Retry-After": {value()}}
				client, script := scriptedClient(t, limited, ok(okProject), ok(okProject))
				var wg sync.WaitGroup
				wg.Go(func() { _, _ = client.GetProject(t.Context(), "first") })
				time.Sleep(time.Second)
				// A 429 says that the account is too fast, so others wait as well.
				_, _ = client.GetProject(t.Context(), "second")
				wg.Wait()
				for _, at := range script.times[1:] {
					if waited := at.Sub(script.times[0]); waited < 29*time.Second || waited > 32*time.Second {
						t.Errorf("waited %s, want about 30s", waited)
					}
				}
			})
		})
	}
}

func TestAPlanStaysWithinNeonsBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var inMinute, inSecond int
		start := time.Now()
		// Two provider processes, as in a plan and its apply, share the account.
		for range 2 {
			client, script := scriptedClient(t)
			for range 600 {
				script.steps = append(script.steps, ok(okProject))
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Until(start.Add(time.Minute))/2)
			for ctx.Err() == nil {
				if _, err := client.GetProject(ctx, "p"); err != nil {
					break
				}
			}
			cancel()
			for _, at := range script.times {
				if at.Sub(start) < time.Minute {
					inMinute++
				}
				if at.Sub(script.times[0]) < time.Second {
					inSecond++
				}
			}
		}
		if inMinute > 700 || inMinute < 500 {
			t.Errorf("%d requests in a minute, want close to and at most 700", inMinute)
		}
		if inSecond > 80 {
			t.Errorf("%d requests in both first seconds, want at most 40 in each", inSecond)
		}
	})
}

func TestErrorsCarryNeitherKeyNorAddress(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer server.Close()
	client, err := New(Options{APIKey: "napi_planted", BaseURL: server.URL + "/api/v2", MaxAttempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	err = client.AcceptTransferRequest(t.Context(), "p", "389ad814-9514-4cac-bc04-2f194815db76", "")
	if !IsOutcomeUnknown(err) {
		t.Errorf("a cut connection leaves the outcome unknown, got %v", err)
	}
	for _, secret := range []string{"389ad814", "napi_planted"} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("the error shows %q: %v", secret, err)
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the redirect was followed, with Authorization %q", r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	client, err := New(Options{APIKey: "napi_test", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	_, err = client.GetAuth(t.Context())
	if err == nil || !strings.Contains(err.Error(), "base_url") {
		t.Errorf("got %v, want an error that names base_url", err)
	}
}

func TestOddRefusalsKeepTheirReasons(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t)
	script.steps = []step{{status: 406, body: `{"limits":[{"name":"projects_count","expected":"10","actual":"12"}]}`}}
	limits, isLimits := errors.AsType[*LimitsError](client.TransferToOrganization(t.Context(), "a", "b", []string{"p"}))
	if !isLimits || limits.Limits[0] != (Limit{Name: "projects_count", Expected: "10", Actual: "12"}) {
		t.Errorf("got %v", limits)
	}
	script.steps = []step{{status: 422, body: `{"projects":[{"id":"p","integration":"vercel"}]}`}}
	integrations, isIntegrations := errors.AsType[*IntegrationsError](client.TransferToOrganization(t.Context(), "a", "b", []string{"p"}))
	if !isIntegrations || integrations.Projects[0].Integration != "vercel" {
		t.Errorf("got %v", integrations)
	}
	script.steps = []step{{status: 406, body: `{"reasons":[{"code":"c","message":"m"}]}`}}
	plan, isPlan := errors.AsType[*PlanError](client.AcceptTransferRequest(t.Context(), "p", "r", ""))
	if !isPlan || plan.Reasons[0].Message != "m" {
		t.Errorf("got %v", plan)
	}
}

func TestPathValuesCannotChangeTheRoute(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t)
	for _, id := range []string{"", ".", ".."} {
		if _, err := client.GetProject(t.Context(), id); err == nil {
			t.Errorf("id %q was accepted", id)
		}
	}
	script.steps = []step{ok(okProject)}
	if _, err := client.GetProject(t.Context(), "../users/me?x=1"); err != nil {
		t.Fatal(err)
	}
	if got := script.seen[0].URL.EscapedPath(); got != "/api/v2/projects/..%2Fusers%2Fme%3Fx=1" {
		t.Errorf("called %s", got)
	}
}

func TestListFollowsCursorsAndAsksForUnavailableProjects(t *testing.T) {
	t.Parallel()
	page := func(cursor string, unavailable []string, ids ...string) step {
		p := ProjectsPage{UnavailableProjectIDs: unavailable}
		for _, id := range ids {
			p.Projects = append(p.Projects, ProjectListItem{ProjectFields: ProjectFields{ID: id}})
		}
		if cursor != "" {
			p.Pagination = &Pagination{Cursor: cursor}
		}
		body, _ := json.Marshal(p)
		return ok(string(body))
	}
	client, script := scriptedClient(t,
		page("b", nil, "a", "b"), page("c", []string{"slow", "gone"}, "c"),
		ok(`{"project":{"id":"slow"}}`), status(404), page("", nil))
	var got []string
	for item, err := range client.ListProjects(t.Context(), ProjectFilter{OrgID: "org-a-1"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, item.ID)
	}
	if strings.Join(got, " ") != "a b c slow" {
		t.Errorf("got %v", got)
	}
	if q := script.seen[1].URL.Query(); q.Get("cursor") != "b" || q.Get("limit") != "400" || q.Get("org_id") != "org-a-1" {
		t.Errorf("second page asked with %v", q)
	}
}
