package provider

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// Keys, passwords and connection strings are in no log, at whatever level, and in
// no diagnostic, however the request went.
func TestSecretsAreNeitherLoggedNorShown(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	w := withGuestShop(t)
	client, err := neon.New(neon.Options{APIKey: partnerAdmin, BaseURL: w.url, Log: logEvent, MaxAttempts: 1, PollInterval: time.Millisecond, HTTPClient: &http.Client{}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	c := &configured{client: client, orgID: acme}
	shown := ""
	type send = func(context.Context, string, neon.APIKeyCreate) (*neon.MadeAPIKey, error)
	tryAll := func(create send) {
		made, diags := c.createOrgAPIKey(ctx, types.StringNull(), neon.APIKeyCreate{KeyName: "ci"}, create, adviseLostKey)
		shown += fmt.Sprint(diags)
		if made != nil {
			e := &orgAPIKeyEphemeral{ephemeralBase{withConfigured{c}}}
			shown += fmt.Sprint(e.revoke(ctx, openedKey{OrgID: acme, ID: made.ID, Name: made.Name}))
		}
		m := connectionURIModel{ProjectID: types.StringValue(guestShop), DatabaseName: types.StringValue("neondb"), RoleName: types.StringValue("neondb_owner")}
		shown += fmt.Sprint(c.readConnectionURI(ctx, &m))
	}
	tryAll(client.CreateOrgAPIKey)
	for _, effect := range []emulator.FaultEffect{
		{Garbage: true},
		{Truncate: new(40)},
		{Drop: "after"},
		{Status: http.StatusOK, Body: []byte(`{"key":{"k":"napi_planted"},"uri":{"u":"postgresql://a:npg_planted@h/d"}}`)},
		{Status: http.StatusOK, Body: []byte(`{"key":1,"uri":"npg_planted"}`)},
	} {
		for _, create := range []send{client.CreateOrgAPIKey, client.CreateUniqueOrgAPIKey} {
			w.fault(emulator.Fault{Path: "/organizations/*/api_keys", Method: http.MethodPost, Times: 1, Effect: effect})()
			w.fault(emulator.Fault{Path: "/projects/*/connection_uri", Times: 1, Effect: effect})()
			tryAll(create)
		}
	}
	written := log.String() + shown
	if strings.Count(written, "Neon API request") < 20 || !strings.Contains(shown, "not read") {
		t.Fatalf("too little was logged and shown to prove anything: %s", written)
	}
	for _, secret := range []string{w.password(), "napi_", "npg_", "postgresql://a", "planted"} {
		if i := strings.Index(written, secret); i >= 0 {
			t.Errorf("%s is in: …%s…", secret, written[max(0, i-200):min(len(written), i+100)])
		}
	}
	if err := context.Cause(ctx); err != nil {
		t.Error(err)
	}
}
