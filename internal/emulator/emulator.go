package emulator

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The paths an Emulator serves.
const (
	apiPrefix     = "/api/v2"
	controlPrefix = "/_emulator"
)

// Options say how an emulator behaves.
type Options struct {
	// Seed is the world to start with; nil is DefaultSeed.
	Seed *Seed
	// Latency is how long every API answer takes at least.
	Latency time.Duration
	// OperationDelay is how long operations run after a change, by the
	// emulator's clock. Meanwhile changes to the project answer 423.
	OperationDelay time.Duration
	// RateLimit turns Neon's documented request budgets on.
	RateLimit bool
	// Clock gives the time; nil is time.Now. Advance is added to it.
	Clock func() time.Time
	// Logger gets a line for each request, without secrets; nil logs nothing.
	Logger *slog.Logger
	// Store keeps the world in a file; nil keeps it in memory alone. A world that
	// the store has goes before Seed, which then is what Reset goes back to.
	Store *Store
	// Databases holds real databases for the projects; nil for none.
	Databases DatabaseServer
}

// Emulator is a Neon control plane in memory. It is safe for concurrent use.
type Emulator struct {
	opts   Options
	seed   Seed
	routes []*route
	// pageKey signs the forms of the pages.
	pageKey []byte

	journal journal
	faults  faultTable
	late    lateWork
	limits  rateLimiter

	mu    sync.Mutex // guards what is below
	ahead time.Duration
	world *world
}

// New starts an emulator. An error names what is wrong with the seed or with the
// world in the store.
func New(opts Options) (*Emulator, error) {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.OperationDelay < 0 || opts.Latency < 0 {
		return nil, errors.New("the latency and the operation delay can't be negative")
	}
	seed := DefaultSeed()
	if opts.Seed != nil {
		seed = *opts.Seed
	}
	e := &Emulator{opts: opts, routes: apiRoutes(), pageKey: newPageKey()}
	var err error
	if e.seed, err = copySeed(seed); err != nil {
		return nil, err
	}
	first, err := e.build(seed)
	if err != nil {
		return nil, fmt.Errorf("the seed can't be used: %w", err)
	}
	if store := opts.Store; store.HasWorld() {
		if first, err = e.buildFrom(*store.world); err != nil {
			return nil, fmt.Errorf("the world in %s can't be used, and was left as it is: %w", store.path, err)
		}
	}
	if err := e.become(first, !opts.Store.HasWorld()); err != nil {
		return nil, err
	}
	return e, nil
}

// ServeHTTP serves the API under /api/v2, the control API under /_emulator, and
// pages for people: the claim page at /app/claim and the state of things at /.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.catchUp()
	switch {
	case !isPage(r.URL.Path) && !hostExpected(r):
		writeJSON(w, http.StatusMisdirectedRequest, controlError{"the emulator listens on this computer alone, so it answers only under an address of this computer, such as 127.0.0.1 or localhost"})
	case under(r.URL.Path, apiPrefix):
		e.serveAPI(w, r)
	case under(r.URL.Path, controlPrefix):
		e.serveControl(w, r)
	case isPage(r.URL.Path):
		e.servePage(w, r)
	default:
		writeJSON(w, http.StatusNotFound, controlError{fmt.Sprintf("nothing is here: the API is under %s, the control API under %s", apiPrefix, controlPrefix)})
	}
}

// API serves /api/v2 alone, journal and faults included, so that a checking
// handler can be put around it.
func (e *Emulator) API() http.Handler { return http.HandlerFunc(e.serveAPI) }

// Requests gives the journal of API requests, oldest first.
func (e *Emulator) Requests() []RequestRecord { return e.journal.records() }

// CountRequests is how many requests the journal holds.
func (e *Emulator) CountRequests() int { return e.journal.count() }

// ClearRequests empties the journal.
func (e *Emulator) ClearRequests() { e.journal.clear() }

// AddFault makes matching requests fail. An error says what is wrong with the fault.
func (e *Emulator) AddFault(f Fault) error { return e.faults.add(f) }

// ClearFaults removes all faults. Work that a fault has delayed is done all the same.
func (e *Emulator) ClearFaults() { e.faults.clear() }

// Advance moves the emulator's time forward. An error says that d is negative,
// or why the change can't be followed or kept.
func (e *Emulator) Advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("the clock can't go back: advance by a positive duration, not %s", d)
	}
	return e.change(func(w *world) error {
		w.now = w.now.Add(d)
		if w.databases != nil {
			// Branches may expire and deleted projects be gone for good.
			if err := w.databases.Update(w.allRealBranches()); err != nil {
				return serverFailed(err)
			}
		}
		e.ahead += d
		return nil
	})
}

// AcceptInvitations lets a person sign up, if they have no account yet, and join
// every organization that they are invited to. An error says that there is none.
func (e *Emulator) AcceptInvitations(email string) ([]Seat, error) {
	var seats []Seat
	err := e.change(func(w *world) (err error) {
		seats, err = w.signUp(email)
		return err
	})
	return seats, err
}

// nowLocked is the emulator's time, in UTC. It wants the mutex held.
func (e *Emulator) nowLocked() time.Time { return e.opts.Clock().Add(e.ahead).UTC() }

// locked runs f on the world at the current time.
func (e *Emulator) locked(f func(w *world)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.world.now = e.nowLocked()
	f(e.world)
}

// Snapshot gives the whole world as plain data, keys and passwords included.
func (e *Emulator) Snapshot() Snapshot {
	e.catchUp()
	var s Snapshot
	var err error
	e.locked(func(w *world) {
		s, err = w.snapshot()
		s.ClockAdvance = Duration(e.ahead)
	})
	if err != nil {
		// The world is made of types that encode and decode without loss.
		panic(err)
	}
	return s
}

// Restore replaces the world and the clock's advance. Journal and faults stay.
// An error names what is wrong with the seed; the world is then unchanged.
func (e *Emulator) Restore(s Seed) error {
	next, err := e.build(s)
	if err != nil {
		return err
	}
	return e.become(next, false)
}

// timedWorld is a world and how far its clock is ahead.
type timedWorld struct {
	*world
	ahead time.Duration
}

// build makes the world of a seed. An error names what is wrong with the seed.
func (e *Emulator) build(s Seed) (timedWorld, error) {
	own, err := copySeed(s)
	if err != nil {
		return timedWorld{}, err
	}
	return e.buildFrom(own)
}

// buildFrom is build with a seed that nobody else uses.
func (e *Emulator) buildFrom(s Seed) (timedWorld, error) {
	ahead := time.Duration(s.ClockAdvance)
	if ahead < 0 {
		return timedWorld{}, fmt.Errorf("clock_advance can't be negative, got %s", ahead)
	}
	w, err := newWorld(s, e.opts.Clock().Add(ahead).UTC())
	if err != nil {
		return timedWorld{}, err
	}
	w.operationDelay, w.databases = e.opts.OperationDelay, e.opts.Databases
	return timedWorld{w, ahead}, nil
}

// become puts a world in the place of the one before. With startOver it takes
// nothing over from that one's real databases.
func (e *Emulator) become(next timedWorld, startOver bool) error {
	number, err := e.becomeInMemory(next, startOver)
	if err != nil {
		return err
	}
	return e.opts.Store.saved(number)
}

func (e *Emulator) becomeInMemory(next timedWorld, startOver bool) (uint64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := replaceDatabases(e.opts.Databases, next.world, startOver); err != nil {
		return 0, err
	}
	e.world, e.ahead = next.world, next.ahead
	return e.stageLocked(next.projects, true)
}

// Reset goes back to the seed, with an empty journal, no faults and the clock
// where it would be by itself. Without a store and real databases it can't fail.
func (e *Emulator) Reset() error {
	next, err := e.build(e.seed)
	if err != nil {
		return err
	}
	if err := e.become(next, true); err != nil {
		return err
	}
	e.journal.clear()
	e.faults.clear()
	e.late.clear()
	e.limits.clear()
	return nil
}

// under tells whether a path is prefix or below it.
func under(path, prefix string) bool {
	rest, found := strings.CutPrefix(path, prefix)
	return found && (rest == "" || rest[0] == '/')
}
