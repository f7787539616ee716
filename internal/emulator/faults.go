package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Fault makes requests that match it go wrong. Faults are tried in the order
// they were added, and the first that is due takes the request; one that still
// skips counts it and leaves it to the next.
type Fault struct {
	// Method is "" for any.
	Method string `json:"method,omitempty"`
	// Path is relative to /api/v2; "*" stands for one segment.
	Path string `json:"path"`
	// Skip lets so many matching requests pass first.
	Skip int `json:"skip,omitempty"`
	// Times is how many requests it takes; 0 is all.
	Times int `json:"times,omitempty"`
	// Effect is what goes wrong.
	Effect FaultEffect `json:"fault"`
}

// FaultEffect is what a fault does. Exactly one of Status, Drop, Hang,
// Truncate, Garbage, Unavailable, FailOperations and World is set.
type FaultEffect struct {
	// Status is answered with Headers and Body (an ordinary error when nil).
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
	// After does the work before Status is answered, before Hang begins, or before
	// World happens.
	After bool `json:"after,omitempty"`
	// Late does the work so much later than Status is answered, by the emulator's clock.
	Late Duration `json:"late,omitzero"`
	// Drop cuts the connection "before" or "after" the work is done.
	Drop string `json:"drop,omitempty"`
	// Hang waits so long, then goes on. A client that gives up meanwhile ends it.
	Hang Duration `json:"hang,omitzero"`
	// Truncate does the work and cuts the connection after so many bytes of the answer.
	Truncate *int `json:"truncate,omitempty"`
	// Garbage does the work and answers something that is not JSON.
	Garbage bool `json:"garbage,omitempty"`
	// Unavailable are projects that GET /projects names but doesn't show.
	Unavailable []string `json:"unavailable,omitempty"`
	// FailOperations lets the operations that the request starts end as failed.
	FailOperations bool `json:"fail_operations,omitempty"`
	// World happens before the work is done, or after it; the answer is the API's own.
	World *WorldChange `json:"world,omitempty"`
}

// String names the effect for the journal; "" for nil.
func (f *FaultEffect) String() string {
	switch {
	case f == nil:
		return ""
	case f.Status != 0:
		return fmt.Sprintf("status %d", f.Status)
	case f.Drop != "":
		return "drop " + f.Drop
	case f.Hang != 0:
		return "hang"
	case f.Truncate != nil:
		return "truncate"
	case f.Garbage:
		return "garbage"
	case len(f.Unavailable) > 0:
		return "unavailable"
	case f.FailOperations:
		return "fail_operations"
	case f.World != nil:
		return "world " + f.World.Do
	default:
		return ""
	}
}

// changesAnswer names the effect when the answer isn't what the API would give.
func (f *FaultEffect) changesAnswer() string {
	if f != nil && (f.Status != 0 || f.Truncate != nil || f.Garbage) {
		return f.String()
	}
	return ""
}

func (f Fault) validate() error {
	kinds := 0
	for _, set := range []bool{
		f.Effect.Status != 0, f.Effect.Drop != "", f.Effect.Hang != 0, f.Effect.Truncate != nil,
		f.Effect.Garbage, len(f.Effect.Unavailable) > 0, f.Effect.FailOperations, f.Effect.World != nil,
	} {
		if set {
			kinds++
		}
	}
	switch {
	case !strings.HasPrefix(f.Path, "/"):
		return fmt.Errorf("a fault's path must begin with / and be relative to %s, got %q", apiPrefix, f.Path)
	case f.Skip < 0 || f.Times < 0:
		return errors.New("a fault's skip and times can't be negative")
	case kinds != 1:
		return errors.New("a fault needs exactly one of status, drop, hang, truncate, garbage, unavailable, fail_operations, world")
	case f.Effect.Status != 0 && (f.Effect.Status < 200 || f.Effect.Status > 599):
		return fmt.Errorf("a fault's status must be from 200 to 599, got %d", f.Effect.Status)
	case f.Effect.Status == 0 && (f.Effect.Headers != nil || f.Effect.Body != nil):
		return errors.New("a fault's headers and body go with a status")
	case f.Effect.Status == 0 && f.Effect.Hang == 0 && f.Effect.World == nil && f.Effect.After:
		return errors.New("a fault's after goes with a status, a hang or a world")
	case f.Effect.Late < 0 || f.Effect.Late > 0 && (f.Effect.Status == 0 || f.Effect.After):
		return errors.New("a fault's late is a positive duration and goes with a status, without after")
	case f.Effect.Drop != "" && f.Effect.Drop != "before" && f.Effect.Drop != "after":
		return fmt.Errorf("a fault's drop is before or after, got %q", f.Effect.Drop)
	case f.Effect.Hang < 0:
		return errors.New("a fault's hang can't be negative")
	case f.Effect.Truncate != nil && *f.Effect.Truncate < 0:
		return errors.New("a fault's truncate can't be negative")
	case f.Effect.World != nil:
		return f.Effect.World.validate()
	}
	return nil
}

// matches holds a fault against a request, segment by segment.
func (f Fault) matches(method, path string) bool {
	if f.Method != "" && !strings.EqualFold(f.Method, method) {
		return false
	}
	return slices.EqualFunc(strings.Split(f.Path, "/"), strings.Split(path, "/"), func(want, got string) bool {
		return want == "*" || want == got
	})
}

// faultTable holds the faults. The zero value is ready to use.
type faultTable struct {
	mu     sync.Mutex
	faults []*activeFault
}

type activeFault struct {
	Fault
	Seen  int `json:"seen"`  // matching requests that came to it
	Taken int `json:"taken"` // requests that it took
}

func (t *faultTable) add(f Fault) error {
	if err := f.validate(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, &activeFault{Fault: f})
	return nil
}

func (t *faultTable) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = nil
}

func (t *faultTable) list() []activeFault {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := []activeFault{}
	for _, f := range t.faults {
		list = append(list, *f)
	}
	return list
}

// take gives the effect that a request meets, or nil.
func (t *faultTable) take(method, path string) *FaultEffect {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, f := range t.faults {
		if !f.matches(method, path) || f.Times > 0 && f.Taken >= f.Times {
			continue
		}
		f.Seen++
		if f.Seen <= f.Skip {
			continue
		}
		f.Taken++
		return new(f.Effect)
	}
	return nil
}

// meet lets a request meet its fault; nil is none. alive is false when the
// connection is to be cut instead of answered.
func (c *call) meet(effect *FaultEffect) (a answer, alive bool) {
	switch {
	case effect == nil:
		return c.work(nil), true
	case effect.Status != 0:
		if effect.After {
			c.work(nil)
		}
		if effect.Late > 0 {
			c.e.late.add(c, c.record.At.Add(time.Duration(effect.Late)))
		}
		return effect.answer(c.record.RequestID), true
	case effect.Drop != "":
		if effect.Drop == "after" {
			c.work(nil)
		}
		return answer{}, false
	case effect.Hang != 0:
		return c.hang(effect)
	case effect.Truncate != nil:
		a = c.work(nil)
		a.cut = min(*effect.Truncate, max(len(a.body)-1, 0))
		return a, true
	case effect.Garbage:
		a = c.work(nil)
		a.body = []byte("<html><body>garbage, as ordered</body></html>")
		a.headers = map[string]string{"Content-Type": "text/html"}
		return a, true
	case effect.World != nil:
		return c.meetWorld(effect), true
	default:
		return c.work(effect), true
	}
}

// meetWorld lets the world change before or after the work. A change that can't be
// made is answered with 500, so that a test that asks for it doesn't pass unnoticed.
func (c *call) meetWorld(effect *FaultEffect) answer {
	var a answer
	if effect.After {
		a = c.work(nil)
	}
	if err := c.e.happen(*effect.World, c.params["project_id"]); err != nil {
		return c.refusal(err)
	}
	if !effect.After {
		a = c.work(nil)
	}
	return a
}

// hang waits before or after the work.
func (c *call) hang(effect *FaultEffect) (a answer, alive bool) {
	if effect.After {
		a = c.work(nil)
	}
	if !pause(c.r, time.Duration(effect.Hang)) {
		return answer{}, false
	}
	if !effect.After {
		a = c.work(nil)
	}
	return a, true
}

// answer is what a status fault answers.
func (f *FaultEffect) answer(requestID string) answer {
	a := answer{status: f.Status, headers: f.Headers, body: f.Body, cut: -1}
	if f.Body == nil && f.Status >= http.StatusBadRequest {
		message := fmt.Sprintf("the emulator was told to answer %d %s", f.Status, http.StatusText(f.Status))
		a = encode(f.Status, neon.ErrorBody{RequestID: requestID, Message: message})
		a.headers = f.Headers
	}
	return a
}
