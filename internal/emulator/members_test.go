package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const (
	acmeMembers     = "/organizations/" + acme + "/members"
	acmeInvitations = "/organizations/" + acme + "/invitations"
)

// member gives the id of a member of Acme.
func (w *testWorld) member(email string) string {
	w.t.Helper()
	for _, m := range w.emu.Snapshot().Organizations[0].Members {
		if m.Email == email {
			return m.ID
		}
	}
	w.t.Fatalf("%s is no member", email)
	return ""
}

func TestWhoMayDoWhatWithMembers(t *testing.T) {
	t.Parallel()
	const (
		orgKeyRefused = "not allowed for organization API keys"
		outside       = "outside the project this key is scoped to"
		invitation    = `{"invitations":[{"email":"new@partner.test","role":"member"}]}`
	)
	for name, tt := range map[string]struct {
		key, method, path, body string
		status                  int
		message                 string
	}{
		"admin lists":                  {adminKey, "GET", acmeMembers, "", 200, "dev@partner.test"},
		"member lists":                 {devKey, "GET", acmeMembers, "", 200, "dev@partner.test"},
		"viewer lists":                 {"napi_viewer", "GET", acmeMembers, "", 200, "dev@partner.test"},
		"org key lists":                {orgKey, "GET", acmeMembers, "", 200, "dev@partner.test"},
		"scoped key can't list":        {scopedKey, "GET", acmeMembers, "", 404, outside},
		"stranger can't list":          {customerKey, "GET", acmeMembers, "", 404, "organization not found"},
		"member gets":                  {devKey, "GET", acmeMembers + "/DEV", "", 200, `"role":"member"`},
		"org key gets":                 {orgKey, "GET", acmeMembers + "/DEV", "", 200, `"role":"member"`},
		"nobody":                       {adminKey, "GET", acmeMembers + "/" + adminID, "", 404, "member not found"},
		"another organization's":       {adminKey, "GET", "/organizations/" + labs + "/members/DEV", "", 404, "member not found"},
		"admin changes a role":         {adminKey, "PATCH", acmeMembers + "/DEV", `{"role":"editor"}`, 200, `"role":"editor"`},
		"org key changes a role":       {orgKey, "PATCH", acmeMembers + "/DEV", `{"role":"viewer"}`, 200, `"role":"viewer"`},
		"member can't change a role":   {devKey, "PATCH", acmeMembers + "/DEV", `{"role":"admin"}`, 403, "only an admin"},
		"no such role":                 {adminKey, "PATCH", acmeMembers + "/DEV", `{"role":"owner"}`, 400, "role must be one of"},
		"no role":                      {adminKey, "PATCH", acmeMembers + "/DEV", `{}`, 400, "role is required"},
		"last admin stays":             {adminKey, "PATCH", acmeMembers + "/ADMIN", `{"role":"member"}`, 409, "last admin"},
		"last admin stays admin":       {adminKey, "PATCH", acmeMembers + "/ADMIN", `{"role":"admin"}`, 200, `"role":"admin"`},
		"admin removes":                {adminKey, "DELETE", acmeMembers + "/DEV", "", 200, `{}`},
		"last admin can't be removed":  {adminKey, "DELETE", acmeMembers + "/ADMIN", "", 409, "last admin"},
		"org key can't remove":         {orgKey, "DELETE", acmeMembers + "/DEV", "", 404, orgKeyRefused},
		"member can't remove":          {devKey, "DELETE", acmeMembers + "/DEV", "", 403, "only an admin"},
		"id that is none":              {adminKey, "GET", acmeMembers + "/dev", "", 400, "member_id in the path must be a UUID"},
		"org key lists invitations":    {orgKey, "GET", acmeInvitations, "", 200, `"invitations":[]`},
		"member lists invitations":     {devKey, "GET", acmeInvitations, "", 200, `"invitations":[]`},
		"stranger and invitations":     {customerKey, "GET", acmeInvitations, "", 404, "organization not found"},
		"scoped key and invitations":   {scopedKey, "GET", acmeInvitations, "", 404, outside},
		"admin invites":                {adminKey, "POST", acmeInvitations, invitation, 200, "new@partner.test"},
		"member can't invite":          {devKey, "POST", acmeInvitations, invitation, 403, "only an admin"},
		"org key can't invite":         {orgKey, "POST", acmeInvitations, invitation, 404, orgKeyRefused},
		"stranger can't invite":        {customerKey, "POST", acmeInvitations, invitation, 404, "organization not found"},
		"invitation without a role":    {adminKey, "POST", acmeInvitations, `{"invitations":[{"email":"a@x.test"}]}`, 400, "invitations[0].role is required"},
		"invitation without an e-mail": {adminKey, "POST", acmeInvitations, `{"invitations":[{"email":"Ann <a@x.test>","role":"member"}]}`, 400, "not an e-mail address"},
		"invitation twice in a call": {
			adminKey, "POST", acmeInvitations,
			`{"invitations":[{"email":"a@x.test","role":"member"},{"email":"A@x.test","role":"member"}]}`, 400, "is there twice",
		},
		"invitation of a member": {adminKey, "POST", acmeInvitations, `{"invitations":[{"email":"DEV@partner.test","role":"member"}]}`, 409, "is a member"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, seeded(withEverybody))
			path := strings.NewReplacer("DEV", w.member("dev@partner.test"), "ADMIN", w.member("admin@partner.test")).Replace(tt.path)
			w.as(tt.key).do(tt.method, path, tt.body).want(tt.status, tt.message)
		})
	}
}

func TestPagesOfMembers(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) {
		for i := range 1200 {
			email := fmt.Sprintf("p%04d@many.test", i)
			s.Users = append(s.Users, User{Email: email, HasMFA: i == 0})
			s.Organizations[2].Members = append(s.Organizations[2].Members, &Member{Email: email, Role: roles[i%5], ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), JoinedAt: noon.AddDate(0, 0, -i-1)})
		}
	}))
	const path = "/organizations/" + bloom + "/members"
	for query, want := range map[string]string{
		"?limit=500": "owner@customer.test p1199@many.test",
		"?limit=500&sort_by=joined_at&sort_order=asc": "p1199@many.test owner@customer.test",
		"?limit=500&sort_by=email&sort_order=asc":     "owner@customer.test p1199@many.test",
		"?limit=500&sort_by=role":                     "p1198@many.test p0000@many.test",
	} {
		var emails []string
		for next := ""; ; {
			page := read[neon.MembersPage](w.as(customerKey).get(path + query + "&cursor=" + next).want(200))
			for _, m := range page.Members {
				emails = append(emails, m.User.Email)
			}
			if next = page.Pagination.Next; next == "" {
				break
			}
		}
		equal(t, query, emails[0]+" "+emails[len(emails)-1], want)
		equal(t, query, len(slices.Compact(slices.Sorted(slices.Values(emails)))), 1201)
	}
	equal(t, "default page", len(read[neon.MembersPage](w.as(customerKey).get(path).want(200)).Members), defaultMembersPage)
	w.as(customerKey).get(path+"?limit=501").want(400, "limit")
	w.as(customerKey).get(path+"?sort_by=age").want(400, "sort_by")
	w.as(customerKey).get(path+"?cursor=x").want(400, "cursor")
	first := w.as(customerKey).get(path + "?limit=1&sort_by=email&sort_order=desc").want(200)
	equal(t, "sort_by", first.at("pagination.sort_by"), "email")
	w.as(customerKey).get(path+"?sort_by=role&cursor="+first.at("pagination.next")).want(400, "in this order")
	equal(t, "mfa", w.as(customerKey).get(path+"?limit=2").at("members.1.user.has_mfa"), "true")
}

func TestRemovedMemberLosesAccess(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(twoProjects))
	w.as(devKey).get("/organizations/" + acme).want(200)
	w.as(adminKey).delete(acmeMembers + "/" + w.member("dev@partner.test")).want(200)
	w.as(devKey).get("/organizations/"+acme).want(404, "organization not found")
	w.as(devKey).get("/projects/p-two").want(404)
}

func TestSecondAdminMayStepDown(t *testing.T) {
	t.Parallel()
	w := start(t)
	dev, admin := w.member("dev@partner.test"), w.member("admin@partner.test")
	w.as(orgKey).patch(acmeMembers+"/"+dev, `{"role":"admin"}`).want(200)
	w.as(adminKey).patch(acmeMembers+"/"+admin, `{"role":"member"}`).want(200)
	w.as(adminKey).delete(acmeMembers+"/"+dev).want(403, "only an admin")
	w.as(devKey).delete(acmeMembers + "/" + admin).want(200)
	w.as(devKey).delete(acmeMembers+"/"+dev).want(409, "last admin")
}

func TestRolesOfAnOrganization(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Organizations[0].Roles = []string{"admin", "member"} }))
	w.as(adminKey).patch(acmeMembers+"/"+w.member("dev@partner.test"), `{"role":"viewer"}`).want(http.StatusBadRequest, "it has admin, member")
	w.as(adminKey).post(acmeInvitations, `{"invitations":[{"email":"new@x.test","role":"editor"}]}`).want(http.StatusBadRequest, "role editor is not available")
}

func TestDeactivatedUser(t *testing.T) {
	t.Parallel()
	w := start(t, seeded(func(s *Seed) { s.Users[1].DeactivatedAt = &noon }))
	w.as(devKey).get("/users/me").want(http.StatusUnauthorized)
	w.as(adminKey).get(acmeMembers).want(200, `"deactivated_at":"2026-03-15T12:00:00Z"`)
}
