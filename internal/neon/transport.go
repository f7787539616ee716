package neon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
)

const (
	maxAnswerBytes = 32 << 20 // no answer of Neon's comes near; a larger one is a mistake
	minBackoff     = 250 * time.Millisecond
	maxBackoff     = 15 * time.Second
	maxRetryAfter  = 2 * time.Minute
	// maxUnlike is how often a read is sent whose answer is JSON and not what it must
	// be. That may be a passing fault of something in between; more likely it stays.
	maxUnlike = 3
	// changeGrace is how long the answer to a change that is under way is waited for
	// after the context has ended, as by Ctrl-C: with the answer it is known what was
	// made. It leaves a CLI time to save the state within five seconds.
	changeGrace = 4 * time.Second
)

// transport repeats requests by Neon's rules: GET on everything transient; other
// methods only where Neon says that nothing was done (423, 429, 503) or where the
// request never left. It keeps the rate budgets.
type transport struct {
	http        *retryablehttp.Client
	limiter     *limiter
	clock       func() time.Time
	maxAttempts int
	log         func(context.Context, Event)
}

func newTransport(options Options) *transport {
	t := &transport{
		limiter:     newLimiter(options.RequestsPerMinute, options.ConsumptionRequestsPerMinute),
		clock:       options.Clock,
		maxAttempts: options.MaxAttempts,
		log:         options.Log,
	}
	httpClient := &http.Client{Transport: cleanhttp.DefaultPooledTransport(), Timeout: defaultAttemptTimeout}
	if options.HTTPClient != nil {
		copied := *options.HTTPClient
		httpClient = &copied
	}
	inner := httpClient.Transport
	if inner == nil {
		inner = cleanhttp.DefaultPooledTransport()
	}
	httpClient.Transport = &attemptTransport{transport: t, inner: inner}
	// A redirect is an answer here: following it would carry the key along.
	httpClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	t.http = &retryablehttp.Client{
		HTTPClient:   httpClient,
		RetryMax:     math.MaxInt32, // checkRetry counts, as it knows why
		CheckRetry:   t.checkRetry,
		Backoff:      t.backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	return t
}

// send returns what the answer of a success holds, as call.read reads it, or the error
// that the answer is.
func (t *transport) send(req *retryablehttp.Request, a *attempt) (any, error) {
	resp, err := t.http.Do(req)
	if resp != nil {
		// There may be an answer beside an error, when the context ended with it.
		defer func() { _ = resp.Body.Close() }()
	}
	if err != nil {
		return nil, a.failed(stripURL(err))
	}
	if isSuccess(resp) {
		return a.answer, nil
	}
	body, err := io.ReadAll(resp.Body) // already in memory, see attemptTransport
	if err != nil {
		return nil, a.lost(err)
	}
	refusal := errorFromAnswer(a, resp.StatusCode, resp.Header, body)
	if undecided(resp.StatusCode) {
		return nil, a.lost(refusal)
	}
	return nil, refusal
}

func isSuccess(resp *http.Response) bool { return resp.StatusCode >= 200 && resp.StatusCode < 300 }

// undecided lists the answers that leave open whether a change was made. Other
// refusals are decisions; a 503 says that nothing was done.
func undecided(status int) bool {
	return status == http.StatusRequestTimeout ||
		(status >= 500 && status != http.StatusServiceUnavailable && status != http.StatusNotImplemented)
}

// attempt is what the layers need to know of the call that is being made.
type attempt struct {
	method    string
	route     string
	requestID string
	secrets   []string // of the request, which Neon's words may repeat
	count     int      // attempts so far
	locked    int      // how many of them met a 423
	unlike    int      // how many got an answer that is none
	call      *call
	answer    any         // what the answer of a success holds, see call.read
	left      atomic.Bool // whether this attempt's request may have reached Neon
}

type attemptKey struct{}

// trace marks the moment from which a request may have reached Neon.
func (a *attempt) trace(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, attemptKey{}, a)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { a.left.Store(true) },
	})
}

func attemptFrom(ctx context.Context) *attempt {
	a, _ := ctx.Value(attemptKey{}).(*attempt)
	return a
}

// failed turns a failure without an answer into the caller's error.
func (a *attempt) failed(err error) error {
	if a.left.Load() {
		return a.lost(err)
	}
	return &NoAnswerError{Method: a.method, Route: a.route, Err: err}
}

// lost says of a change that its outcome is unknown. A read has no outcome.
func (a *attempt) lost(err error) error {
	if a.method == http.MethodGet {
		return &NoAnswerError{Method: a.method, Route: a.route, Err: err}
	}
	return &OutcomeUnknownError{Method: a.method, Route: a.route, RequestID: a.requestID, Err: err}
}

// checkRetry decides whether to send the request again.
func (t *transport) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	again := t.isWorthRepeating(ctx, resp, err)
	if cause := context.Cause(ctx); cause != nil && (again || err != nil) {
		return false, cause
	}
	// An answer that settles the matter counts, though the context ended with it.
	return again, nil
}

func (t *transport) isWorthRepeating(ctx context.Context, resp *http.Response, err error) bool {
	a := attemptFrom(ctx)
	if resp != nil && resp.StatusCode == http.StatusLocked {
		// Other work on the project has to end first, which may take minutes. The
		// caller's context says how long that is worth.
		a.locked++
		_, bounded := ctx.Deadline()
		return bounded || a.locked < t.maxAttempts
	}
	if a.count-a.locked >= t.maxAttempts {
		return false
	}
	isRead := a.method == http.MethodGet
	if _, isUnlike := errors.AsType[*AnswerError](err); isUnlike {
		return isRead && a.unlike < maxUnlike
	}
	if err != nil {
		return (isRead || !a.left.Load()) && transient(err)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return true
	default:
		return isRead && undecided(resp.StatusCode)
	}
}

// transient leaves out what repeating can't mend.
func transient(err error) bool {
	return !errors.Is(err, errAnswerTooLarge) && !errors.Is(err, errRateWait)
}

// backoff waits as long as Neon says, else exponentially with jitter, so that
// callers that failed together don't come back together.
func (t *transport) backoff(_, _ time.Duration, count int, resp *http.Response) time.Duration {
	wait := min(maxBackoff, minBackoff<<min(count, 10))
	wait = wait/2 + rand.N(wait/2+1) //nolint:gosec // jitter needs no secrecy
	if resp == nil {
		return wait
	}
	told, isTold := retryAfter(resp.Header, t.clock())
	if isTold {
		wait = min(told, maxRetryAfter)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		a := attemptFrom(resp.Request.Context())
		spent := t.limiter.tightest(a.method, a.route)
		if !isTold {
			wait = max(wait, spent.leastPause)
		}
		spent.pause(wait)
	}
	return wait
}

// retryAfter reads the header's two forms: seconds, or a date.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, int(maxRetryAfter/time.Second))) * time.Second, true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, date.Sub(now)), true
	}
	return 0, false
}

var (
	errAnswerTooLarge = fmt.Errorf("the answer is larger than %d MiB and was not read", maxAnswerBytes>>20)
	errNotJSON        = errors.New("the answer is not JSON, so it is not from Neon's API, or was cut short")
	errRateWait       = errors.New("waiting for the rate limit")
)

// attemptTransport is one attempt: it waits for the budget, sends, reads the
// whole answer (so that a broken one counts as a failed attempt) and logs.
type attemptTransport struct {
	transport *transport
	inner     http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t *attemptTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	a := attemptFrom(req.Context())
	a.count++
	a.left.Store(false)
	if err := t.transport.limiter.wait(req.Context(), a.method, a.route); err != nil {
		return nil, fmt.Errorf("%w: %w", errRateWait, err)
	}
	if a.method != http.MethodGet {
		patient, end := withGrace(req.Context(), changeGrace)
		defer end()
		req = req.WithContext(patient)
	}
	start := time.Now()
	resp, err := t.inner.RoundTrip(req)
	if err == nil {
		err = a.take(resp)
	}
	if err != nil {
		err = a.blank(err)
	}
	t.logAttempt(req.Context(), a, resp, time.Since(start), err)
	if err != nil {
		return nil, err
	}
	// An answer settles this attempt: should the context end before the next one,
	// nothing is under way.
	a.left.Store(false)
	return resp, nil
}

// withGrace gives a context that ends a while after the other one. What has to be
// freed is freed by the function.
func withGrace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	patient, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if err := sleep(patient, grace); err == nil {
			cancel(context.Cause(ctx))
		}
	})
	return patient, func() {
		stop()
		cancel(nil)
	}
}

func (t *attemptTransport) logAttempt(ctx context.Context, a *attempt, resp *http.Response, took time.Duration, err error) {
	if t.transport.log == nil {
		return
	}
	e := Event{Method: a.method, Route: a.route, Attempt: a.count, RequestID: a.requestID, Duration: took, Err: err}
	if resp != nil {
		e.Status = resp.StatusCode
	}
	t.transport.log(ctx, e)
}

// take reads the whole answer into memory, and what the answer of a success holds.
func (a *attempt) take(resp *http.Response) error {
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if len(body) > maxAnswerBytes {
		return errAnswerTooLarge
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if !isSuccess(resp) {
		return nil
	}
	a.answer, err = a.call.read(resp.StatusCode, body)
	if _, isUnlike := errors.AsType[*AnswerError](err); isUnlike {
		a.unlike++
	}
	return err
}

// stripURL drops the address that net/http puts into its errors: it may hold a
// transfer request's id.
func stripURL(err error) error {
	if urlErr, ok := errors.AsType[*url.Error](err); ok {
		return urlErr.Err
	}
	return err
}
