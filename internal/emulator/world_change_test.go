package emulator

import (
	"net/http"
	"strings"
	"testing"
)

// TestWorldChangesAtARequest lets each change happen before and after the work of a
// request, and looks at what the requests around it see.
func TestWorldChangesAtARequest(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	admin := w.as(adminKey)
	claim := &WorldChange{Do: DoClaim, Org: bloom}
	w.fault(Fault{Method: "GET", Path: "/projects/*", Times: 1, Effect: FaultEffect{World: claim, After: true}})
	admin.get("/projects/p-one").want(200, acme)
	admin.get("/projects/p-one").want(404)
	equal(t, "owner", w.project("p-one").OwnerID, bloom)
	equal(t, "seen by the journal", w.emu.Requests()[0].Fault, "world claim")
	equal(t, "owner before", w.emu.Requests()[0].Owner, acme)
	equal(t, "owner after", w.emu.Requests()[1].Owner, bloom)

	w.fault(Fault{Method: "GET", Path: "/projects/*", Times: 1, Effect: FaultEffect{World: &WorldChange{Do: DoGiveBack}}})
	admin.get("/projects/p-one").want(200, acme)
	w.fault(Fault{Method: "PATCH", Path: "/projects/*", Times: 1, Effect: FaultEffect{World: &WorldChange{Do: DoMove, Org: labs}}})
	admin.patch("/projects/p-one", `{"project":{"name":"other"}}`).want(200, labs)
	equal(t, "owner of the change", w.emu.Requests()[3].Owner, labs)
}

func TestWorldChangesAtOnce(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	admin := w.as(adminKey)
	happen := func(c WorldChange) {
		t.Helper()
		if err := w.emu.Happen(c); err != nil {
			t.Fatal(err)
		}
	}
	happen(WorldChange{Do: DoClaim, Project: "p-one", Email: "owner@customer.test"})
	equal(t, "no organization", w.project("p-one").OrgID, "")
	w.as(customerKey).get("/projects/p-one").want(200)
	happen(WorldChange{Do: DoGiveBack, Project: "p-one"})

	happen(WorldChange{Do: DoHide, Project: "p-one", Requests: 2})
	admin.get("/projects/p-one").want(404, "project not found")
	admin.patch("/projects/p-one", `{"project":{}}`).want(404)
	admin.get("/projects?org_id="+acme).want(200, `"id":"p-one"`)
	admin.get("/projects/p-one").want(200)

	happen(WorldChange{Do: DoDelete, Project: "p-one"})
	admin.get("/projects/p-one").want(404)
	admin.get("/projects?recoverable=true&org_id="+acme).want(200, `"id":"p-one"`)
	happen(WorldChange{Do: DoPurge, Project: "p-one"})
	if r := admin.get("/projects?recoverable=true&org_id=" + acme).want(200); strings.Contains(string(r.data), "p-one") {
		t.Errorf("a project that was deleted long ago can be recovered: %s", r.data)
	}

	happen(WorldChange{Do: DoChangeEmail, Email: "dev@partner.test", NewEmail: "devi@partner.test"})
	admin.get("/organizations/"+acme+"/members").want(200, `"devi@partner.test"`)
	happen(WorldChange{Do: DoChangeRole, Org: acme, Email: "devi@partner.test", Role: roleViewer})
	w.as(devKey).post("/projects", newInAcme).want(403)
	happen(WorldChange{Do: DoRemoveMember, Org: acme, Email: "devi@partner.test"})
	w.as(devKey).get("/organizations/" + acme).want(404)

	admin.post("/organizations/"+acme+"/invitations", `{"invitations":[{"email":"ann@elsewhere.example","role":"member"}]}`).want(200)
	happen(WorldChange{Do: DoAcceptInvitation, Email: "ann@elsewhere.example"})
	admin.get("/organizations/"+acme+"/members").want(200, `"ann@elsewhere.example"`)
}

func TestWorldChangesAreChecked(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	for want, body := range map[string]string{
		"does one of":         `{"do":"vanish"}`,
		"needs either":        `{"do":"claim","project":"p-one"}`,
		"needs org_id":        `{"do":"move","project":"p-one"}`,
		"finds no project":    `{"do":"delete","project":"p-elsewhere"}`,
		"finds no account":    `{"do":"move","project":"p-one","org_id":"org-nobody-1"}`,
		"had no owner before": `{"do":"give_back","project":"p-one"}`,
		"finds no member":     `{"do":"remove_member","org_id":"` + acme + `","email":"ann@elsewhere.example"}`,
		"is not available":    `{"do":"change_role","org_id":"` + acme + `","email":"dev@partner.test","role":"king"}`,
		"finds no user":       `{"do":"change_email","email":"ann@elsewhere.example","new_email":"bob@elsewhere.example"}`,
		"no pending":          `{"do":"accept_invitation","email":"ann@elsewhere.example"}`,
		"unknown field":       `{"do":"delete","id":"p-one"}`,
	} {
		r, err := w.try(http.MethodPost, w.url+controlPrefix+"/changes", body, nil)
		if err != nil || r.status < 400 || r.status > 499 || !strings.Contains(string(r.data), want) {
			t.Errorf("%s: got %d %s (%v), want a refusal that says %q", body, r.status, r.data, err, want)
		}
	}
	equal(t, "untouched", w.project("p-one").OwnerID, acme)
	w.fault(Fault{Path: "/projects", Effect: FaultEffect{World: &WorldChange{Do: DoDelete}}})
	w.as(adminKey).get("/projects?org_id="+acme).want(500, "finds no project")
}
