package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// change runs f on the world at the current time. When it returns without an
// error, what f did is on the PostgreSQL server and in the file, where there are
// such. An error of f stands for a change that wasn't made; after one of the
// PostgreSQL server the world is as it was before.
func (e *Emulator) change(f func(w *world) error) error {
	number, err := e.changeInMemory(true, f)
	if err != nil {
		return err
	}
	return e.opts.Store.saved(number)
}

// read is change for an f that only lets time take its course, such as a branch
// that has expired: the file needs no word of that.
func (e *Emulator) read(f func(w *world) error) error {
	_, err := e.changeInMemory(false, f)
	return err
}

// changeInMemory gives the number under which the file's store knows the change.
func (e *Emulator) changeInMemory(lasting bool, f func(w *world) error) (uint64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	w := e.world
	w.now = e.nowLocked()
	w.touched = map[string]*Project{}
	defer func() { w.touched = nil }()
	if err := f(w); err != nil {
		return 0, err
	}
	if err := w.updateDatabases(); err != nil {
		return 0, err
	}
	if !lasting {
		return 0, nil
	}
	return e.stageLocked(w.touched, false)
}

// touch notes that a project may be about to change. With real databases it
// keeps a copy, so that the change can be taken back.
func (w *world) touch(id string) {
	if w.touched == nil {
		return
	}
	if _, seen := w.touched[id]; seen {
		return
	}
	w.touched[id] = nil
	if p := w.projects[id]; p != nil && w.databases != nil {
		w.touched[id] = mustCopy(p)
	}
}

// mustCopy makes a copy that shares nothing with the original.
func mustCopy[T any](original *T) *T {
	data, err := json.Marshal(original)
	if err == nil {
		var c T
		if err = json.Unmarshal(data, &c); err == nil {
			return &c
		}
	}
	// The world is made of types that encode and decode without loss.
	panic(err)
}

// stageLocked hands the store what changed: the projects named, and all that
// isn't a project. whole says that there are no other projects any more.
func (e *Emulator) stageLocked(touched map[string]*Project, whole bool) (uint64, error) {
	if e.opts.Store == nil {
		return 0, nil
	}
	head, err := e.headLocked()
	if err != nil {
		return 0, err
	}
	projects := make(map[string][]byte, len(touched))
	for id := range touched {
		if projects[id], err = json.Marshal(e.world.projects[id]); err != nil {
			return 0, fmt.Errorf("encoding project %s: %w", id, err)
		}
	}
	return e.opts.Store.stage(head, projects, whole), nil
}

// headLocked encodes the world without its projects.
func (e *Emulator) headLocked() ([]byte, error) {
	shared, err := e.world.head()
	if err != nil {
		return nil, err
	}
	shared.ClockAdvance = Duration(e.ahead)
	return json.Marshal(struct {
		Seed
		Projects *struct{} `json:"projects,omitempty"` // hides the seed's
	}{Seed: shared})
}

// notKept is the answer to a change that was made and can't be kept in the file.
func notKept(err error) *apiError {
	return refuse(http.StatusInternalServerError, "the change was made, but would be lost in a restart: %s; the next change tries to keep it too", err)
}
