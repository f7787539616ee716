package neon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestBlank(t *testing.T) {
	t.Parallel()
	const request = "389ad814-9514-4cac-bc04-2f194815db76"
	for text, want := range map[string]string{
		"project not found": "project not found",
		"supplied credentials do not pass authentication":                              "supplied credentials do not pass authentication",
		"password authentication failed for user 'app'":                                "password authentication failed for user 'app'",
		"the token of 30 characters is too short":                                      "the token of 30 characters is too short",
		"see https://neon.com/docs/manage/projects?x=1":                                "see https://neon.com/docs/manage/projects?x=1",
		"project round-frost-12345678 of org-cool-breeze-12345678":                     "project round-frost-12345678 of org-cool-breeze-12345678",
		"key napi_a1B2_c3-d4 was revoked":                                              "key [not shown] was revoked",
		"(napi_a1b2)":                                                                  "([not shown])",
		"Authorization: Bearer abc.def":                                                "Authorization: Bearer [not shown]",
		"no: postgresql://app:npg_x1@ep-a.neon.tech/db?sslmode=on.":                    "no: [not shown]",
		"POSTGRES://app@h/d, twice":                                                    "[not shown] twice",
		"at https://user:pass@proxy.test/x":                                            "at [not shown]",
		"the role's password npg_Ab12Cd":                                               "the role's password [not shown]",
		"password=hunter2 is wrong":                                                    "password=[not shown] is wrong",
		`{"password":"hun ter2","x":1}`:                                                `{"password":[not shown],"x":1}`,
		"ALTER ROLE app PASSWORD 'hunter2'":                                            "ALTER ROLE app PASSWORD [not shown]",
		"api_key: abc":                                                                 "api_key: [not shown]",
		"open https://console.neon.tech/app/claim?p=a-b-1&tr=" + request + "&ru=x now": "open [not shown] now",
		"tr=" + request:                                                                "tr=[not shown]",
		"transfer request " + request + " has expired":                                 "transfer request [not shown] has expired",
		"eyJhbGciOi.eyJzdWIi.c2ln":                                                     "[not shown]",
		"it is own-word, is it":                                                        "it is [not shown], is it",
		"":                                                                             "",
	} {
		if got := Blank(text, "own-word", "", "it"); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
		if again := Blank(want); again != want && !strings.Contains(want, "own") {
			t.Errorf("%q became %q, though nothing is left to blank", want, again)
		}
	}
}

// planted are secrets that a message may hold, and the message.
func planted() (secrets []string, message string) {
	secrets = []string{
		"napi_planted1", "npg_planted2", "planted3@ep-a.neon.tech", "9a2f0000-9514-4cac-bc04-2f194815db76",
		"389ad814-9514-4cac-bc04-2f194815db76", "planted-own-key",
	}
	message = "no: napi_planted1, role's npg_planted2, postgres://app:planted3@ep-a.neon.tech/db, " +
		"https://console.neon.tech/app/claim?p=p&tr=9a2f0000-9514-4cac-bc04-2f194815db76, " +
		"request 389ad814-9514-4cac-bc04-2f194815db76, planted-own-key"
	return secrets, message
}

// TestSecretsInNeonsWordsAreNotShown goes over all the ways that words of a server
// take into an error and the log.
func TestSecretsInNeonsWordsAreNotShown(t *testing.T) {
	t.Parallel()
	secrets, message := planted()
	quoted, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	text := string(quoted)
	for name, answer := range map[string]step{
		"message":      {status: 400, body: `{"code":` + text + `,"message":` + text + `}`},
		"request id":   {status: 400, body: `{"request_id":"389ad814-9514-4cac-bc04-2f194815db76","code":"","message":"no"}`},
		"undecided":    {status: 500, body: `{"code":"","message":` + text + `}`},
		"limits":       {status: 406, body: `{"limits":[{"name":` + text + `,"expected":` + text + `,"actual":` + text + `}]}`},
		"integrations": {status: 422, body: `{"projects":[{"id":` + text + `,"integration":` + text + `}]}`},
		"reasons":      {status: 406, body: `{"reasons":[{"code":` + text + `,"message":` + text + `}]}`},
		"no JSON":      {status: 200, body: message},
		"no HTTP":      {err: fmt.Errorf("malformed HTTP response %s", text)},
		"redirect":     {status: 307, header: http.Header{"Location": {"https://x.test/?" + message}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			script := &scripted{t: t, steps: []step{answer}}
			client, err := New(Options{
				APIKey: "planted-own-key", BaseURL: "https://neon.test/api/v2", HTTPClient: &http.Client{Transport: script}, MaxAttempts: 1,
				Log: func(_ context.Context, e Event) { fmt.Fprintf(&log, "%+v\n", e) },
			})
			if err != nil {
				t.Fatal(err)
			}
			err = client.AcceptTransferRequest(t.Context(), "p", "389ad814-9514-4cac-bc04-2f194815db76", "")
			if err == nil {
				t.Fatal("it is no error")
			}
			said := fmt.Sprintf("%v %s %+v %+v %+v %+v", err, log.String(),
				errorAs[*LimitsError](err), errorAs[*IntegrationsError](err), errorAs[*PlanError](err), errorAs[*Error](err))
			for _, secret := range secrets {
				if strings.Contains(said, secret) {
					t.Errorf("%q is shown: %s", secret, said)
				}
			}
		})
	}
}

func errorAs[E error](err error) error {
	found, _ := errors.AsType[E](err)
	return found
}

func TestSecretsOfAFailedOperationAreNotShown(t *testing.T) {
	t.Parallel()
	secrets, message := planted()
	client, _ := scriptedClient(t)
	err := client.WaitOperations(t.Context(), "p", []Operation{{ID: "op-1", Action: "apply_config", Status: OperationFailed, Error: message}})
	failed, ok := errors.AsType[*OperationFailedError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	for _, secret := range secrets[:len(secrets)-1] { // the operation holds no key of the request
		if strings.Contains(err.Error()+failed.Operation.Error, secret) {
			t.Errorf("%q is shown: %v", secret, err)
		}
	}
}
