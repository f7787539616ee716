package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
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

// serveAPI answers one API request: journal, latency, faults, then the work.
func (e *Emulator) serveAPI(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	path := strings.TrimPrefix(r.URL.EscapedPath(), apiPrefix)
	rt, params := match(e.routes, r.Method, path)
	record := &RequestRecord{
		Method: r.Method, Path: hideTransferRequest(path), Query: r.URL.RawQuery,
		RequestID: cmp.Or(r.Header.Get("X-Request-ID"), uuid.NewString()), UserAgent: r.UserAgent(),
	}
	e.locked(func(w *world) {
		record.At = w.now
		if c, err := w.authenticate(r); err == nil {
			record.Key = c.String()
		}
	})
	if rt != nil {
		record.Route = rt.String()
	}
	body, bodyErr := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	record.RequestBody = body
	e.journal.begin(record)

	finish := func(a answer, fault string) {
		e.journal.finish(record, func() {
			record.Status, record.Fault = a.status, fault
			record.ResponseBody = a.body
			record.DurationMS = time.Since(started).Milliseconds()
		})
		e.opts.Logger.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("path", record.Path),
			slog.Int("status", a.status), slog.String("key", record.Key), slog.String("request_id", record.RequestID), slog.String("fault", fault))
	}
	work := func(effect *FaultEffect) answer {
		if bodyErr != nil {
			return e.encodeError(refuse(http.StatusRequestEntityTooLarge, "the request body is longer than %d bytes or broken off", maxBody), record.RequestID)
		}
		return e.answer(r, rt, params, body, path, record.RequestID, effect)
	}

	if !pause(r, e.opts.Latency) {
		finish(answer{}, "")
		panic(http.ErrAbortHandler)
	}
	effect := e.faults.take(r.Method, path)
	if effect == nil {
		a := work(nil)
		finish(a, "")
		send(w, a, record.RequestID, "")
		return
	}
	a, alive := applyFault(r, effect, work)
	finish(a, effect.String())
	if !alive {
		panic(http.ErrAbortHandler)
	}
	send(w, a, record.RequestID, effect.changesAnswer())
}

// answer does the work of a request and encodes what comes of it.
func (e *Emulator) answer(r *http.Request, rt *route, params map[string]string, body []byte, path, requestID string, effect *FaultEffect) answer {
	if rt == nil {
		return e.encodeError(unknownPath(r.Method, hideTransferRequest(path)), requestID)
	}
	x := &exchange{params: params, body: body}
	if effect != nil {
		x.failOperations, x.unavailable = effect.FailOperations, effect.Unavailable
	}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		x.from = host
	}
	var out reply
	var err error
	e.locked(func(w *world) {
		x.w = w
		out, err = e.dispatch(x, r, rt)
	})
	if err != nil {
		return e.encodeError(err, requestID)
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
		if err := e.limits.spend(x.w.now, c.account().id(), rt.String()); err != nil {
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
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
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

// encodeError gives a refusal its request id. An error that isn't a refusal is
// a mistake in the emulator and answers 500.
func (e *Emulator) encodeError(err error, requestID string) answer {
	var refusal *apiError
	if !errors.As(err, &refusal) {
		e.opts.Logger.Error("the emulator failed", slog.Any("error", err))
		refusal = refuse(http.StatusInternalServerError, "the emulator failed: %s", err)
	}
	body := refusal.body
	if general, ok := body.(neon.ErrorBody); ok {
		general.RequestID = requestID
		body = general
	}
	a := encode(refusal.status, body)
	a.headers = refusal.headers
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
