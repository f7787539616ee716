package pgserver

import (
	"context"
	"log/slog"
	"maps"
	"reflect"
	"slices"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// Replace lets the server have what these projects need, and nothing else of
// the emulator's.
func (s *Server) Replace(projects map[string][]emulator.RealBranch) error {
	ctx := context.Background() // every statement has a time of its own
	job, err := s.begin(ctx)
	if err != nil {
		return err
	}
	there := job.names()
	// Nothing is taken for known: the server may have been used without the emulator.
	err = job.prepare(ctx, nil, flatten(projects))
	if err := s.finish(ctx, job, err, flatten(s.current), flatten(projects), there); err != nil {
		return err
	}
	s.current = maps.Clone(projects)
	return nil
}

// Update lets the server follow what became of some projects.
func (s *Server) Update(projects map[string][]emulator.RealBranch) error {
	before, after := map[string][]emulator.RealBranch{}, map[string][]emulator.RealBranch{}
	for id, branches := range projects {
		if known := s.current[id]; len(known)+len(branches) > 0 && !reflect.DeepEqual(known, branches) {
			before[id], after[id] = known, branches
		}
	}
	if len(after) == 0 {
		return nil
	}
	if s.repair {
		if err := s.Replace(s.current); err != nil {
			return err
		}
	}
	ctx := context.Background() // as above
	job, err := s.begin(ctx)
	if err != nil {
		return err
	}
	from, to := flatten(before), flatten(after)
	err = job.prepare(ctx, from, to)
	if err := s.finish(ctx, job, err, from, to, namesOf(from)); err != nil {
		return err
	}
	maps.Copy(s.current, after)
	return nil
}

// finish drops what is among old and not needed any more, when all that can be
// taken back is prepared. If it isn't (err), or the first thing can't be
// dropped, everything becomes what it was, and the error is given back. After
// that there is no way back: what then can't be dropped is left to a repair.
func (s *Server) finish(ctx context.Context, job *job, err error, from, to []emulator.RealBranch, old names) error {
	if err == nil {
		var dropped int
		if dropped, err = job.drop(ctx, old, namesOf(to)); err == nil {
			s.repair = false
			return nil
		}
		if dropped > 0 {
			s.repair = true
			s.logger.Error("something on the PostgreSQL server can't be dropped; the next change tries again", slog.Any("error", err))
			return nil
		}
	}
	undo := job.prepare(ctx, to, from)
	if undo == nil {
		_, undo = job.drop(ctx, job.made, namesOf(from))
	}
	s.repair = undo != nil
	return err
}

// flatten gives the branches of projects, in the order of the projects' ids.
func flatten(projects map[string][]emulator.RealBranch) []emulator.RealBranch {
	var all []emulator.RealBranch
	for _, id := range slices.Sorted(maps.Keys(projects)) {
		all = append(all, projects[id]...)
	}
	return all
}
