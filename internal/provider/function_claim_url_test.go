package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// callFunction runs f and gives its result, which has the given type.
func callFunction(t *testing.T, f function.Function, result attr.Value, arguments ...attr.Value) (attr.Value, *function.FuncError) {
	t.Helper()
	resp := function.RunResponse{Result: function.NewResultData(result)}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(arguments)}, &resp)
	return resp.Result.Value(), resp.Error
}

// redirects are the arguments that the variadic parameter takes up.
func redirects(values ...attr.Value) attr.Value {
	elements := make([]attr.Type, len(values))
	for i := range elements {
		elements[i] = types.StringType
	}
	return types.TupleValueMust(elements, values)
}

func TestClaimURLFunction(t *testing.T) {
	t.Parallel()
	const plain = "https://console.neon.tech/app/claim?p=cool-breeze-12345678&tr=" + someUUID
	for _, c := range []struct {
		name      string
		redirects attr.Value
		want      string
	}{
		{"no redirect", redirects(), plain},
		{"null", redirects(types.StringNull()), plain},
		{
			"a redirect", redirects(types.StringValue("https://app.example.com/?a=b&c=d")),
			plain + "&ru=https%3A%2F%2Fapp.example.com%2F%3Fa%3Db%26c%3Dd",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := callFunction(t, newClaimURLFunction(), types.StringUnknown(),
				types.StringValue("cool-breeze-12345678"), types.StringValue(someUUID), c.redirects)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Equal(types.StringValue(c.want)) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestClaimURLFunctionBlamesTheRightArgument(t *testing.T) {
	t.Parallel()
	project, request := types.StringValue("cool-breeze-12345678"), types.StringValue(someUUID)
	page := types.StringValue("https://app.example.com/")
	for _, c := range []struct {
		name      string
		arguments []attr.Value
		index     int64
	}{
		{"project", []attr.Value{types.StringValue("Cool"), request, redirects(page)}, 0},
		{"both exchanged", []attr.Value{request, project, redirects()}, 1},
		{"request", []attr.Value{project, types.StringValue(""), redirects()}, 1},
		{"redirect", []attr.Value{project, request, redirects(types.StringValue("http://app.example.com/"))}, 2},
		{"empty redirect", []attr.Value{project, request, redirects(types.StringValue(""))}, 2},
		{"two redirects", []attr.Value{project, request, redirects(page, page)}, 3},
		{"two redirects, one null", []attr.Value{project, request, redirects(types.StringNull(), page)}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := callFunction(t, newClaimURLFunction(), types.StringUnknown(), c.arguments...)
			if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != c.index {
				t.Fatalf("got %+v, want an error on argument %d", err, c.index)
			}
		})
	}
}

func TestFunctionDefinitionsAreComplete(t *testing.T) {
	t.Parallel()
	for _, f := range []function.Function{newClaimURLFunction(), newParseClaimURLFunction(), newIsOrgIDFunction()} {
		var metadata function.MetadataResponse
		f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
		t.Run(metadata.Name, func(t *testing.T) {
			t.Parallel()
			var resp function.DefinitionResponse
			f.Definition(t.Context(), function.DefinitionRequest{}, &resp)
			validated := function.DefinitionValidateResponse{}
			resp.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{FuncName: metadata.Name}, &validated)
			if validated.Diagnostics.HasError() {
				t.Error(validated.Diagnostics)
			}
			if resp.Definition.Summary == "" || resp.Definition.MarkdownDescription == "" {
				t.Error("the function has no description")
			}
			parameters := resp.Definition.Parameters
			if resp.Definition.VariadicParameter != nil {
				parameters = append(parameters, resp.Definition.VariadicParameter)
			}
			for _, parameter := range parameters {
				if parameter.GetMarkdownDescription() == "" {
					t.Errorf("%s has no description", parameter.GetName())
				}
			}
		})
	}
}
