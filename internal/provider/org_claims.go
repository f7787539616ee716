package provider

import (
	"context"
	"slices"
	"sync"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// purpose is what a resource means to do with a thing.
type purpose int

const (
	manages purpose = iota
	invites         // wants somebody in the organization, in whatever role
	demotes
	removes
)

func (p purpose) ends() bool { return p == demotes || p == removes }

// clashes reports whether two purposes exclude each other. Ending a thing twice does
// no harm, nor does inviting somebody whose seat stays.
func (p purpose) clashes(other purpose) bool {
	if p == invites || other == invites {
		return p == removes || other == removes
	}
	return !p.ends() || !other.ends()
}

// orgClaim is what a resource means to do with something that an organization has only
// one of: a person's seat, or the spending limit.
type orgClaim struct {
	token   string
	purpose purpose
	orgID   string
	// id and email name the thing in the organization, as far as they are known: a
	// member has both, an invited person an email, and the spending limit limitID.
	id    string
	email string
	// written is how the configuration of a resource that isn't created yet names the
	// thing, and empty for one that is in state.
	written string
}

// mayBeSame reports whether the claims may come from one resource that is planned
// once more. A resource that isn't created yet has a new token in each plan, and
// `terraform test` makes its plan and its apply, which plans again, with one
// provider. Two resources that are written alike are told apart when they are
// created.
func (c orgClaim) mayBeSame(other orgClaim) bool {
	return c.token == other.token || c.written != "" && c.written == other.written
}

func (c orgClaim) isOf(other orgClaim) bool {
	return c.orgID == other.orgID && (c.id != "" && c.id == other.id || c.email != "" && neon.SameEmail(c.email, other.email))
}

// clashes reports whether two resources are after one thing, and one of them would
// undo what the other does.
func (c orgClaim) clashes(other orgClaim) bool {
	return c.token != other.token && c.isOf(other) && c.purpose.clashes(other.purpose)
}

// orgClaims are those of all resources for as long as the provider is configured: a
// plan or an apply, or all of a test. The zero value is ready to use.
type orgClaims struct {
	mu sync.Mutex
	// planned are made by plans, held by what was created.
	planned []orgClaim
	held    []orgClaim
	endings []ending
}

// ending is a destruction that has begun, and may have been carried out.
type ending struct {
	orgClaim
	done chan struct{}
}

// plan notes what a resource plans, in place of what it planned for that thing
// before. It returns the claim of another resource that this one clashes with.
func (s *orgClaims) plan(c orgClaim) *orgClaim {
	s.mu.Lock()
	defer s.mu.Unlock()
	isOthers := func(other orgClaim) bool { return !other.mayBeSame(c) && other.clashes(c) }
	if first := find(s.planned, isOthers); first != nil {
		return first
	}
	s.planned = slices.DeleteFunc(s.planned, func(old orgClaim) bool { return old.mayBeSame(c) && old.isOf(c) })
	s.planned = append(s.planned, c)
	return nil
}

// replace forgets what a resource keeps, as another one is planned in its place:
// only what it ends remains claimed.
func (s *orgClaims) replace(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	isKept := func(c orgClaim) bool { return c.token == token && !c.purpose.ends() }
	s.planned = slices.DeleteFunc(s.planned, isKept)
	s.held = slices.DeleteFunc(s.held, isKept)
}

// hold replaces what was planned for a resource by the claim of the one that is being
// created. Where another one holds the thing, hold returns that one's claim. Where a
// destruction of the thing has begun, hold returns its end: the caller must wait for
// it, look at the thing again, and call hold again.
func (s *orgClaims) hold(c orgClaim) (first *orgClaim, ended <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if first := find(s.held, c.clashes); first != nil {
		return first, nil
	}
	if i := slices.IndexFunc(s.endings, func(e ending) bool { return e.clashes(c) }); i >= 0 {
		ended = s.endings[i].done
		s.endings = slices.Delete(s.endings, i, i+1)
		return nil, ended
	}
	s.planned = slices.DeleteFunc(s.planned, func(old orgClaim) bool { return old.written != "" && old.isOf(c) && old.purpose == c.purpose })
	s.planned = append(s.planned, c)
	s.held = append(s.held, c)
	return nil, nil
}

// holder returns the claim of a resource that was created just now and would lose
// the thing to this one.
func (s *orgClaims) holder(c orgClaim) *orgClaim {
	s.mu.Lock()
	defer s.mu.Unlock()
	return find(s.held, c.clashes)
}

// end begins a destruction, and returns how to say that it is over. Where another
// resource has the thing or is about to, it returns that one's claim instead, and
// nothing must be sent.
func (s *orgClaims) end(c orgClaim) (keeper *orgClaim, over func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if keeper := s.keeperOf(c); keeper != nil {
		return keeper, nil
	}
	begun := ending{c, make(chan struct{})}
	s.endings = append(s.endings, begun)
	return nil, func() { close(begun.done) }
}

// keeper returns the claim of a resource that has the thing, or is about to, and
// would lose it to this one.
func (s *orgClaims) keeper(c orgClaim) *orgClaim {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keeperOf(c)
}

// keeperOf is keeper. The caller must hold mu.
func (s *orgClaims) keeperOf(c orgClaim) *orgClaim {
	if held := find(s.held, c.clashes); held != nil {
		return held
	}
	return find(s.planned, c.clashes)
}

// isAwaited reports whether a resource is planned for an e-mail address that no member
// has.
func (s *orgClaims) isAwaited(orgID, email string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return find(s.planned, func(c orgClaim) bool { return c.orgID == orgID && c.id == "" && neon.SameEmail(c.email, email) }) != nil
}

// awaitEnd waits for a destruction that has begun.
func awaitEnd(ctx context.Context, ended <-chan struct{}) error {
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// find returns a copy of the first claim that matches, and nil where none does.
func find(list []orgClaim, matches func(orgClaim) bool) *orgClaim {
	if i := slices.IndexFunc(list, matches); i >= 0 {
		return new(list[i])
	}
	return nil
}

// release forgets the claims of a resource that is gone.
func (s *orgClaims) release(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	isTheirs := func(c orgClaim) bool { return c.token == token }
	s.planned = slices.DeleteFunc(s.planned, isTheirs)
	s.held = slices.DeleteFunc(s.held, isTheirs)
}
