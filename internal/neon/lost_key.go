package neon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// strayTimeout bounds one look for a lost key. strayGrace is how long it goes on
// when the caller's context has ended: no live key is left behind, or left unnamed,
// because somebody pressed Ctrl-C. It makes five seconds of changeGrace, after which
// a CLI has ended.
const (
	strayTimeout = 30 * time.Second
	strayGrace   = time.Second
)

// LostKeyError says that a key may have been created whose secret nobody knows, as
// the answer was lost.
type LostKeyError struct {
	OrgID string
	Name  string // of the key
	// Keys are those that it may be.
	Keys []APIKey
	// LookErr says why it is not known which keys there are, or why Keys are still
	// there; nil if they were looked for and there was nothing to do.
	LookErr error
	// Err is the answer that was lost.
	Err error
}

func (e *LostKeyError) Error() string {
	which := "no new key of this name has appeared"
	switch {
	case len(e.Keys) > 0:
		words := make([]string, len(e.Keys))
		for i, k := range e.Keys {
			words[i] = fmt.Sprintf("key %d, created %s", k.ID, k.CreatedAt.UTC().Format(time.RFC3339))
		}
		which = "it may be " + strings.Join(words, "; or ")
	case e.LookErr != nil:
		which = "whether it was could not be found out"
	}
	return fmt.Sprintf("an API key named %q of organization %s may have been created without anybody knowing its secret (%s): %v", e.Name, e.OrgID, which, e.Unwrap())
}

// Unwrap returns the answer that was lost, and why the look for the key failed.
func (e *LostKeyError) Unwrap() error { return errors.Join(e.Err, e.LookErr) }

// lookForKey looks for a key whose answer was lost, with pauses, as Neon may need a
// moment to show it. When the context ends it looks at once, for the last time; what
// it does not find then may turn up later, which is an error.
func (c *Client) lookForKey(ctx context.Context, look func(context.Context) (found bool, err error)) error {
	for _, intervals := range createLooks {
		_ = sleep(ctx, time.Duration(intervals)*c.options.PollInterval)
		isLast := ctx.Err() != nil
		found, err := lookOnce(ctx, look)
		switch {
		case found || err != nil:
			return err
		case isLast:
			return context.Cause(ctx)
		}
	}
	return nil
}

// lookOnce gives a look a little time after the context has ended, too.
func lookOnce(ctx context.Context, look func(context.Context) (found bool, err error)) (bool, error) {
	ctx, end := withGrace(ctx, strayGrace)
	defer end()
	ctx, cancel := context.WithTimeout(ctx, strayTimeout)
	defer cancel()
	return look(ctx)
}
