package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func dataSourceSchema(t *testing.T, d datasource.DataSource) schema.Schema {
	t.Helper()
	var resp datasource.SchemaResponse
	d.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
	if diags := resp.Schema.ValidateImplementation(t.Context()); diags.HasError() {
		t.Fatal(diags)
	}
	return resp.Schema
}

// emptyState is a state or configuration in which every attribute is null.
func emptyState(t *testing.T, s schema.Schema) tfsdk.State {
	t.Helper()
	values := map[string]tftypes.Value{}
	for name, attribute := range s.Attributes {
		values[name] = tftypes.NewValue(attribute.GetType().TerraformType(t.Context()), nil)
	}
	return tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(t.Context()), values)}
}

// readData reads a data source once, with a key and an org_id of the provider. A CLI
// reads several times, so this is how requests are counted.
func (w *world) readData(d datasource.DataSourceWithConfigure, key, orgID string, arguments map[string]any) (tfsdk.State, diag.Diagnostics) {
	w.t.Helper()
	client, err := neon.New(neon.Options{
		APIKey: key, BaseURL: w.url, UserAgent: "terraform-provider-neon/test", Clock: w.now,
		RequestsPerMinute: unhurried, ConsumptionRequestsPerMinute: unhurried,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(client.CloseIdleConnections)
	var diags diag.Diagnostics
	var ready datasource.ConfigureResponse
	d.Configure(w.t.Context(), datasource.ConfigureRequest{ProviderData: &configured{client: client, orgID: orgID}}, &ready)
	diags.Append(ready.Diagnostics...)

	s := dataSourceSchema(w.t, d)
	config := emptyState(w.t, s)
	for name, value := range arguments {
		diags.Append(config.SetAttribute(w.t.Context(), path.Root(name), value)...)
	}
	if diags.HasError() {
		w.t.Fatal(diags)
	}
	resp := datasource.ReadResponse{State: emptyState(w.t, s)}
	d.Read(w.t.Context(), datasource.ReadRequest{Config: tfsdk.Config{Schema: s, Raw: config.Raw}}, &resp)
	return resp.State, resp.Diagnostics
}

// wantOneError asserts one error, at an attribute ("" for none), that has the texts.
func wantOneError(t *testing.T, diags diag.Diagnostics, at, summary string, texts ...string) {
	t.Helper()
	if len(diags) != 1 || !diags.HasError() {
		t.Fatalf("diagnostics are %v, want one error", diags)
	}
	if got := diags[0].Summary(); got != summary {
		t.Errorf("summary is %q, want %q", got, summary)
	}
	place := ""
	if d, ok := diags[0].(diag.DiagnosticWithPath); ok {
		place = d.Path().String()
	}
	if place != at {
		t.Errorf("the error is at %q, want %q", place, at)
	}
	for _, text := range texts {
		if !strings.Contains(diags[0].Detail(), text) {
			t.Errorf("detail lacks %q:\n%s", text, diags[0].Detail())
		}
	}
}

// wantExactRequests asserts every request that the provider made since the journal
// was cleared, and clears it.
func (w *world) wantExactRequests(want map[string]int) {
	w.t.Helper()
	if got := w.requests(); !maps.Equal(got, want) {
		w.t.Errorf("requests were %v, want %v", got, want)
	}
	w.emu.ClearRequests()
}

func TestDataSourceDescriptions(t *testing.T) {
	t.Parallel()
	p := &neonProvider{}
	for _, newDataSource := range p.DataSources(t.Context()) {
		d := newDataSource()
		var metadata datasource.MetadataResponse
		d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "neon"}, &metadata)
		t.Run(metadata.TypeName, func(t *testing.T) {
			t.Parallel()
			s := dataSourceSchema(t, d)
			if !isSentence(s.MarkdownDescription) {
				t.Errorf("description is %q, want sentences", s.MarkdownDescription)
			}
			checkDescriptions(t, path.Empty(), s.Attributes)
		})
	}
}

func isSentence(s string) bool { return strings.HasSuffix(s, ".") }

func checkDescriptions(t *testing.T, at path.Path, attributes map[string]schema.Attribute) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		attribute, at := attributes[name], at.AtName(name)
		if !isSentence(attribute.GetMarkdownDescription()) {
			t.Errorf("%s: description is %q, want sentences", at, attribute.GetMarkdownDescription())
		}
		switch nested := attribute.(type) {
		case schema.SingleNestedAttribute:
			checkDescriptions(t, at, nested.Attributes)
		case schema.ListNestedAttribute:
			checkDescriptions(t, at, nested.NestedObject.Attributes)
		}
	}
}

func TestRFC3339(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 1, 30, 0, 999, time.FixedZone("", 2*3600))
	if got := rfc3339(at).ValueString(); got != "2026-01-30T23:30:00Z" {
		t.Errorf("got %s", got)
	}
	if got := rfc3339OrNull(&at).ValueString(); got != "2026-01-30T23:30:00Z" {
		t.Errorf("got %s", got)
	}
	if got := rfc3339OrNull(nil); !got.IsNull() {
		t.Errorf("no time gives %s, want null", got)
	}
}
