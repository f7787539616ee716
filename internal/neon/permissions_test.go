package neon

import (
	"errors"
	"strings"
	"testing"
)

const (
	noGuests  = `{"project_permissions":[]}`
	oneGuest  = `{"project_permissions":[{"id":"p1","granted_to_email":"Ann@x.test","granted_at":"2026-01-01T00:00:00Z"}]}`
	annsGrant = `{"id":"p1","granted_to_email":"ann@x.test","granted_at":"2026-01-01T00:00:00Z"}`

	listGuests = "GET /projects/p/permissions"
	grantGuest = "POST /projects/p/permissions"
	endGuest   = "DELETE /projects/p/permissions/p1"
)

func TestGrant(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps     []step
		want      []string
		isGranted bool
		isTaken   bool
	}{
		"granted":            {[]step{ok(noGuests), ok(annsGrant)}, []string{listGuests, grantGuest}, true, false},
		"granted before":     {[]step{ok(oneGuest)}, []string{listGuests}, false, true},
		"refused":            {[]step{ok(noGuests), status(403)}, []string{listGuests, grantGuest}, false, false},
		"project not to see": {[]step{status(404)}, []string{listGuests}, false, false},
		"lost, and done":     {[]step{ok(noGuests), cut(), ok(ownProject), ok(oneGuest)}, []string{listGuests, grantGuest, look, listGuests}, true, false},
		"lost, and not done": {[]step{ok(noGuests), cut(), ok(ownProject), ok(noGuests), ok(annsGrant)}, []string{listGuests, grantGuest, look, listGuests, grantGuest}, true, false},
		"lost for good":      {[]step{ok(noGuests), cut(), ok(ownProject), status(403)}, []string{listGuests, grantGuest, look, listGuests}, false, false},
		"lost, and claimed":  {[]step{ok(noGuests), cut(), ok(takenProject)}, []string{listGuests, grantGuest, look}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scriptedClient(t, test.steps...)
			got, err := held(client, "p").Grant(t.Context(), "ann@x.test")
			if (got != nil) != test.isGranted || got != nil && got.ID != "p1" {
				t.Errorf("got %+v, %v", got, err)
			}
			if taken, ok := errors.AsType[*AlreadyGrantedError](err); ok != test.isTaken || ok && taken.Permission.ID != "p1" {
				t.Errorf("got %v", err)
			}
			wantCalls(t, script, test.want...)
		})
	}
}

// Two who want the same at the same time: Neon may give both the same permission.
func TestGrantThatAnotherHas(t *testing.T) {
	t.Parallel()
	client, _ := scriptedClient(t, ok(noGuests), ok(annsGrant), ok(strings.ReplaceAll(annsGrant, "ann@", "bob@")))
	if _, err := held(client, "p").Grant(t.Context(), "ann@x.test"); err != nil {
		t.Fatal(err)
	}
	if _, err := held(client, "p").Grant(t.Context(), "bob@x.test"); err == nil {
		t.Error("the same permission was given twice")
	}
}

func TestGuestsShareOneList(t *testing.T) {
	t.Parallel()
	client, script := scriptedClient(t, ok(oneGuest), ok(`{"id":"p2","granted_to_email":"bob@x.test","granted_at":"2026-01-01T00:00:00Z"}`))
	for range 3 {
		if found, err := client.FindProjectPermission(t.Context(), "p", "p1"); err != nil || found == nil {
			t.Fatal(found, err)
		}
	}
	if found, err := client.FindProjectGuest(t.Context(), "p", "ANN@x.test"); err != nil || found == nil || found.ID != "p1" {
		t.Errorf("by address: %v, %v", found, err)
	}
	if found, err := client.FindProjectGuest(t.Context(), "p", "eve@x.test"); err != nil || found != nil {
		t.Errorf("nobody's: %v, %v", found, err)
	}
	if _, err := held(client, "p").Grant(t.Context(), "bob@x.test"); err != nil {
		t.Fatal(err)
	}
	if found, err := client.FindProjectPermission(t.Context(), "p", "p2"); err != nil || found == nil {
		t.Errorf("the new one: %v, %v", found, err)
	}
	wantCalls(t, script, listGuests, grantGuest)
}

func TestRevokedPermissionsAreLeftOut(t *testing.T) {
	t.Parallel()
	client, _ := scriptedClient(t, ok(`{"project_permissions":[{"id":"p1","granted_to_email":"ann@x.test","granted_at":"2026-01-01T00:00:00Z","revoked_at":"2026-01-02T00:00:00Z"}]}`))
	if found, err := client.FindProjectPermission(t.Context(), "p", "p1"); err != nil || found != nil {
		t.Errorf("got %v, %v", found, err)
	}
}

const (
	look         = "GET /projects/p"
	takenProject = `{"project":{"id":"p","owner_id":"org-b-2","org_id":"org-b-2"}}`
)

func TestRevoke(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps []step
		want  []string
		fails bool
	}{
		"revoked":                {[]step{ok(annsGrant)}, []string{endGuest}, false},
		"revoked before":         {[]step{status(404), ok(ownProject), ok(noGuests)}, []string{endGuest, look, listGuests}, false},
		"not to see":             {[]step{status(404), ok(ownProject), status(404)}, []string{endGuest, look, listGuests}, true},
		"404, and yet there":     {[]step{status(404), ok(ownProject), ok(oneGuest)}, []string{endGuest, look, listGuests}, true},
		"refused":                {[]step{status(403)}, []string{endGuest}, true},
		"lost, and done":         {[]step{cut(), ok(ownProject), ok(noGuests)}, []string{endGuest, look, listGuests}, false},
		"lost, and not done":     {[]step{cut(), ok(ownProject), ok(oneGuest), ok(annsGrant)}, []string{endGuest, look, listGuests, endGuest}, false},
		"lost, and not to tell ": {[]step{cut(), ok(ownProject), status(403)}, []string{endGuest, look, listGuests}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, script := scriptedClient(t, test.steps...)
			if err := held(client, "p").Revoke(t.Context(), "p1"); (err != nil) != test.fails {
				t.Errorf("got %v", err)
			}
			wantCalls(t, script, test.want...)
		})
	}
}
