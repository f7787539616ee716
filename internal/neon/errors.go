package neon

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Error is a refusal or failure that Neon answered with. The path is a template:
// filled in, it could hold a transfer request's id, which is a secret.
type Error struct {
	Method    string
	Route     string
	Status    int
	Code      string // Neon's code, often empty
	Message   string // Neon's words, see Blank; empty where the body had none
	RequestID string
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d %s", e.Method, e.Route, e.Status, http.StatusText(e.Status))
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Code != "" {
		b.WriteString(" (code " + e.Code + ")")
	}
	if e.RequestID != "" {
		b.WriteString(" (request id " + e.RequestID + ")")
	}
	return b.String()
}

// LimitsError is a transfer that the destination's plan can't take (406). Nothing moved.
type LimitsError struct {
	Err    *Error
	Limits []Limit
}

func (e *LimitsError) Error() string {
	words := make([]string, len(e.Limits))
	for i, l := range e.Limits {
		words[i] = fmt.Sprintf("%s is %s, and has to be %s", l.Name, l.Actual, l.Expected)
	}
	return e.Err.Error() + ": " + strings.Join(words, "; ")
}

// Unwrap gives the answer that carried the limits.
func (e *LimitsError) Unwrap() error { return e.Err }

// IntegrationsError is a transfer of projects that have integrations (422). Nothing moved.
type IntegrationsError struct {
	Err      *Error
	Projects []ProjectIntegration
}

func (e *IntegrationsError) Error() string {
	words := make([]string, len(e.Projects))
	for i, p := range e.Projects {
		words[i] = fmt.Sprintf("%s has a %s integration", p.ID, p.Integration)
	}
	return e.Err.Error() + ": " + strings.Join(words, "; ")
}

// Unwrap gives the answer that carried the projects.
func (e *IntegrationsError) Unwrap() error { return e.Err }

// PlanError is a claim that the receiver's plan can't take (406). Nothing moved.
type PlanError struct {
	Err     *Error
	Reasons []Reason
}

func (e *PlanError) Error() string {
	words := make([]string, len(e.Reasons))
	for i, r := range e.Reasons {
		words[i] = r.Message
	}
	return e.Err.Error() + ": " + strings.Join(words, "; ")
}

// Unwrap gives the answer that carried the reasons.
func (e *PlanError) Unwrap() error { return e.Err }

// OutcomeUnknownError is a change that may or may not have been made: the
// connection broke after the request left, the answer could not be read, or
// Neon failed while working on it. Look before repeating it.
type OutcomeUnknownError struct {
	Method    string
	Route     string
	RequestID string // the one the request was sent with; empty where it is shared with other moves
	Err       error
}

func (e *OutcomeUnknownError) Error() string {
	text := fmt.Sprintf("%s %s: the answer was lost, so the change may have been made or not: %v", e.Method, e.Route, e.Err)
	if e.RequestID != "" {
		text += " (request id " + e.RequestID + ")"
	}
	return text
}

// Unwrap gives what went wrong.
func (e *OutcomeUnknownError) Unwrap() error { return e.Err }

// NoAnswerError is a request that Neon gave no usable answer to and that changed
// nothing: a read, or a change that never left.
type NoAnswerError struct {
	Method string
	Route  string
	Err    error
}

func (e *NoAnswerError) Error() string { return fmt.Sprintf("%s %s: %v", e.Method, e.Route, e.Err) }

// Unwrap gives what went wrong.
func (e *NoAnswerError) Unwrap() error { return e.Err }

// OperationFailedError is work that Neon took on and then gave up.
type OperationFailedError struct {
	Operation Operation
}

func (e *OperationFailedError) Error() string {
	reason := e.Operation.Error
	if reason == "" {
		reason = "Neon gives no reason"
	}
	return fmt.Sprintf("operation %s (%s) of project %s ended %s: %s", e.Operation.ID, e.Operation.Action, e.Operation.ProjectID, e.Operation.Status, reason)
}

// IsNotFound tells whether Neon answered 404. Neon also says 404 to a key that
// may not see the thing, so 404 alone does not prove that it is gone.
func IsNotFound(err error) bool { return hasStatus(err, http.StatusNotFound) }

// IsForbidden tells whether Neon answered 403.
func IsForbidden(err error) bool { return hasStatus(err, http.StatusForbidden) }

// IsUnauthorized tells whether Neon does not accept the key (401).
func IsUnauthorized(err error) bool { return hasStatus(err, http.StatusUnauthorized) }

// IsBusy tells whether Neon answered 423: other work on the project has to end first.
func IsBusy(err error) bool { return hasStatus(err, http.StatusLocked) }

// IsTooFast tells whether Neon answered 429: the account's budget of requests is spent.
func IsTooFast(err error) bool { return hasStatus(err, http.StatusTooManyRequests) }

// IsUnavailable tells whether there was no answer, or one that says that Neon
// fails (408, 5xx), and nothing was changed.
func IsUnavailable(err error) bool {
	if IsOutcomeUnknown(err) {
		return false
	}
	if _, isSilent := errors.AsType[*NoAnswerError](err); isSilent {
		return true
	}
	answer, ok := errors.AsType[*Error](err)
	return ok && (answer.Status >= 500 || answer.Status == http.StatusRequestTimeout)
}

// IsOutcomeUnknown tells whether the change may have been made although it failed.
func IsOutcomeUnknown(err error) bool {
	_, ok := errors.AsType[*OutcomeUnknownError](err)
	return ok
}

func hasStatus(err error, status int) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == status && !IsOutcomeUnknown(err)
}

// refusalBody is any of the bodies that a refusal has.
type refusalBody struct {
	ErrorBody
	LimitsBody
	IntegrationsBody
	ReasonsBody
}

var looksLikeID = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// blank takes out what must not be shown.
func (b *refusalBody) blank(a *attempt) {
	words := []*string{&b.Code, &b.Message}
	for i := range b.Limits {
		words = append(words, &b.Limits[i].Name, &b.Limits[i].Expected, &b.Limits[i].Actual)
	}
	for i := range b.Projects {
		words = append(words, &b.Projects[i].ID, &b.Projects[i].Integration)
	}
	for i := range b.Reasons {
		words = append(words, &b.Reasons[i].Code, &b.Reasons[i].Message)
	}
	for _, word := range words {
		*word = Blank(*word, a.secrets...)
	}
	// A request's id may look like that of a transfer request, so it is only kept
	// from being one of this request.
	if !looksLikeID.MatchString(b.RequestID) || slices.Contains(a.secrets, b.RequestID) {
		b.RequestID = a.requestID
	}
}

// errorFromAnswer reads a refusal. The odd bodies are told by their shape, as
// they carry neither code nor message.
func errorFromAnswer(a *attempt, status int, header http.Header, body []byte) error {
	var fields refusalBody
	// A body that isn't JSON (a proxy's page, say) is not shown: its status is
	// all that is sure about it.
	_ = json.Unmarshal(body, &fields)
	fields.blank(a)

	base := &Error{
		Method: a.method, Route: a.route, Status: status,
		Code: fields.Code, Message: fields.Message, RequestID: fields.RequestID,
	}
	if location := header.Get("Location"); base.Message == "" && location != "" && status >= 300 && status < 400 {
		base.Message = "the server redirects elsewhere, which is not followed, so that the API key goes to no other host; check base_url"
	}
	switch {
	case len(fields.Limits) > 0:
		return &LimitsError{Err: base, Limits: fields.Limits}
	case len(fields.Projects) > 0:
		return &IntegrationsError{Err: base, Projects: fields.Projects}
	case len(fields.Reasons) > 0:
		return &PlanError{Err: base, Reasons: fields.Reasons}
	default:
		return base
	}
}
