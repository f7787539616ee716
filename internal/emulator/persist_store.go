package emulator

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
)

// Store keeps the world of one emulator in a file, so that it survives a
// restart. The file always holds one whole world: each write replaces it.
//
// A change is in the file before its answer goes out. Changes that arrive while
// the file is being written are all in the write that follows.
type Store struct {
	path  string
	lock  *os.File
	world *Seed // what the file held when it was opened; nil if there was none

	mu       sync.Mutex
	turn     *sync.Cond // somebody has finished writing
	writing  bool
	closed   bool
	staged   uint64 // number of the last change that is in head and projects
	written  uint64 // number of the last change that is in the file
	head     []byte // the world without its projects, as JSON
	projects map[string][]byte
}

var errLocked = errors.New("another emulator uses it")

// OpenStore locks a file and reads the world in it, if there is one. An error
// says that another emulator uses the file, or why what is in it can't be a
// world; the file is then left as it is.
// A store serves one emulator, which takes the world over.
func OpenStore(path string) (*Store, error) {
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("can't lock %s: %w", path, err)
	}
	world, err := readWorld(path)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s := &Store{path: path, lock: lock, world: world, projects: map[string][]byte{}}
	s.turn = sync.NewCond(&s.mu)
	return s, nil
}

// Close waits for a write to end and lets others use the file. Changes that
// come later are refused.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.writing {
		s.turn.Wait()
	}
	s.closed = true
	return s.lock.Close()
}

// HasWorld tells whether the file held a world when it was opened. A nil store
// has none.
func (s *Store) HasWorld() bool { return s != nil && s.world != nil }

// stage takes over a change, without writing it, and numbers it.
func (s *Store) stage(head []byte, projects map[string][]byte, whole bool) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.head = head
	if whole {
		clear(s.projects)
	}
	maps.Copy(s.projects, projects)
	s.staged++
	return s.staged
}

// saved returns when a change is in the file. Whoever finds nobody writing
// writes for all that are staged by then. A nil store has nothing to save.
func (s *Store) saved(number uint64) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.written < number {
		if s.closed {
			return notKept(fmt.Errorf("%s was closed", s.path))
		}
		if s.writing {
			s.turn.Wait()
			continue
		}
		if err := s.writeLocked(); err != nil {
			return notKept(err)
		}
	}
	return nil
}

// writeLocked writes all that is staged. It gives the mutex up meanwhile.
func (s *Store) writeLocked() error {
	number, head := s.staged, s.head
	projects := make([][]byte, 0, len(s.projects))
	for _, id := range slices.Sorted(maps.Keys(s.projects)) {
		projects = append(projects, s.projects[id])
	}
	s.writing = true
	s.mu.Unlock()
	err := writeWorld(s.path, head, projects)
	s.mu.Lock()
	s.writing = false
	s.turn.Broadcast()
	if err != nil {
		return err
	}
	s.written = number
	return nil
}
