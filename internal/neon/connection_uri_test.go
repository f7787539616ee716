package neon

import (
	"strings"
	"testing"
)

func TestConnectionURIQuery(t *testing.T) {
	t.Parallel()
	for want, query := range map[string]ConnectionURIQuery{
		"database_name=a+b&role_name=r": {DatabaseName: "a b", RoleName: "r"},
		"branch_id=br-1&database_name=d&endpoint_id=ep-1&pooled=false&role_name=r": {
			DatabaseName: "d", RoleName: "r", BranchID: "br-1", EndpointID: "ep-1", Pooled: new(false),
		},
	} {
		client, script := scriptedClient(t, ok(`{"uri":"postgresql://r:secret@h/d"}`))
		uri, err := client.GetConnectionURI(t.Context(), "p", query)
		if err != nil || uri != "postgresql://r:secret@h/d" {
			t.Errorf("got %q, %v", uri, err)
		}
		if got := script.seen[0].URL.RawQuery; got != want {
			t.Errorf("query is %s, want %s", got, want)
		}
	}
}

// What can't be read is not shown: it may be a password.
func TestBrokenConnectionURIIsNotShown(t *testing.T) {
	t.Parallel()
	broken := ok(`{"uri":{"secret":"npg_planted"}}`)
	client, _ := scriptedClient(t, broken, broken, broken)
	if _, err := client.GetConnectionURI(t.Context(), "p", ConnectionURIQuery{}); err == nil || strings.Contains(err.Error(), "planted") {
		t.Errorf("got %v", err)
	}
}
