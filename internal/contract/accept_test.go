package contract

import (
	"net/http"
	"testing"
)

func TestRightExchangesPass(t *testing.T) {
	t.Parallel()
	checker := ForTest(t)
	const account = "/consumption_history/account?from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z&granularity=monthly"
	for name, exchange := range map[string]canned{
		"project created":         {request: "POST /projects", sent: `{"project":{}}`, status: 201, received: createdProject},
		"project created fully":   {request: "POST /projects", sent: `{"project":{"name":"shop","org_id":"org-cool-breeze-12345678","branch":{"annotations":{"any":"thing"}}}}`, status: 201, received: createdProject},
		"projects listed":         {request: "GET /projects?limit=400&recoverable=true&org_id=org-cool-breeze-12345678", status: 200, received: projectList},
		"last page":               {request: "GET /projects", status: 200, received: `{"projects":[],"applications":{},"integrations":{}}`},
		"project":                 {request: "GET /projects/shiny-wind-028834", status: 200, received: `{"project":` + project1 + `}`},
		"project updated":         {request: "PATCH /projects/shiny-wind-028834", sent: `{"project":{"name":"x"}}`, status: 200, received: `{"project":` + project1 + `,"operations":[]}`},
		"branch with annotations": {request: "GET /projects/shiny-wind-028834/branches/br-a", status: 200, received: `{"branch":` + branch1 + `,"annotation":{"object":{"type":"console/branch","id":"br-a"},"value":{"any":"thing"}}}`},
		"transfer request":        {request: "POST /projects/p/transfer_requests", sent: `{"ttl_seconds":60}`, status: 201, received: `{"id":"d57833f2-d308-4ede-9d2e-468d9d013d1b","project_id":"p","created_at":"2026-02-10T12:00:00Z","expires_at":"2026-02-11T12:00:00Z"}`},
		"transfer request, bare":  {request: "POST /projects/p/transfer_requests", status: 201, received: `{"id":"d57833f2-d308-4ede-9d2e-468d9d013d1b","project_id":"p","created_at":"2026-02-10T12:00:00Z","expires_at":"2026-02-11T12:00:00Z"}`},
		"transfer accepted":       {request: "PUT /projects/p/transfer_requests/d57833f2-d308-4ede-9d2e-468d9d013d1b", sent: `{"org_id":"org-a-1"}`, status: 204},
		"transfer refused":        {request: "PUT /projects/p/transfer_requests/d57833f2-d308-4ede-9d2e-468d9d013d1b", status: 406, received: `{"reasons":[{"code":"c","message":"m"}]}`},
		"organization transfer":   {request: "POST /organizations/org-a-1/projects/transfer", sent: `{"destination_org_id":"org-b-2","project_ids":["p"]}`, status: 200, received: `{}`},
		"limits":                  {request: "POST /organizations/org-a-1/projects/transfer", sent: `{}`, status: 406, received: `{"limits":[{"name":"projects_count","expected":"100","actual":"101"}]}`},
		"integrations":            {request: "POST /organizations/org-a-1/projects/transfer", sent: `{}`, status: 422, received: `{"projects":[{"id":"p","integration":"vercel"}]}`},
		"members":                 {request: "GET /organizations/org-a-1/members?sort_by=email&limit=500", status: 200, received: memberList},
		"keys":                    {request: "GET /organizations/org-a-1/api_keys", status: 200, received: `[{"id":1,"name":"ci","created_at":"2026-02-10T12:00:00Z","created_by":{"id":"b107d689-6dd2-4c9a-8b9e-0b25e457cf56","name":"A","image":""},"last_used_at":null,"last_used_from_addr":"","project_id":"p"}]`},
		"unknown project":         {request: "GET /projects/p", status: 404, received: errorBody},
		"invalid input refused":   {request: "POST /projects?x=1", sent: `{"project":{"label":1}}`, status: 400, received: errorBody},
		"bad id refused":          {request: "GET /projects/NOT%20AN%20ID", userAgent: providerAgent, status: 404, received: errorBody},
		"unknown path refused":    {request: "GET /no/such/path", status: 404, received: errorBody},
		"repeated metrics":        {request: "GET /consumption_history/v2/projects?org_id=org-a-1&from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z&granularity=daily&metrics=a&metrics=b&project_ids=p,q", status: 200, received: `{"projects":[],"pagination":{"cursor":"x"}}`},
		"account totals of 2.7.2": {request: "GET " + account, status: 200, received: `{"periods":[]}`},
		"changed by a fault":      {request: "GET /projects", status: 200, header: http.Header{faultHeader: {"garbage"}}, received: "<html>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, v := range exchange.violations(t, checker) {
				t.Error(v)
			}
		})
	}
}
