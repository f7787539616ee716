package neon

import (
	"errors"
	"testing"
	"testing/synctest"
)

func TestRecovery(t *testing.T) {
	t.Parallel()
	const get, post = "GET /projects/p", "POST /projects/p/recover"
	present, recovered := ok(`{"project":{"id":"p"}}`), ok(`{"project":{"id":"p"},"branches":[]}`)
	for name, test := range map[string]struct {
		steps     []step
		want      []string
		wasThere  bool
		isUnknown bool
		isRefused bool
	}{
		"deleted":                    {steps: []step{status(404), recovered}, want: []string{get, post}},
		"deleted, and not shown":     {steps: []step{status(403), recovered}, want: []string{get, post}},
		"not deleted":                {steps: []step{present}, want: []string{get}, wasThere: true},
		"too late":                   {steps: []step{status(404), status(404)}, want: []string{get, post}, isRefused: true},
		"no room":                    {steps: []step{status(404), status(422)}, want: []string{get, post}, isRefused: true},
		"key not accepted":           {steps: []step{status(401)}, want: []string{get}, isRefused: true},
		"lost, and done":             {steps: []step{status(404), cut(), present}, want: []string{get, post, get}},
		"lost, and not done":         {steps: []step{status(404), cut(), status(404), recovered}, want: []string{get, post, get, post}},
		"lost, and nobody can tell":  {steps: []step{status(404), cut(), status(403)}, want: []string{get, post, get}, isUnknown: true},
		"lost twice, and done":       {steps: []step{status(404), cut(), status(404), cut(), present}, want: []string{get, post, get, post, get}},
		"lost twice, and not done":   {steps: []step{status(404), cut(), status(404), cut(), status(404)}, want: []string{get, post, get, post, get}, isUnknown: true},
		"lost, not done and refused": {steps: []step{status(404), cut(), status(404), status(422)}, want: []string{get, post, get, post}, isRefused: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scriptedClient(t, test.steps...)
			got, err := client.RecoverProject(t.Context(), "p")
			_, isAnswer := errors.AsType[*Error](err)
			switch {
			case IsOutcomeUnknown(err) != test.isUnknown, isAnswer && !test.isUnknown != test.isRefused:
				t.Errorf("got %v", err)
			case err == nil && (got.Project.ID != "p" || got.WasThere != test.wasThere):
				t.Errorf("got %+v", got)
			}
			wantCalls(t, script, test.want...)
		})
	}
}

func TestIdleIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, script := scriptedClient(t,
			ok(`{"operations":[{"id":"old","status":"failed"},{"id":"new","status":"running"}]}`),
			ok(`{"operations":[{"id":"new","status":"finished"}]}`))
		if err := client.WaitIdle(t.Context(), "p"); err != nil {
			t.Error(err) // what failed before does not matter
		}
		wantCalls(t, script, "GET /projects/p/operations", "GET /projects/p/operations")
	})
}
