package neon

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// sent are the bodies of the calls that have one.
var sent = map[string]any{
	"POST /projects": ProjectCreateRequest{ProjectCreate{
		Name: new("shop"), OrgID: new(orgA), Branch: &ProjectCreateBranch{Name: new("main")},
	}},
	"PATCH /projects/{project_id}":                  ProjectUpdateRequest{ProjectUpdate{Name: new("shop")}},
	"POST /projects/{project_id}/permissions":       GrantPermission{Email: "ann@x.test"},
	"POST /projects/{project_id}/transfer_requests": TransferRequestCreate{TTLSeconds: new(int64(60))},

	"PATCH /projects/{project_id}/branches/{branch_id}":                           BranchUpdateRequest{BranchUpdate{Name: new("main")}},
	"PATCH /projects/{project_id}/branches/{branch_id}/databases/{database_name}": DatabaseUpdateRequest{DatabaseUpdate{Name: new("app")}},

	"PUT /projects/{project_id}/transfer_requests/{request_id}": TransferRequestAccept{OrgID: new(orgB)},
	"POST /organizations/{source_org_id}/projects/transfer":     TransferProjects{DestinationOrgID: orgB, ProjectIDs: []string{"p"}},
	"POST /users/me/projects/transfer":                          TransferProjects{DestinationOrgID: orgB, ProjectIDs: []string{"p"}},

	"POST /organizations/{org_id}/api_keys":             APIKeyCreate{KeyName: "ci", ProjectID: "p"},
	"PATCH /organizations/{org_id}/members/{member_id}": MemberUpdateRequest{Role: RoleAdmin},
	"POST /organizations/{org_id}/invitations": InvitationsCreateRequest{[]InvitationCreate{
		{"ann@x.test", RoleMember}, {"bob@x.test", RoleMember},
	}},
	"PUT /organizations/{org_id}/billing/spending_limit": SpendingLimitUpdate{SpendingLimitCents: 500},
	"POST /projects/{project_id}/recover":                nil,
}

// asked are the parameters of the calls that have some.
var asked = map[string]url.Values{
	"GET /projects":                        {"org_id": {orgA}},
	"GET /consumption_history/v2/projects": {"project_ids": {"p-1,p-2"}},
	"GET /consumption_history/projects":    {"project_ids": {"p-1,p-2"}},
	"GET /consumption_history/v2/branches": {"project_ids": {"p-1,p-2"}, "branch_ids": {"br-1,br-2"}},
}

// says: these are answered with an object that has nothing in it.
var saysNothing = []string{
	"DELETE /organizations/{org_id}/billing/spending_limit", "DELETE /organizations/{org_id}/members/{member_id}",
	"POST /organizations/{source_org_id}/projects/transfer", "POST /users/me/projects/transfer",
}

// requestOf makes a request for a call of the table.
func requestOf(t *testing.T, name string) request {
	t.Helper()
	method, route, _ := strings.Cut(name, " ")
	r := request{method: method, route: route, path: map[string]string{}, query: asked[name], body: sent[name]}
	if _, isListed := sent[name]; !isListed && (method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch) {
		t.Fatalf("%s: say in sent what it sends", name)
	}
	for segment := range strings.SplitSeq(route, "/") {
		if parameter, isParameter := strings.CutPrefix(segment, "{"); isParameter {
			r.path[strings.TrimSuffix(parameter, "}")] = "7" // fits ids that are numbers, too
		}
	}
	return r
}

// TestAnswerThatIsNoneIsNeverBelieved goes over all the calls of the client and all
// ways in which an answer can fail.
func TestAnswerThatIsNoneIsNeverBelieved(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := requestOf(t, name)
			c, good := sample(t, r)
			if c.answer == nil {
				believes(t, r, step{status: http.StatusNoContent}, true)
				believes(t, r, ok(`{}`), false)
				return
			}
			body, err := json.Marshal(good)
			if err != nil {
				t.Fatal(err)
			}
			believes(t, r, ok(string(body)), true)
			believes(t, r, step{status: http.StatusNoContent}, false)
			for _, body := range []string{``, `null`, `[]`, `{}`, `"text"`, `7`, `true`, `[null]`, `[[]]`} {
				isOne := body == `[]` && c.answer.Kind() == reflect.Slice || body == `{}` && slices.Contains(saysNothing, name)
				believes(t, r, ok(body), isOne)
			}
			spoilt := mutationsOf(t, c, good)
			if len(spoilt) == 0 && !slices.Contains(saysNothing, name) {
				t.Error("there is no way in which the answer can fail")
			}
			for _, m := range spoilt {
				t.Run(m.name, func(t *testing.T) { believes(t, r, ok(m.body), false) })
			}
		})
	}
}

// believes sends a request and looks whether its answer is taken, however often it
// comes. One that is not is asked for again where that is safe, and never data.
func believes(t *testing.T, r request, answer step, want bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		client, err := New(Options{APIKey: "napi_test", BaseURL: "https://neon.test/api/v2", HTTPClient: &http.Client{
			Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
				sent++
				attemptFrom(req.Context()).left.Store(true) // as httptrace would
				body := io.NopCloser(strings.NewReader(answer.body))
				return &http.Response{StatusCode: answer.status, Header: http.Header{}, Body: body, Request: req}, nil
			}),
		}})
		if err != nil {
			t.Fatal(err)
		}
		var out any
		if answers[r.method+" "+r.route] != nil {
			out = reflect.New(answers[r.method+" "+r.route]).Interface()
		}
		err = client.do(t.Context(), r, out)
		if (err == nil) != want {
			t.Fatalf("%d %s: got %v, want it believed: %t", answer.status, answer.body, err, want)
		}
		if want {
			return
		}
		_, isSilent := err.(*NoAnswerError) //nolint:errorlint // it must be that, not hold it
		isRead := r.method == http.MethodGet
		if IsOutcomeUnknown(err) == isRead || isSilent != isRead {
			t.Errorf("%s: got %#v", answer.body, err)
		}
		if !isRead && sent != 1 || isRead && sent < maxUnlike {
			t.Errorf("%s: sent %d times", answer.body, sent)
		}
		if out != nil && !reflect.ValueOf(out).Elem().IsZero() {
			t.Errorf("%s: something of it was taken: %+v", answer.body, out)
		}
		if IsNotFound(err) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: got %v", answer.body, err)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestReadWhoseAnswerIsNoneOnceIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, script := scriptedClient(t, ok(`null`), ok(`{"project":{"id":"another"}}`), ok(okProject))
		project, err := client.GetProject(t.Context(), "p")
		if err != nil || project.ID != "p" || len(script.seen) != 3 {
			t.Errorf("got %v, %v after %d requests", project, err, len(script.seen))
		}
	})
}

// TestEmailsAreComparedWithoutCase: an address comes back as its owner wrote it.
func TestEmailsAreComparedWithoutCase(t *testing.T) {
	t.Parallel()
	client, _ := scriptedClient(t, ok(noGuests), ok(strings.ReplaceAll(annsGrant, "ann@", "Ann@")))
	if _, err := held(client, "p").Grant(t.Context(), "ann@x.test"); err != nil {
		t.Error(err)
	}
}
