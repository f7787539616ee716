package contract

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

// serve runs a handler behind a middleware over real HTTP.
func serve(t *testing.T, handler http.HandlerFunc) (url string, violations func() []Violation) {
	t.Helper()
	checker := ForTest(t)
	var mu sync.Mutex
	var found []Violation
	report := func(v Violation) {
		mu.Lock()
		defer mu.Unlock()
		found = append(found, v)
	}
	server := httptest.NewServer(checker.Middleware(Prefix, report, handler))
	t.Cleanup(server.Close)
	return server.URL, func() []Violation {
		server.Close()
		return found
	}
}

func get(t *testing.T, url string) (*http.Response, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err == nil {
		t.Cleanup(func() { _ = response.Body.Close() })
	}
	return response, err
}

func TestExchangeIsNotAltered(t *testing.T) {
	t.Parallel()
	const sent = `{"project":{"name":"shop"}}`
	url, violations := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got, err := io.ReadAll(r.Body)
		if string(got) != sent || err != nil || r.ContentLength != int64(len(sent)) {
			t.Errorf("the handler got %s, %v", got, err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Any", "thing")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusCreated)
		for part := range strings.SplitAfterSeq(createdProject, ",") {
			_, _ = io.WriteString(w, part)
			w.(http.Flusher).Flush()
		}
	})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+Prefix+"/projects", strings.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	received, err := io.ReadAll(response.Body)
	if string(received) != createdProject || err != nil || response.StatusCode != http.StatusCreated || response.Header.Get("X-Any") != "thing" {
		t.Errorf("the client got %d %v %s, %v", response.StatusCode, response.Header, received, err)
	}
	for _, v := range violations() {
		t.Error(v)
	}
}

func TestBrokenRequestBodyIsPassedOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	handler := func(_ http.ResponseWriter, r *http.Request) {
		if got, err := io.ReadAll(r.Body); string(got) != "{" || !errors.Is(err, broken) {
			t.Errorf("the handler got %s, %v", got, err)
		}
		if err := r.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	body := io.MultiReader(strings.NewReader("{"), iotest.ErrReader(broken))
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, Prefix+"/projects", body)
	ForTest(t).Middleware(Prefix, func(Violation) {}, http.HandlerFunc(handler)).ServeHTTP(httptest.NewRecorder(), request)
}

func TestLostAnswersAreNotChecked(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"aborted": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		},
		"hijacked": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_ = conn.Close()
		},
		"hijacked by a controller": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_ = conn.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, violations := serve(t, handler)
			if response, err := get(t, url+Prefix+"/projects"); err == nil {
				_ = response.Body.Close()
				t.Error("the client got an answer")
			}
			if found := violations(); len(found) > 0 {
				t.Errorf("found %v", found)
			}
		})
	}
}

// A handler that ends without a word has answered 200, unless nobody waits.
func TestSilentHandler(t *testing.T) {
	t.Parallel()
	url, violations := serve(t, func(http.ResponseWriter, *http.Request) {})
	response, err := get(t, url+Prefix+"/projects")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if found := violations(); len(found) != 1 || found[0].In != InContentType {
		t.Errorf("found %v", found)
	}
}

func TestClientWentAway(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	url, violations := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { <-arrived; cancel() }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+Prefix+"/projects", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := http.DefaultClient.Do(request); err == nil {
		_ = response.Body.Close()
		t.Error("the client got an answer")
	}
	if found := violations(); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func TestOtherPathsPass(t *testing.T) {
	t.Parallel()
	url, violations := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "state") })
	for _, path := range []string{"/_emulator/state", "/api/v20/projects", "/"} {
		response, err := get(t, url+path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
	}
	if found := violations(); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func TestLenientClient(t *testing.T) {
	t.Parallel()
	checker := ForTest(t)
	refused := canned{request: "POST /projects?x=1", sent: `{"project":1}`, userAgent: providerAgent, status: 400, received: errorBody}
	if found := refused.violations(t, checker, LenientClient()); len(found) > 0 {
		t.Errorf("refused: found %v", found)
	}
	accepted := canned{request: "POST /projects?x=1", sent: `{"project":1}`, userAgent: providerAgent, status: 201, received: createdProject}
	if found := accepted.violations(t, checker, LenientClient()); len(found) != 2 {
		t.Errorf("accepted: found %v, want the query and the body", found)
	}
}

func BenchmarkList(b *testing.B) {
	checker, err := Shared()
	if err != nil {
		b.Skip(err)
	}
	for _, n := range []int{1, 400} {
		answer := `{"projects":[` + strings.TrimSuffix(strings.Repeat(listedProject+",", n), ",") + `],"applications":{},"integrations":{}}`
		handler := checker.Middleware(Prefix, func(v Violation) { b.Error(v) }, canned{status: 200, received: answer}.handler())
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, Prefix+"/projects?limit=400", http.NoBody)
				handler.ServeHTTP(httptest.NewRecorder(), request)
			}
		})
	}
}
