package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

const someConnection = "postgresql://ann:planted@h.neon.tech:6543/neondb?sslmode=require"

func TestParseConnectionURIFunction(t *testing.T) {
	t.Parallel()
	attributes := map[string]attr.Type{
		"host": types.StringType, "port": types.Int64Type, "user": types.StringType, "password": types.StringType,
		"database": types.StringType, "options": types.MapType{ElemType: types.StringType},
	}
	parsed := func(password attr.Value, port int64, options map[string]attr.Value) attr.Value {
		return types.ObjectValueMust(attributes, map[string]attr.Value{
			"host": types.StringValue("h.neon.tech"), "port": types.Int64Value(port), "user": types.StringValue("ann"), "password": password,
			"database": types.StringValue("neondb"), "options": types.MapValueMust(types.StringType, options),
		})
	}
	for uri, want := range map[string]attr.Value{
		someConnection:                        parsed(types.StringValue("planted"), 6543, map[string]attr.Value{"sslmode": types.StringValue("require")}),
		"postgresql://ann@h.neon.tech/neondb": parsed(types.StringNull(), 5432, map[string]attr.Value{}),
	} {
		got, err := callFunction(t, newParseConnectionURIFunction(), types.ObjectUnknown(attributes), types.StringValue(uri))
		if err != nil {
			t.Fatal(err)
		}
		if !got.Equal(want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	_, err := callFunction(t, newParseConnectionURIFunction(), types.ObjectUnknown(attributes), types.StringValue("https://neon.tech"))
	if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != 0 {
		t.Errorf("got %+v, want an error on argument 0", err)
	}
}

func TestAccParseConnectionURIExample(t *testing.T) {
	t.Parallel()
	callFunctions(
		t,
		resource.TestStep{
			Config:          readRepo(t, "examples", "functions", "parse_connection_uri", "function.tf"),
			ConfigVariables: config.Variables{"database_url": config.StringVariable(someConnection)},
			ConfigStateChecks: []statecheck.StateCheck{
				wantOutput("host", knownvalue.StringExact("h.neon.tech:6543")),
				wantOutput("encrypted", knownvalue.Bool(true)),
			},
		},
		resource.TestStep{
			Config:      `output "it" { value = provider::neon::parse_connection_uri("planted") }`,
			ExpectError: diagnostic(`"uri" parameter.*doesn't begin with postgresql://`),
		},
	)
}
