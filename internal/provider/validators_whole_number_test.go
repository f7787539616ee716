package provider

import (
	"context"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The type's whole point is how the framework treats its values, so it is
// tested through the plugin protocol, on a provider with nothing but it.
func TestWholeNumberThroughTheProtocol(t *testing.T) {
	t.Parallel()
	server, err := providerserver.NewProtocol6WithError(wholeNumberProvider{})()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		value   any
		summary string
		detail  string
	}{
		{name: "null", value: nil},
		{name: "unknown", value: tftypes.UnknownValue},
		{name: "whole", value: number(t, "3600")},
		{name: "whole with a fraction of zero", value: number(t, "3600.0")},
		{
			name: "fraction", value: number(t, "1.5"), summary: "Not a whole number",
			detail: "1.5 was given where only whole numbers of at most 64 bits are possible. Write the number without a fraction.",
		},
		{
			name: "too large", value: number(t, "1e30"), summary: "Not a whole number",
			detail: "1e+30 was given where only whole numbers of at most 64 bits are possible. Write the number without a fraction.",
		},
		{
			name: "refused by the attribute's validators", value: number(t, "0"), summary: "Invalid lifetime of a transfer request",
			detail: "A transfer request can't live for 0 seconds. Give at least 1, or leave the attribute out for 86400 (one day).",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := wholeNumberConfig(t, c.value)
			resp, err := server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: "test_thing", Config: config})
			if err != nil {
				t.Fatal(err)
			}
			if c.summary == "" {
				if len(resp.Diagnostics) != 0 {
					t.Fatalf("%+v", resp.Diagnostics[0])
				}
				return
			}
			if len(resp.Diagnostics) != 1 {
				t.Fatalf("%d diagnostics", len(resp.Diagnostics))
			}
			if d := resp.Diagnostics[0]; d.Summary != c.summary || d.Detail != c.detail || d.Attribute.String() != `AttributeName("ttl_seconds")` {
				t.Errorf("got %s: %s: %s", d.Attribute, d.Summary, d.Detail)
			}
		})
	}
}

// Defaults and models work as with a plain Int64.
func TestWholeNumberInAPlan(t *testing.T) {
	t.Parallel()
	server, err := providerserver.NewProtocol6WithError(wholeNumberProvider{})()
	if err != nil {
		t.Fatal(err)
	}
	nothing, err := tfprotov6.NewDynamicValue(wholeNumberObject, tftypes.NewValue(wholeNumberObject, nil))
	if err != nil {
		t.Fatal(err)
	}
	config := wholeNumberConfig(t, nil)
	planned, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "test_thing", Config: config, ProposedNewState: config, PriorState: &nothing,
	})
	if err != nil || len(planned.Diagnostics) != 0 {
		t.Fatal(err, planned.Diagnostics)
	}
	applied, err := server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "test_thing", Config: config, PlannedState: planned.PlannedState, PriorState: &nothing,
	})
	if err != nil || len(applied.Diagnostics) != 0 {
		t.Fatal(err, applied.Diagnostics)
	}
	got, err := applied.NewState.Unmarshal(wholeNumberObject)
	if err != nil {
		t.Fatal(err)
	}
	if want := wholeNumberValue(number(t, "86400")); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWholeNumberEquality(t *testing.T) {
	t.Parallel()
	two := newWholeNumber(types.Int64Value(2))
	fraction := wholeNumber{Int64Value: types.Int64Unknown(), refused: "1.5"}
	if !two.Equal(newWholeNumber(types.Int64Value(2))) || two.Equal(newWholeNumber(types.Int64Value(3))) || two.Equal(types.Int64Value(2)) {
		t.Error("2 is not itself alone")
	}
	if fraction.Equal(newWholeNumber(types.Int64Unknown())) {
		t.Error("a refused number equals an unknown one")
	}
	if !two.Type(t.Context()).Equal(wholeNumberType{}) || (wholeNumberType{}).Equal(types.Int64Type) {
		t.Error("the type is not itself alone")
	}
}

func number(t *testing.T, s string) *big.Float {
	t.Helper()
	n, ok := new(big.Float).SetString(s)
	if !ok {
		t.Fatalf("%s is no number", s)
	}
	return n
}

var wholeNumberObject = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"ttl_seconds": tftypes.Number}}

func wholeNumberValue(value any) tftypes.Value {
	return tftypes.NewValue(wholeNumberObject, map[string]tftypes.Value{"ttl_seconds": tftypes.NewValue(tftypes.Number, value)})
}

func wholeNumberConfig(t *testing.T, value any) *tfprotov6.DynamicValue {
	t.Helper()
	config, err := tfprotov6.NewDynamicValue(wholeNumberObject, wholeNumberValue(value))
	if err != nil {
		t.Fatal(err)
	}
	return &config
}

type wholeNumberProvider struct{}

func (wholeNumberProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "test"
}

func (wholeNumberProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {
}

func (wholeNumberProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (wholeNumberProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (wholeNumberProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return wholeNumberResource{} }}
}

type wholeNumberResource struct{}

func (wholeNumberResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "test_thing"
}

func (wholeNumberResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"ttl_seconds": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(86400),
			CustomType: wholeNumberType{}, Validators: []validator.Int64{ttlSecondsValidator{}},
		},
	}}
}

func (wholeNumberResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model struct {
		TTLSeconds wholeNumber `tfsdk:"ttl_seconds"`
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
func (wholeNumberResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}
func (wholeNumberResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {
}

func (wholeNumberResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}
