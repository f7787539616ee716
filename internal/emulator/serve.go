package emulator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// maxBody is the longest request body the emulator reads, in bytes.
const maxBody = 1 << 20

// answer is what goes out for an API request.
type answer struct {
	status  int
	headers map[string]string
	body    []byte
	// cut closes the connection after so many bytes of the body; -1 doesn't.
	cut int
}

// call is one API request, entered in the journal.
type call struct {
	e       *Emulator
	r       *http.Request
	route   *route // nil for a path the emulator lacks
	params  map[string]string
	path    string // escaped, relative to /api/v2
	body    []byte
	bodyErr error
	started time.Time
	owner   string // see RequestRecord.Owner
	record  *RequestRecord
	due     time.Time // of work that was delayed; else zero
}

// serveAPI answers one API request: journal, latency, faults, then the work.
func (e *Emulator) serveAPI(w http.ResponseWriter, r *http.Request) {
	e.catchUp()
	c := e.receive(w, r)
	if !pause(r, e.opts.Latency) {
		c.finish(answer{}, nil)
		panic(http.ErrAbortHandler)
	}
	effect := e.faults.take(r.Method, c.path)
	a, alive := c.meet(effect)
	c.finish(a, effect)
	c.log(r.Context())
	if !alive {
		panic(http.ErrAbortHandler)
	}
	send(w, a, c.record.RequestID, effect.changesAnswer())
}

// receive reads a request and enters it in the journal.
func (e *Emulator) receive(w http.ResponseWriter, r *http.Request) *call {
	c := &call{e: e, r: r, started: time.Now(), path: strings.TrimPrefix(r.URL.EscapedPath(), apiPrefix)}
	c.route, c.params = match(e.routes, r.Method, c.path)
	c.body, c.bodyErr = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	c.record = &RequestRecord{
		Method: r.Method, Path: hideTransferRequest(c.path), Query: r.URL.RawQuery, RequestBody: c.body,
		RequestID: cmp.Or(r.Header.Get("X-Request-ID"), uuid.NewString()), UserAgent: r.UserAgent(),
	}
	if c.route != nil {
		c.record.Route = c.route.String()
	}
	e.locked(func(w *world) {
		c.record.At = w.now
		if who, err := w.authenticate(r); err == nil {
			c.record.Key = who.String()
		}
	})
	e.journal.begin(c.record)
	return c
}

// finish completes the record, before the answer goes out: who has the answer
// finds it in the journal.
func (c *call) finish(a answer, effect *FaultEffect) {
	c.e.journal.finish(c.record, func() {
		c.record.Status, c.record.Fault, c.record.Owner = a.status, effect.String(), c.owner
		c.record.ResponseBody = a.body
		c.record.DurationMS = time.Since(c.started).Milliseconds()
	})
}

// log tells of a finished request.
func (c *call) log(ctx context.Context) {
	c.e.opts.Logger.LogAttrs(ctx, slog.LevelInfo, "request",
		slog.String("method", c.record.Method), slog.String("path", c.record.Path), slog.Int("status", c.record.Status),
		slog.String("key", c.record.Key), slog.String("request_id", c.record.RequestID), slog.String("fault", c.record.Fault))
}

// work does what the request asks for and encodes what comes of it. effect may
// be nil.
func (c *call) work(effect *FaultEffect) answer {
	if c.bodyErr != nil {
		return c.refusal(refuse(http.StatusRequestEntityTooLarge, "the request body is longer than %d bytes or broken off", maxBody))
	}
	if c.route == nil {
		return c.refusal(unknownPath(c.r.Method, c.record.Path))
	}
	x := &exchange{params: c.params, body: c.body}
	if effect != nil {
		x.failOperations, x.unavailable = effect.FailOperations, effect.Unavailable
	}
	if host, _, err := net.SplitHostPort(c.r.RemoteAddr); err == nil {
		x.from = host
	}
	var out reply
	run := c.e.change
	if c.r.Method == http.MethodGet {
		run = c.e.read
	}
	err := run(func(w *world) (err error) {
		x.w = w
		if !c.due.IsZero() {
			w.now = c.due
		}
		c.owner = w.ownerIn(c.params)
		out, err = c.e.dispatch(x, c.r, c.route)
		return err
	})
	if err != nil {
		return c.refusal(err)
	}
	return encode(out.status, out.body)
}

// dispatch checks a request in the order key, budget, kind of key, input, and
// then hands it to its route.
func (e *Emulator) dispatch(x *exchange, r *http.Request, rt *route) (reply, error) {
	c, err := x.w.authenticate(r)
	if err != nil {
		return reply{}, err
	}
	x.caller = c
	if e.opts.RateLimit {
		if err := e.limits.spend(x.w.now, c.account().id(), rt); err != nil {
			return reply{}, err
		}
	}
	c.key.LastUsedAt, c.key.LastUsedFrom = new(x.w.second()), x.from
	if err := rt.keys.permits(c); err != nil {
		return reply{}, err
	}
	if err := checkParams(x.params); err != nil {
		return reply{}, err
	}
	if x.query, err = checkQuery(r.URL.Query(), rt.query); err != nil {
		return reply{}, err
	}
	if err := checkBody(x, r, rt); err != nil {
		return reply{}, err
	}
	return rt.handle(x)
}

func checkBody(x *exchange, r *http.Request, rt *route) error {
	x.body = bytes.TrimSpace(x.body)
	switch {
	case rt.body == nil:
		x.body = nil
		return nil
	case len(x.body) == 0 && rt.bodyOptional:
		return nil
	case len(x.body) == 0:
		return badRequest("a request body is required")
	}
	if !isJSON(r) {
		return refuse(http.StatusUnsupportedMediaType, "the request body must be application/json")
	}
	if err := checkJSON(x.body, rt.body); err != nil {
		return badRequest("%s", err)
	}
	return nil
}

func encode(status int, body any) answer {
	if body == nil {
		return answer{status: status, cut: -1}
	}
	data, err := json.Marshal(body)
	if err != nil {
		// Answers are plain structs: this is a mistake in the emulator.
		panic(err)
	}
	return answer{status: status, body: data, cut: -1}
}

// refusal encodes an error. One that isn't a refusal is a mistake in the
// emulator and answers 500.
func (c *call) refusal(err error) answer {
	var refused *apiError
	if !errors.As(err, &refused) {
		c.e.opts.Logger.Error("the emulator failed", slog.Any("error", err))
		refused = refuse(http.StatusInternalServerError, "the emulator failed: %s", err)
	}
	body := refused.body
	if general, ok := body.(neon.ErrorBody); ok {
		general.RequestID = c.record.RequestID
		body = general
	}
	a := encode(refused.status, body)
	a.headers = refused.headers
	return a
}

// send writes an answer. fault is told in a header when it changed the answer.
func send(w http.ResponseWriter, a answer, requestID, fault string) {
	h := w.Header()
	if len(a.body) > 0 {
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	h.Set("X-Neon-Ret-Request-Id", requestID)
	if fault != "" {
		h.Set("X-Emulator-Fault", fault)
	}
	for name, value := range a.headers {
		h.Set(name, value)
	}
	w.WriteHeader(a.status)
	if a.cut >= 0 && a.cut < len(a.body) {
		_, _ = w.Write(a.body[:a.cut]) // the connection is cut next: nobody can be told
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.body) // the client is gone when this fails
}

// pause waits, and tells whether the client is still there.
func pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
