package provider

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// protocol is the provider as a CLI speaks to it, without a CLI: for what only
// some of them have, and for how much it does before it is asked for more.
type protocol struct {
	t       *testing.T
	server  frameworkServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

// protocol gives a provider that is configured with the key and, unless it is
// empty, the organization.
func (w *world) protocol(key, orgID string) *protocol {
	w.t.Helper()
	server, err := w.factories()["neon"]()
	if err != nil {
		w.t.Fatal(err)
	}
	p := &protocol{t: w.t, server: server.(frameworkServer)}
	p.schemas, err = p.server.GetProviderSchema(w.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	p.check(err, p.schemas.Diagnostics)
	config := fmt.Sprintf(`{"api_key": %q, "base_url": %q}`, key, w.url)
	if orgID != "" {
		config = fmt.Sprintf(`{"api_key": %q, "base_url": %q, "org_id": %q}`, key, w.url, orgID)
	}
	configured, err := p.server.ConfigureProvider(w.t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: fromJSON(config)})
	p.check(err, configured.Diagnostics)
	return p
}

func fromJSON(value string) *tfprotov6.DynamicValue {
	return &tfprotov6.DynamicValue{JSON: []byte(value)}
}

// check ends the test where something can't go wrong unless the test does.
func (p *protocol) check(err error, diags []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if err != nil || len(diags) > 0 {
		p.t.Fatal(err, describe(diags))
	}
}

// describe gives diagnostics as text: severity, attribute, summary and detail.
func describe(diags []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%s %s: %s: %s\n", d.Severity, d.Attribute, d.Summary, d.Detail)
	}
	return b.String()
}

// listed is what a list resource gives.
type listed struct {
	name     string
	identity any
	resource any
	raw      *tfprotov6.ResourceIdentityData
}

// query asks for what a list resource lists.
type query struct {
	of     string // the resource's type
	config string // as JSON
	limit  int64  // 0 for none
	whole  bool   // with the resource
}

// list calls a list resource. What it says of errors comes as text.
func (p *protocol) list(q query) (items []listed, diags string) {
	p.t.Helper()
	validated, err := p.server.ValidateListResourceConfig(p.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: q.of, Config: fromJSON(q.config)})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(validated.Diagnostics) > 0 {
		return nil, describe(validated.Diagnostics)
	}
	stream, err := p.server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: q.of, Config: fromJSON(q.config), Limit: q.limit, IncludeResource: q.whole,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	identities, err := p.server.GetResourceIdentitySchemas(p.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	p.check(err, identities.Diagnostics)
	var said strings.Builder
	for result := range stream.Results {
		said.WriteString(describe(result.Diagnostics))
		if result.Identity == nil {
			continue
		}
		item := listed{name: result.DisplayName, raw: result.Identity, identity: p.plain(result.Identity.IdentityData, identities.IdentitySchemas[q.of].ValueType())}
		if result.Resource != nil {
			item.resource = p.plain(result.Resource, p.schemas.ResourceSchemas[q.of].ValueType())
		}
		items = append(items, item)
	}
	return items, said.String()
}

// importListed imports and reads an object that was listed, by its identity.
func (p *protocol) importListed(resourceType string, item listed) any {
	p.t.Helper()
	imported, err := p.server.ImportResourceState(p.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: resourceType, Identity: item.raw})
	if err != nil || len(imported.ImportedResources) != 1 {
		p.t.Fatal(err, describe(imported.Diagnostics))
	}
	object := imported.ImportedResources[0]
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: resourceType, CurrentState: object.State, CurrentIdentity: object.Identity, Private: object.Private,
	})
	p.check(err, read.Diagnostics)
	return p.plain(read.NewState, p.schemas.ResourceSchemas[resourceType].ValueType())
}

// invoke validates, plans and invokes an action with its configuration as JSON,
// as a CLI would.
func (p *protocol) invoke(actionType, config string) (progress []string, diags string) {
	p.t.Helper()
	validated, err := p.server.ValidateActionConfig(p.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: actionType, Config: fromJSON(config)})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(validated.Diagnostics) > 0 {
		return nil, describe(validated.Diagnostics)
	}
	planned, err := p.server.PlanAction(p.t.Context(), &tfprotov6.PlanActionRequest{ActionType: actionType, Config: fromJSON(config)})
	p.check(err, planned.Diagnostics)
	stream, err := p.server.InvokeAction(p.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: fromJSON(config)})
	if err != nil {
		p.t.Fatal(err)
	}
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = describe(event.Diagnostics)
		}
	}
	return progress, diags
}

func (p *protocol) plain(value *tfprotov6.DynamicValue, of tftypes.Type) any {
	p.t.Helper()
	v, err := value.Unmarshal(of)
	if err != nil {
		p.t.Fatal(err)
	}
	return plain(p.t, v)
}

// plain gives a value as encoding/json would, with numbers as text.
func plain(t *testing.T, v tftypes.Value) any {
	t.Helper()
	as := func(target any) {
		if err := v.As(target); err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case v.IsNull():
		return nil
	case v.Type().Is(tftypes.String):
		var s string
		as(&s)
		return s
	case v.Type().Is(tftypes.Bool):
		var b bool
		as(&b)
		return b
	case v.Type().Is(tftypes.Number):
		var n *big.Float
		as(&n)
		return n.String()
	case v.Type().Is(tftypes.Object{}):
		attributes, object := map[string]tftypes.Value{}, map[string]any{}
		as(&attributes)
		for name, attribute := range attributes {
			object[name] = plain(t, attribute)
		}
		return object
	default:
		var elements []tftypes.Value
		as(&elements)
		list := []any{}
		for _, element := range elements {
			list = append(list, plain(t, element))
		}
		return list
	}
}
