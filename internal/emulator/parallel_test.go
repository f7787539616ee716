package emulator

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// TestFiftyClients lets clients create, read, list, change, move and delete at
// once. It is for the race detector, and looks at what is left.
func TestFiftyClients(t *testing.T) {
	t.Parallel()
	w := start(t)
	const clients = 50
	var wg sync.WaitGroup
	for n := range clients {
		wg.Go(func() {
			admin := w.as(adminKey)
			created := admin.post("/projects", fmt.Sprintf(`{"project":{"org_id":%q,"name":"app %d"}}`, acme, n))
			id := created.at("project.id")
			for _, r := range []response{
				admin.get("/projects?limit=400&org_id=" + acme),
				admin.patch("/projects/"+id, `{"project":{"settings":{"quota":{"active_time_seconds":1}}}}`),
				admin.get("/projects/" + id),
				admin.post(fromAcme, moveTo(labs, `"`+id+`"`)),
				admin.get("/projects?limit=400&org_id=" + labs),
				admin.post("/projects/"+id+"/branches", ""),
			} {
				if r.status >= 300 {
					t.Errorf("%s answered %d: %s", r.call, r.status, r.data)
				}
			}
			if n%10 == 0 {
				w.emu.Requests()
				w.emu.Snapshot()
			}
			if n%2 == 0 {
				if r := admin.delete("/projects/" + id); r.status != http.StatusOK {
					t.Errorf("%s answered %d: %s", r.call, r.status, r.data)
				}
			}
		})
	}
	wg.Wait()
	left := read[neon.ProjectsPage](w.as(adminKey).get("/projects?limit=400&org_id=" + labs).want(200))
	equal(t, "left in labs", len(left.Projects), clients/2)
	equal(t, "left in acme", len(read[neon.ProjectsPage](w.as(orgKey).get("/projects")).Projects), 0)
}

// manySeed is a world with 10,000 projects in one organization.
func manySeed() *Seed {
	seed := DefaultSeed()
	seed.Projects = []Project{{Name: "app %d", OrgID: acme, Count: 10_000}}
	return &seed
}

func BenchmarkStartWith10000Projects(b *testing.B) {
	for b.Loop() {
		if _, err := New(Options{Seed: manySeed()}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkList400Of10000Projects(b *testing.B) {
	emu, err := New(Options{Seed: manySeed(), Clock: func() time.Time { return noon }})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/api/v2/projects?limit=400", nil)
		r.Header.Set("Authorization", "Bearer "+orgKey)
		w := httptest.NewRecorder()
		emu.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}
