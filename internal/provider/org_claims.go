package provider

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// tokenKey is where a resource that makes claims keeps, in private state, a random
// token of its own: the CLI does not tell a provider the address of a resource.
// States of earlier versions have it under this name.
const tokenKey = "seat_token"

// ownToken returns the resource's token, and makes one where there is none.
func ownToken(ctx context.Context, before privateGetter, after privateSetter) (string, diag.Diagnostics) {
	token, diags := keptToken(ctx, before)
	if token == "" {
		token, diags = newToken(ctx, after)
	}
	return token, diags
}

// keptToken returns the token in private state, and "" where there is none.
func keptToken(ctx context.Context, private privateGetter) (token string, diags diag.Diagnostics) {
	diags = readNote(ctx, private, tokenKey, &token)
	return token, diags
}

// newToken makes a token.
func newToken(ctx context.Context, after privateSetter) (string, diag.Diagnostics) {
	token := uuid.NewString()
	return token, writeNote(ctx, after, tokenKey, token)
}

// planKey is where a plan leaves a planNote in private state.
const planKey = "plan"

// planNote is what a plan leaves for Delete, which learns from the CLI neither
// whether the resource is replaced nor by what. Where it is replaced, the note is
// that of the plan of the new one.
type planNote struct {
	// Ends: the plan passed the guards of an end of what is in state. The plan of the
	// new one for a tainted resource does not see what is in state.
	Ends bool `json:"ends,omitempty"`
	// Self: the plan warned that the API key is this member's own.
	Self bool `json:"self,omitempty"`
	// Replaces is the token of the resource that is replaced.
	Replaces string `json:"replaces,omitempty"`
	// OrgID, ID and Email name what the resource is going to have, as in a claim.
	OrgID string `json:"org_id,omitempty"`
	ID    string `json:"id,omitempty"`
	Email string `json:"email,omitempty"`
}

// next notes what the resource is going to have.
func (n *planNote) next(c orgClaim) { n.OrgID, n.ID, n.Email = c.orgID, c.id, c.email }

// keeps reports whether the resource is going to have what it has in state.
func (n *planNote) keeps(c orgClaim) bool {
	return c.isOf(orgClaim{orgID: n.OrgID, id: n.ID, email: n.Email})
}

// readNote reads a value from private state. What is not there, or another version
// has written in another way, leaves the value as it is.
func readNote(ctx context.Context, private privateGetter, key string, value any) diag.Diagnostics {
	kept, diags := private.GetKey(ctx, key)
	if len(kept) > 0 {
		_ = json.Unmarshal(kept, value)
	}
	return diags
}

// writeNote writes a value to private state.
func writeNote(ctx context.Context, private privateSetter, key string, value any) diag.Diagnostics {
	encoded, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Private state not written", "This is a fault of the provider; please report it: "+err.Error())}
	}
	return private.SetKey(ctx, key, encoded)
}

// purpose is what a resource means to do with a thing.
type purpose int

const (
	manages purpose = iota
	invites         // has somebody in the organization, and minds neither role nor seat
	demotes
	removes
)

func (p purpose) ends() bool { return p == demotes || p == removes }

// clashes reports whether two purposes can't be had together. To end a thing twice
// does no harm, nor does an invitation of somebody whose seat stays.
func (p purpose) clashes(other purpose) bool {
	if p == invites || other == invites {
		return p == removes || other == removes
	}
	return !p.ends() || !other.ends()
}

// orgClaim is what a resource means to do with a thing of an organization's that there
// is one of: somebody's seat, or the spending limit.
type orgClaim struct {
	token   string
	purpose purpose
	orgID   string
	// id and email name the thing in the organization, as far as they are known: a
	// member has both, who is invited an email, and the spending limit limitID.
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

// hold puts the claim of a resource that is being created in place of what was
// planned for it. It returns the claim of another one that holds the thing, or a
// destruction of the thing that must be waited for: what was seen of the thing
// before that was done says nothing.
func (s *orgClaims) hold(c orgClaim) (first *orgClaim, ended <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if first = find(s.held, c.clashes); first != nil {
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
	if keeper = s.keeperOf(c); keeper != nil {
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

// isAwaited reports whether a resource plans for whoever has an e-mail address, and
// nobody has been seen with it.
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

// newPlan is a plan of a resource that is not there: a new one, or the new one of
// two.
type newPlan struct {
	token string
	// was is what the plan before, of the one that is replaced, left in private
	// state, and empty for a resource that is new or tainted.
	was planNote
	now planNote
}

// planNew begins such a plan.
func (c *configured) planNew(ctx context.Context, before privateGetter, after privateSetter) (newPlan, diag.Diagnostics) {
	var made newPlan
	replaced, diags := keptToken(ctx, before)
	diags.Append(readNote(ctx, before, planKey, &made.was)...)
	token, more := newToken(ctx, after)
	diags.Append(more...)
	made.token = token
	made.now = planNote{Ends: made.was.Ends, Self: made.was.Self, Replaces: replaced}
	if replaced != "" {
		c.claims.replace(replaced)
	}
	diags.Append(writeNote(ctx, after, planKey, made.now)...)
	return made, diags
}

// note notes what the resource is going to have.
func (n *newPlan) note(ctx context.Context, next orgClaim, after privateSetter) diag.Diagnostics {
	n.now.next(next)
	return writeNote(ctx, after, planKey, n.now)
}
