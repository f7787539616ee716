package contract

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// canned is one exchange: a request and the answer that a handler gives to it.
type canned struct {
	request   string // "METHOD /path?query", without prefix
	sent      string // request body, JSON
	userAgent string
	status    int
	header    http.Header // of the answer; JSON where nil
	received  string      // answer body
}

func (c canned) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if c.header == nil && c.received != "" {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
		}
		maps.Copy(w.Header(), c.header)
		w.WriteHeader(c.status)
		if c.received != "" {
			_, _ = w.Write([]byte(c.received))
		}
	})
}

// violations runs the exchange through a middleware.
func (c canned) violations(t *testing.T, checker *Checker, options ...Option) []Violation {
	t.Helper()
	method, target, _ := strings.Cut(c.request, " ")
	request := httptest.NewRequestWithContext(t.Context(), method, Prefix+target, strings.NewReader(c.sent))
	if c.sent != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.userAgent != "" {
		request.Header.Set("User-Agent", c.userAgent)
	}
	var found []Violation
	report := func(v Violation) { found = append(found, v) }
	checker.Middleware(Prefix, report, c.handler(), options...).ServeHTTP(httptest.NewRecorder(), request)
	return found
}

const (
	providerAgent = "terraform-provider-neon/1.2.3 terraform/1.15.0"

	errorBody = `{"request_id":"7a1c","code":"","message":"project not found"}`

	operation1 = `{"id":"a07f8772-1877-4da9-a939-3a3ae62d1d8d","project_id":"shiny-wind-028834","branch_id":"br-aged-salad-637688",
		"endpoint_id":"ep-little-smoke-851426","action":"start_compute","status":"running","failures_count":0,
		"created_at":"2026-02-10T12:00:00Z","updated_at":"2026-02-10T12:00:00.123456Z","total_duration_ms":100}`

	branch1 = `{"id":"br-aged-salad-637688","project_id":"shiny-wind-028834","name":"main","current_state":"init","pending_state":"ready",
		"state_changed_at":"2026-02-10T12:00:00Z","creation_source":"console","primary":true,"default":true,"protected":false,"cpu_used_sec":0,
		"compute_time_seconds":0,"active_time_seconds":0,"written_data_bytes":0,"data_transfer_bytes":0,
		"created_at":"2026-02-10T12:00:00Z","updated_at":"2026-02-10T12:00:00Z"}`

	listedProject = `{"id":"shiny-wind-028834","platform_id":"aws","region_id":"aws-us-east-2","name":"shop","provisioner":"k8s-neonvm","pg_version":17,
		"default_endpoint_settings":{"autoscaling_limit_min_cu":0.25,"autoscaling_limit_max_cu":2,"suspend_timeout_seconds":0},
		"settings":{"allowed_ips":{"ips":[],"protected_branches_only":false},"enable_logical_replication":false},
		"proxy_host":"us-east-2.aws.neon.tech","branch_logical_size_limit":0,"branch_logical_size_limit_bytes":0,"store_passwords":true,
		"active_time":0,"cpu_used_sec":0,"creation_source":"console","created_at":"2026-02-10T12:00:00Z","updated_at":"2026-02-10T12:00:00+01:00",
		"owner_id":"org-cool-breeze-12345678","org_id":"org-cool-breeze-12345678","history_retention_seconds":86400}`

	project1 = `{"id":"shiny-wind-028834","data_storage_bytes_hour":0,"data_transfer_bytes":0,"written_data_bytes":0,"compute_time_seconds":0,"active_time_seconds":0,
		"cpu_used_sec":0,"platform_id":"aws","region_id":"aws-us-east-2","name":"shop","provisioner":"k8s-neonvm","pg_version":17,
		"default_endpoint_settings":{"pg_settings":{"work_mem":"4MB"}},"settings":{"quota":{"active_time_seconds":9223372036854775807}},
		"proxy_host":"us-east-2.aws.neon.tech","branch_logical_size_limit":0,"branch_logical_size_limit_bytes":0,"store_passwords":true,
		"creation_source":"console","history_retention_seconds":86400,"created_at":"2026-02-10T12:00:00Z","updated_at":"2026-02-10T12:00:00Z",
		"consumption_period_start":"2026-02-01T00:00:00Z","consumption_period_end":"2026-03-01T00:00:00Z","owner_id":"org-cool-breeze-12345678",
		"owner":{"email":"owner@customer.test","name":"","branches_limit":10,"subscription_type":"launch_v3"},"effective_project_permission":"CAN_EDIT"}`

	createdProject = `{"project":` + project1 + `,"branch":` + branch1 + `,"operations":[` + operation1 + `],"endpoints":[],
		"connection_uris":[{"connection_uri":"postgresql://o:p@ep-little-smoke-851426.us-east-2.aws.neon.tech/neondb","connection_parameters":
			{"database":"neondb","password":"p","role":"o","host":"h","pooler_host":"ph"}}],
		"roles":[{"branch_id":"br-aged-salad-637688","name":"o","password":"p","protected":false,"created_at":"2026-02-10T12:00:00Z","updated_at":"2026-02-10T12:00:00Z"}],
		"databases":[{"id":1,"branch_id":"br-aged-salad-637688","name":"neondb","owner_name":"o","created_at":"2026-02-10T12:00:00Z","updated_at":"2026-02-10T12:00:00Z"}]}`

	projectList = `{"projects":[` + listedProject + `],"applications":{},"integrations":{"shiny-wind-028834":["github"]},"pagination":{"cursor":"shiny-wind-028834"}}`

	memberList = `{"members":[{"member":{"id":"d57833f2-d308-4ede-9d2e-468d9d013d1b","user_id":"b107d689-6dd2-4c9a-8b9e-0b25e457cf56",
		"org_id":"org-cool-breeze-12345678","role":"admin","joined_at":"2026-01-01T00:00:00Z"},"user":{"email":"admin@partner.test","has_mfa":false}}],
		"pagination":{"sort_by":"joined_at","sort_order":"DESC"}}`
)

// replace returns text with one thing changed and fails when it isn't there.
func replace(t *testing.T, text, old, changed string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("the fixture has no %s", old)
	}
	return strings.Replace(text, old, changed, 1)
}
