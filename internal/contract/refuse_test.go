package contract

import (
	"net/http"
	"strings"
	"testing"
)

func TestWrongAnswersAreFound(t *testing.T) {
	t.Parallel()
	checker := ForTest(t)
	list := canned{request: "GET /projects", status: 200, received: projectList}
	create := canned{request: "POST /projects", sent: `{"project":{}}`, status: 201, received: createdProject}
	members := canned{request: "GET /organizations/org-a-1/members", status: 200, received: memberList}
	project := canned{request: "GET /projects/p", status: 200, received: `{"project":` + project1 + `}`}
	refusal := canned{request: "GET /projects/p", status: 404, received: errorBody}

	for name, test := range map[string]struct {
		right        canned
		old, changed string // in the answer's body
		pointer      string
		reason       string
	}{
		"missing, top level":       {list, `"applications":{},`, ``, "/applications", "is missing"},
		"missing, in an array":     {list, `"platform_id":"aws",`, ``, "/projects/0/platform_id", "is missing"},
		"wrong type":               {list, `"store_passwords":true`, `"store_passwords":"yes"`, "/projects/0/store_passwords", "must be a boolean"},
		"null":                     {list, `"org_id":"org-cool-breeze-12345678"`, `"org_id":null`, "/projects/0/org_id", "not nullable"},
		"fraction":                 {list, `"pg_version":17`, `"pg_version":17.5`, "/projects/0/pg_version", "must be an integer"},
		"unknown, nested":          {project, `"quota":{`, `"quota":{"more":1,`, "/project/settings/quota", `"more" is unsupported`},
		"unknown, in an array":     {list, `"platform_id"`, `"owner":{},"platform_id"`, "/projects/0", `"owner" is unsupported`},
		"unknown, merged":          {create, `"endpoints"`, `"endpoint":{},"endpoints"`, "", `"endpoint" is unsupported`},
		"unknown, below merged":    {create, `"failures_count"`, `"x":0,"failures_count"`, "/operations/0", `"x" is unsupported`},
		"missing, merged":          {create, `"endpoints":[],`, ``, "/endpoints", "is missing"},
		"unknown, in an error":     {refusal, `"code"`, `"error":"x","code"`, "", `"error" is unsupported`},
		"missing, in an error":     {refusal, `"code":"",`, ``, "/code", "is missing"},
		"value of a map":           {list, `["github"]`, `"github"`, "/integrations/shiny-wind-028834", "must be an array"},
		"value of a string map":    {project, `"work_mem":"4MB"`, `"work_mem":4`, "/project/default_endpoint_settings/pg_settings/work_mem", "must be a string"},
		"enum":                     {members, `"role":"admin"`, `"role":"owner"`, "/members/0/member/role", "allowed values"},
		"enum, single allOf":       {project, `"CAN_EDIT"`, `"CAN_FLY"`, "/project/effective_project_permission", "allowed values"},
		"uuid":                     {members, `d57833f2-`, `d57833f2`, "/members/0/member/id", `"uuid"`},
		"email":                    {members, `admin@partner.test`, `Admin <admin@partner.test>`, "/members/0/user/email", `"email"`},
		"date-time":                {list, `2026-02-10T12:00:00Z`, `2026-02-30T12:00:00Z`, "/projects/0/created_at", `"date-time"`},
		"date-time without zone":   {list, `2026-02-10T12:00:00Z`, `2026-02-10T12:00:00`, "/projects/0/created_at", `"date-time"`},
		"int32":                    {list, `"history_retention_seconds":86400`, `"history_retention_seconds":2147483648`, "/projects/0/history_retention_seconds", `"int32"`},
		"int64":                    {project, `9223372036854775807`, `92233720368547758080`, "/project/settings/quota/active_time_seconds", `"int64"`},
		"minimum":                  {list, `"active_time":0`, `"active_time":-1`, "/projects/0/active_time", "at least 0"},
		"maximum":                  {list, `"pg_version":17`, `"pg_version":99`, "/projects/0/pg_version", "at most 18"},
		"pattern":                  {list, `"id":"shiny-wind-028834"`, `"id":"Shiny Wind"`, "/projects/0/id", "regular expression"},
		"minLength":                {list, `"cursor":"shiny-wind-028834"`, `"cursor":""`, "/pagination/cursor", "minimum string length"},
		"not JSON":                 {refusal, `{`, ``, "", "not JSON"},
		"something after the JSON": {refusal, `}`, `}{}`, "", "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := test.right
			wrong.received = replace(t, wrong.received, test.old, test.changed)
			wantOne(t, wrong.violations(t, checker), InResponseBody, test.pointer, test.reason)
		})
	}
}

func TestWrongExchangesAreFound(t *testing.T) {
	t.Parallel()
	checker := ForTest(t)
	const consumption = "GET /consumption_history/v2/projects?to=2026-02-02T00:00:00Z&granularity=daily&org_id=org-a-1&metrics=a"
	noProjects := `{"projects":[]}`
	text := http.Header{"Content-Type": {"text/plain"}}
	for name, test := range map[string]struct {
		exchange    canned
		in, pointer string
		reason      string
	}{
		"undocumented success":         {canned{request: "GET /projects", status: 202, received: projectList}, InStatus, "", "documented are [200]"},
		"200 where 201 is right":       {canned{request: "POST /projects", sent: `{"project":{}}`, status: 200, received: createdProject}, InStatus, "", "documented are [201]"},
		"redirect":                     {canned{request: "GET /projects", status: 302}, InStatus, "", "undocumented status"},
		"undocumented path":            {canned{request: "GET /projekts", status: 200, received: `{}`}, InPath, "", "undocumented path"},
		"undocumented method":          {canned{request: "PUT /projects/p", status: 500, received: errorBody}, InPath, "", "undocumented path or method"},
		"undocumented path, provider":  {canned{request: "GET /projekts", userAgent: providerAgent, status: 404, received: errorBody}, InPath, "", "undocumented path"},
		"dropped from 2.7.3":           {canned{request: "GET /consumption_history/account", status: 200, received: `{"periods":[],"total":1}`}, InResponseBody, "", `"total" is unsupported`},
		"undocumented query parameter": {canned{request: "GET /projects?org=x", status: 200, received: projectList}, InQuery, "/org", "undocumented"},
		"query out of bounds":          {canned{request: "GET /projects?limit=401", status: 200, received: projectList}, InQuery, "/limit", "at most 400"},
		"query of a wrong type":        {canned{request: "GET /projects?limit=many", status: 200, received: projectList}, InQuery, "/limit", "must be an integer"},
		"query not a boolean":          {canned{request: "GET /projects?recoverable=1", status: 200, received: projectList}, InQuery, "/recoverable", "must be a boolean"},
		"query given twice":            {canned{request: "GET /projects?limit=1&limit=2", status: 200, received: projectList}, InQuery, "/limit", "takes one value"},
		"query malformed":              {canned{request: "GET /projects?a=%zz", status: 200, received: projectList}, InQuery, "", "well-formed"},
		"query missing":                {canned{request: consumption, status: 200, received: noProjects}, InQuery, "/from", "is missing"},
		"query not a time":             {canned{request: consumption + "&from=yesterday", status: 200, received: noProjects}, InQuery, "/from", `"date-time"`},
		"query array item":             {canned{request: consumption + "&from=2026-02-01T00:00:00Z&project_ids=p&project_ids=A+B", status: 200, received: noProjects}, InQuery, "/project_ids/1", "regular expression"},
		"path parameter":               {canned{request: "GET /projects/NOT%20AN%20ID", status: 200, received: `{"project":` + project1 + `}`}, InPath, "/project_id", "regular expression"},
		"integer in the path":          {canned{request: "DELETE /api_keys/abc", status: 200, received: keyRevoked}, InPath, "/key_id", "must be an integer"},
		"request body missing":         {canned{request: "POST /projects", status: 201, received: createdProject}, InRequestBody, "", "required"},
		"request body undocumented":    {canned{request: "DELETE /projects/p", sent: `{}`, status: 200, received: `{"project":` + project1 + `}`}, InRequestBody, "", "no body is documented"},
		"request body wrong":           {canned{request: "POST /projects", sent: `{"project":{"label":"x"}}`, status: 201, received: createdProject}, InRequestBody, "/project", `"label" is unsupported`},
		"request body refused, ours":   {canned{request: "POST /projects", sent: `{"project":{"label":"x"}}`, userAgent: providerAgent, status: 400, received: errorBody}, InRequestBody, "/project", `"label" is unsupported`},
		"request body at a fault":      {canned{request: "POST /projects", sent: `{"project":1}`, userAgent: providerAgent, status: 503, header: http.Header{faultHeader: {"status"}}}, InRequestBody, "/project", "must be an object"},
		"query refused, ours":          {canned{request: "GET /projects?limit=0", userAgent: providerAgent, status: 400, received: errorBody}, InQuery, "/limit", "at least 1"},
		"answer of another type":       {canned{request: "GET /projects", status: 200, header: text, received: projectList}, InContentType, "", `given "text/plain"`},
		"answer without a type":        {canned{request: "GET /projects", status: 200, header: http.Header{}, received: projectList}, InContentType, "", `given ""`},
		"error of another type":        {canned{request: "GET /projects", status: 500, header: text, received: "boom"}, InContentType, "", "text/plain"},
		"error without a body":         {canned{request: "GET /projects", status: 500}, InContentType, "", "application/json"},
		"body with a 204":              {canned{request: "PUT /projects/p/transfer_requests/d57833f2-d308-4ede-9d2e-468d9d013d1b", status: 204, received: `{}`}, InResponseBody, "", "no body is documented"},
		"empty answer isn't empty":     {canned{request: "POST /organizations/org-a-1/projects/transfer", sent: `{"destination_org_id":"org-b-2","project_ids":["p"]}`, status: 200, received: `{"ok":true}`}, InResponseBody, "", `"ok" is unsupported`},
		"limits instead of an error":   {canned{request: "GET /projects/p", status: 406, received: `{"limits":[]}`}, InResponseBody, "", `"limits" is unsupported`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantOne(t, test.exchange.violations(t, checker), test.in, test.pointer, test.reason)
		})
	}
}

const keyRevoked = `{"id":1,"name":"ci","created_at":"2026-02-10T12:00:00Z","created_by":"b107d689-6dd2-4c9a-8b9e-0b25e457cf56","last_used_from_addr":"","revoked":true}`

// wantOne wants the described violation among those found.
func wantOne(t *testing.T, found []Violation, in, pointer, reason string) {
	t.Helper()
	for _, v := range found {
		if v.In == in && v.Pointer == pointer && strings.Contains(v.Reason, reason) {
			return
		}
	}
	t.Errorf("no violation in %q at %q with %q among %d found:", in, pointer, reason, len(found))
	for _, v := range found {
		t.Log(v)
	}
}
