//go:build unix

package pgserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/emulator/pgserver/pgtest"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// TestWhatCantBeDropped has databases that PostgreSQL doesn't drop because they have a subscription.
func TestWhatCantBeDropped(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	w := start(t, cluster)
	p := w.create("app")
	hold := func(database string) {
		execute(t, cluster.URL(database), `CREATE SUBSCRIPTION held CONNECTION '' PUBLICATION nothing WITH (connect = false, slot_name = NONE)`)
	}
	release := func(database string) {
		execute(t, cluster.URL(database), `DROP SUBSCRIPTION held`)
	}

	// One thing to drop, and it stays: the call fails and nothing has changed.
	w.admin(http.StatusCreated, http.MethodPost, p.branch+"/databases", `{"database":{"name":"more","owner_name":"neondb_owner"}}`)
	hold(p.Branch.ID + "_more")
	if answer := w.admin(http.StatusInternalServerError, http.MethodDelete, p.branch+"/databases/more", ""); !strings.Contains(string(answer), "subscription") {
		t.Errorf("the answer is %s", answer)
	}
	answers(t, w.uriOf(adminKey, p, p.Branch.ID, "more", "neondb_owner"), "SELECT 'in'", "in")
	release(p.Branch.ID + "_more")
	w.admin(http.StatusOK, http.MethodDelete, p.branch+"/databases/more", "")

	// Several, and a later one stays: it is dropped before the next change.
	child := decode[struct {
		Branch neon.Branch `json:"branch"`
	}](t, w.admin(http.StatusCreated, http.MethodPost, p.path+"/branches", `{"endpoints":[{"type":"read_write"}]}`)).Branch.ID
	w.admin(http.StatusCreated, http.MethodPost, p.path+"/branches/"+child+"/databases", `{"database":{"name":"z","owner_name":"neondb_owner"}}`)
	hold(child + "_z")
	w.admin(http.StatusOK, http.MethodDelete, p.path+"/branches/"+child, "")
	holds(t, cluster, append(p.usual(), "database:"+child+"_z", "role:"+child+"_", "role:"+child+"_neondb_owner")...)
	release(child + "_z")
	w.admin(http.StatusCreated, http.MethodPost, p.branch+"/roles", `{"role":{"name":"next"}}`)
	holds(t, cluster, append(p.usual(), "role:"+p.Branch.ID+"_next")...)
	answers(t, p.uri, "SELECT 'in'", "in")
}

// TestStartingOver has a world whose seed gives the same ids every time: its
// databases are new ones all the same.
func TestStartingOver(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Start(t)
	seeded := func(o *emulator.Options) {
		seed := emulator.DefaultSeed()
		seed.Projects = []emulator.Project{{ID: "seeded", OrgID: acme}}
		o.Seed = &seed
	}
	var uri string
	fill := func(w *world) {
		branch := w.emu.Snapshot().Projects[0].Branches[0].ID
		next := w.uriOf(adminKey, project{path: "/projects/seeded"}, branch, "neondb", "neondb_owner")
		if uri != "" && next != uri {
			t.Error("the seed gave other ids")
		}
		uri = next
		execute(t, uri, "CREATE TABLE things (name text)")
	}
	w := start(t, cluster, seeded)
	fill(w)
	if err := w.emu.Reset(); err != nil {
		t.Fatal(err)
	}
	fill(w)
	if err := w.emu.Restore(w.emu.Snapshot()); err != nil {
		t.Fatal(err)
	}
	answers(t, uri, "SELECT count(*)::text FROM things", "0")
	if err := w.server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	fill(start(t, cluster, seeded))
}
