package contract

import (
	"strings"
	"testing"
)

// No value is given away by a violation, whatever is wrong with it.
func TestReasonsKeepSecrets(t *testing.T) {
	t.Parallel()
	const secret = "napi_0123456789abcdef"
	schema, err := closedSchema(t, `Top: {type: object, properties: {u: {type: string, format: uuid}, d: {type: string, format: date-time}, m: {type: string, format: email},
			r: {type: string, format: uri}, e: {type: string, enum: [a]}, p: {type: string, pattern: '^x$'}, l: {type: string, maxLength: 2}, i: {type: integer}, o: {type: object}, a: {type: array, items: {type: integer}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	value := map[string]any{"a": []any{secret}}
	for _, name := range []string{"u", "d", "m", "r", "e", "p", "l", "i", "o"} {
		value[name] = secret
	}
	found := check(schema, value)
	if len(found) != len(value) {
		t.Fatalf("got %d findings, want %d: %v", len(found), len(value), found)
	}
	for _, f := range found {
		if strings.Contains(f.reason, secret[:5]) {
			t.Errorf("%s gives the value away: %s", f.pointer, f.reason)
		}
	}
}

func TestFindingsAreBounded(t *testing.T) {
	t.Parallel()
	schema, err := closedSchema(t, "Top: {type: array, items: {type: string}}")
	if err != nil {
		t.Fatal(err)
	}
	found := check(schema, make([]any, 400))
	if len(found) != maxFindings || !strings.Contains(found[maxFindings-1].reason, "390 more") {
		t.Errorf("got %d findings, the last is %v", len(found), found[len(found)-1])
	}
}

func TestIDListIsThePattern(t *testing.T) {
	t.Parallel()
	ids := func(n int) string { return strings.TrimSuffix(strings.Repeat("a-1,", n), ",") }
	for text, want := range map[string]bool{
		"": true, "p": true, "p,q": true, ids(100): true, ids(101): false,
		",": false, "p,": false, "P": false, strings.Repeat("p", 60): true, strings.Repeat("p", 61): false,
	} {
		if got := (idList{}).MatchString(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestViolationString(t *testing.T) {
	t.Parallel()
	v := Violation{Method: "GET", Path: "/projects/{project_id}", OperationID: "getProject", Status: 200, In: InResponseBody, Pointer: pointer([]string{"a/b", "~", "0"}), Reason: "no"}
	if got, want := v.String(), "GET /projects/{project_id} (getProject) answered 200: response body at /a~1b/~0/0: no"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	v = Violation{Method: "GET", Path: "/x", Status: 200, In: InPath, Reason: "no"}
	if got, want := v.String(), "GET /x answered 200: path: no"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
