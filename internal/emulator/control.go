package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxControlBody is the longest body the control API reads, in bytes: a whole
// world may come in.
const maxControlBody = 256 << 20

// controlError is how the control API says what is wrong.
type controlError struct {
	Error string `json:"error"`
}

type controlHandler func(e *Emulator, body []byte) (status int, answer any)

// controlRoutes are the calls of the control API, by path and method.
var controlRoutes = map[string]map[string]controlHandler{
	"/state":    {http.MethodGet: getState, http.MethodPut: putState},
	"/reset":    {http.MethodPost: reset},
	"/requests": {http.MethodGet: getRequests, http.MethodDelete: deleteRequests},
	"/faults":   {http.MethodGet: getFaults, http.MethodPost: postFault, http.MethodDelete: deleteFaults},
	"/changes":  {http.MethodPost: postChange},
	"/clock":    {http.MethodGet: getClock, http.MethodPost: postClock},
	"/metrics":  {http.MethodGet: getMetrics},

	"/invitations/accept": {http.MethodPost: acceptInvitations},
}

// serveControl answers programs, and pages of the emulator's own. No other site
// can use it: what changes something must be declared as JSON, even without a body.
func (e *Emulator) serveControl(w http.ResponseWriter, r *http.Request) {
	if fromAnotherSite(r) {
		writeJSON(w, http.StatusForbidden, controlError{"a browser sent this request for another site; call the control API from a program, such as curl"})
		return
	}
	path := strings.TrimPrefix(r.URL.Path, controlPrefix)
	methods, found := controlRoutes[path]
	if !found {
		writeJSON(w, http.StatusNotFound, controlError{fmt.Sprintf("the control API has no %s; it has %s", path, strings.Join(slices.Sorted(maps.Keys(controlRoutes)), ", "))})
		return
	}
	handle, found := methods[r.Method]
	if !found {
		allowed := strings.Join(slices.Sorted(maps.Keys(methods)), ", ")
		w.Header().Set("Allow", allowed)
		writeJSON(w, http.StatusMethodNotAllowed, controlError{fmt.Sprintf("%s takes %s", path, allowed)})
		return
	}
	if (r.Method != http.MethodGet || r.ContentLength != 0) && !isJSON(r) {
		writeJSON(w, http.StatusUnsupportedMediaType, controlError{
			r.Method + " " + path + " needs the header Content-Type: application/json, with or without a body",
		})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
	if err != nil {
		writeJSON(w, http.StatusRequestEntityTooLarge, controlError{fmt.Sprintf("the body can't be read: %s", err)})
		return
	}
	status, answer := handle(e, body)
	writeJSON(w, status, answer)
}

// writeJSON answers with a document, or with nothing for a nil one.
func writeJSON(w http.ResponseWriter, status int, v any) {
	if v == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone when this fails
}

func wrong(err error) (int, any) { return http.StatusBadRequest, controlError{err.Error()} }

// failed is wrong, unless the file or the PostgreSQL server was what failed.
func failed(err error) (int, any) {
	if refusal, isRefusal := errors.AsType[*apiError](err); isRefusal {
		return refusal.status, controlError{err.Error()}
	}
	return wrong(err)
}

func getState(e *Emulator, _ []byte) (int, any) { return http.StatusOK, e.Snapshot() }

func putState(e *Emulator, body []byte) (int, any) {
	seed, err := ParseSeed(body)
	if err != nil {
		return wrong(err)
	}
	if err := e.Restore(seed); err != nil {
		return failed(err)
	}
	return http.StatusNoContent, nil
}

func reset(e *Emulator, _ []byte) (int, any) {
	if err := e.Reset(); err != nil {
		return failed(err)
	}
	return http.StatusNoContent, nil
}

func getRequests(e *Emulator, _ []byte) (int, any) {
	return http.StatusOK, map[string]any{"requests": e.Requests()}
}

func deleteRequests(e *Emulator, _ []byte) (int, any) {
	e.ClearRequests()
	return http.StatusNoContent, nil
}

func getFaults(e *Emulator, _ []byte) (int, any) {
	return http.StatusOK, map[string]any{"faults": e.faults.list()}
}

func postFault(e *Emulator, body []byte) (int, any) {
	var f Fault
	if err := decodeStrictly(body, &f); err != nil {
		return wrong(err)
	}
	if err := e.AddFault(f); err != nil {
		return wrong(err)
	}
	return http.StatusCreated, f
}

func deleteFaults(e *Emulator, _ []byte) (int, any) {
	e.ClearFaults()
	return http.StatusNoContent, nil
}

// clockState is what the clock calls answer.
type clockState struct {
	Now   time.Time `json:"now"`
	Ahead Duration  `json:"ahead"` // of the time it would be without advancing
}

func getClock(e *Emulator, _ []byte) (int, any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return http.StatusOK, clockState{Now: e.nowLocked(), Ahead: Duration(e.ahead)}
}

func postClock(e *Emulator, body []byte) (int, any) {
	var request struct {
		Advance Duration `json:"advance"`
	}
	if err := decodeStrictly(body, &request); err != nil {
		return wrong(err)
	}
	if err := e.Advance(time.Duration(request.Advance)); err != nil {
		return failed(err)
	}
	return getClock(e, nil)
}

// acceptInvitations lets a person sign up and join wherever they are invited.
func acceptInvitations(e *Emulator, body []byte) (int, any) {
	var request struct {
		Email string `json:"email"`
	}
	if err := decodeStrictly(body, &request); err != nil {
		return wrong(err)
	}
	seats, err := e.AcceptInvitations(request.Email)
	if err != nil {
		return failed(err)
	}
	return http.StatusOK, map[string]any{"members": seats}
}

// metrics counts what happened and what there is.
type metrics struct {
	// Requests are those in the journal, by route.
	Requests    map[string]int `json:"requests"`
	RateLimited int            `json:"rate_limited"`
	Objects     map[string]int `json:"objects"`
}

func getMetrics(e *Emulator, _ []byte) (int, any) {
	m := metrics{Requests: e.journal.countByRoute(), RateLimited: e.limits.refusals()}
	e.locked(func(w *world) { m.Objects = w.countObjects() })
	return http.StatusOK, m
}

func (j *journal) countByRoute() map[string]int {
	j.mu.Lock()
	defer j.mu.Unlock()
	counts := map[string]int{}
	for _, r := range j.entries {
		if r.Route == "" {
			counts[r.Method+" (unknown)"]++
			continue
		}
		counts[r.Route]++
	}
	return counts
}

// countObjects counts what the world holds, by kind. Deleted projects are a
// kind of their own.
func (w *world) countObjects() map[string]int {
	counts := map[string]int{"users": len(w.users), "organizations": len(w.orgs), "keys": len(w.callers)}
	for _, o := range w.orgs {
		counts["members"] += len(o.Members)
		counts["pending_invitations"] += o.pending()
	}
	for _, p := range w.projects {
		if p.DeletedAt != nil {
			counts["deleted_projects"]++
			continue
		}
		counts["projects"]++
		counts["operations"] += len(p.Operations)
		counts["permissions"] += len(p.Permissions)
		counts["transfer_requests"] += len(p.TransferRequests)
		for _, b := range p.Branches {
			counts["branches"]++
			counts["endpoints"] += len(b.Endpoints)
			counts["databases"] += len(b.Databases)
			counts["roles"] += len(b.Roles)
		}
	}
	return counts
}
