package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
)

// RequestRecord is one API request of the journal. Secrets are blanked.
type RequestRecord struct {
	Seq    int       `json:"seq"` // from 1
	At     time.Time `json:"at"`  // by the emulator's clock
	Method string    `json:"method"`
	// Path is relative to /api/v2, with a transfer request's id left out.
	Path string `json:"path"`
	// Route is the operation, such as "GET /projects/{project_id}"; "" for paths the emulator lacks.
	Route string `json:"route"`
	Query string `json:"query"`
	// Status is 0 while the request runs, and for one that was never answered.
	Status int `json:"status"`
	// Key tells whose key it was, such as "personal admin@partner.test"; "" for none or a wrong one.
	Key       string `json:"key"`
	RequestID string `json:"request_id"`
	UserAgent string `json:"user_agent"`
	// Fault names the fault that the request met, or "".
	Fault string `json:"fault"`
	// Owner is whose project the request was about when its work began: that of the
	// project in the path, or the source of a transfer; "" for other requests.
	Owner        string          `json:"owner,omitempty"`
	DurationMS   int64           `json:"duration_ms"` // milliseconds of real time
	RequestBody  json.RawMessage `json:"request_body,omitempty"`
	ResponseBody json.RawMessage `json:"response_body,omitempty"`
}

const (
	// maxRecords bounds the journal: the oldest records go first.
	maxRecords = 20_000
	// maxRecordedBody is the longest body that is kept, in bytes.
	maxRecordedBody = 256 << 10

	blanked = "(blanked)"
)

// journal keeps the API requests. The zero value is ready to use.
type journal struct {
	mu      sync.Mutex
	seq     int
	entries []*RequestRecord
}

// begin enters a request when it arrives, so that one that is never answered is
// there too.
func (j *journal) begin(r *RequestRecord) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	r.Seq = j.seq
	if len(j.entries) >= maxRecords {
		j.entries = append(j.entries[:0], j.entries[maxRecords/10:]...)
	}
	j.entries = append(j.entries, r)
}

// finish runs fill on a record that was begun.
func (j *journal) finish(r *RequestRecord, fill func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	fill()
	r.RequestBody, r.ResponseBody = recordable(r.RequestBody), recordable(r.ResponseBody)
}

// records gives copies. Secrets are blanked here, not when the request comes
// in: few records are ever looked at.
func (j *journal) records() []RequestRecord {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := make([]RequestRecord, len(j.entries))
	for i, r := range j.entries {
		list[i] = *r
		list[i].RequestBody = blank(r.Route, r.RequestBody)
		list[i].ResponseBody = blank(r.Route, r.ResponseBody)
	}
	return list
}

func (j *journal) count() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.entries)
}

func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq, j.entries = 0, nil
}

func recordable(body json.RawMessage) json.RawMessage {
	if len(body) > maxRecordedBody {
		return quoted(fmt.Sprintf("(%d bytes, too long to keep)", len(body)))
	}
	return body
}

// secretFields are the fields of requests and answers that hold secrets.
var secretFields = map[string]bool{
	"password": true, "key": true, "uri": true, "connection_uri": true,
}

// routeOfTransferRequests answers with an id that is a secret by itself.
const routeOfTransferRequests = "POST /projects/{project_id}/transfer_requests"

// blank takes the secrets out of a body. What isn't JSON is told by its length.
func blank(route string, body json.RawMessage) json.RawMessage {
	if len(body) == 0 {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil || dec.More() {
		return quoted(fmt.Sprintf("(%d bytes that are not JSON)", len(body)))
	}
	if answer, isObject := v.(map[string]any); isObject && route == routeOfTransferRequests && answer["id"] != nil {
		answer["id"] = blanked
	}
	clean, err := json.Marshal(blankSecrets(v))
	if err != nil {
		return quoted(blanked)
	}
	return clean
}

func blankSecrets(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if _, isText := value.(string); isText && secretFields[name] {
				v[name] = blanked
				continue
			}
			v[name] = blankSecrets(value)
		}
	case []any:
		for i := range v {
			v[i] = blankSecrets(v[i])
		}
	}
	return v
}

func quoted(s string) json.RawMessage { return json.RawMessage(fmt.Sprintf("%q", s)) }

// hideTransferRequest leaves the id of a transfer request out of a path: whoever
// knows it can take the project.
func hideTransferRequest(path string) string {
	const collection = "/transfer_requests/"
	i := strings.Index(path, collection)
	if i < 0 {
		return path
	}
	return path[:i+len(collection)] + "{request_id}"
}
