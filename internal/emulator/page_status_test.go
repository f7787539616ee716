package emulator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestStatusPage(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.visitor().get("/").wantHeaders().want(http.StatusOK, `<html lang="en">`, "<h1>Status</h1>", "Partner Acme", acme, bloom, owner,
		"Nobody has asked for anything yet.", "None: every request", "15 March 2026, 12:00:00 UTC").lacks("ahead")

	l := w.offered("")
	gone := w.as(adminKey).create(acme, "gone").Project.ID
	w.as(adminKey).delete("/projects/" + gone).want(http.StatusOK)
	w.as(devKey).get("/projects/" + gone).want(http.StatusNotFound)
	w.as("napi_wrong").get("/auth?api_key=napi_in_the_query").want(http.StatusUnauthorized)
	w.as(customerKey).put("/projects/"+l.project+"/transfer_requests/"+l.request, into(labs)).want(http.StatusNotFound)
	w.fault(Fault{Method: "PUT", Path: "/projects/" + l.project + "/transfer_requests/" + l.request, Times: 3, Effect: FaultEffect{Drop: "after"}})
	w.advance(90 * time.Minute)

	res := w.visitor().get("/").wantHeaders().want(http.StatusOK,
		"13:30:00 UTC", "1h30m0s ahead", `<span class="tag">offered</span>`, `<span class="tag">deleted</span>`,
		"PUT /projects/"+l.project+"/transfer_requests/{request_id}", "personal "+owner, "drop after", ">3</td>")
	res.lacks(l.request, "napi_", "api_key", "npg_", "postgresql://")
	for _, p := range w.emu.Snapshot().Projects {
		for _, b := range p.Branches {
			for _, r := range b.Roles {
				res.lacks(r.Password)
			}
		}
	}
}

func TestStatusPageShortensLongLists(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) {
		s.Projects = []Project{{Name: "load-%d", OrgID: acme, Count: 40}}
		for i := range 60 {
			s.Users = append(s.Users, User{Email: fmt.Sprintf("user%d@many.test", i)})
			s.Organizations = append(s.Organizations, Organization{ID: fmt.Sprintf("org-many-%08d", i), Plan: "free"})
		}
	}))
	for range 30 {
		w.as(adminKey).get("/auth").want(http.StatusOK)
	}
	res := w.visitor().get("/").want(http.StatusOK, "<dd>40</dd>", "… and 30 more</li>", "… and 13 more organizations", "… and 13 more people", "… and 5 earlier ones")
	equal(t, "projects listed", strings.Count(string(res.data), "<bdi>load-"), shownProjects)
	equal(t, "requests listed", strings.Count(string(res.data), "GET /auth"), shownRequests)
}

func TestStatusPageOfAnEmptyWorld(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Seed = &Seed{} })
	res := w.visitor().get("/").want(http.StatusOK)
	equal(t, "empty lists", strings.Count(string(res.data), "There are none."), 2)
}
