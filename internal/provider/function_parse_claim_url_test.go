package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var parsedClaimURLTypes = map[string]attr.Type{
	"project_id": types.StringType, "transfer_request_id": types.StringType, "redirect_url": types.StringType,
}

func TestParseClaimURLFunction(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, url string
		redirect  attr.Value
	}{
		{"the Console", claimURL(nil, someClaim), types.StringNull()},
		{"an emulator", "http://localhost:7777/app/claim?p=cool-breeze-12345678&tr=" + someUUID, types.StringNull()},
		{
			"a redirect", claimURL(nil, withRedirect(someClaim, "https://app.example.com/?a=b&tr=c#d")),
			types.StringValue("https://app.example.com/?a=b&tr=c#d"),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := callFunction(t, newParseClaimURLFunction(), types.ObjectUnknown(parsedClaimURLTypes), types.StringValue(c.url))
			if err != nil {
				t.Fatal(err)
			}
			want := types.ObjectValueMust(parsedClaimURLTypes, map[string]attr.Value{
				"project_id": types.StringValue(someClaim.projectID), "transfer_request_id": types.StringValue(someUUID), "redirect_url": c.redirect,
			})
			if !got.Equal(want) {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestParseClaimURLFunctionRefuses(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "https://example.com/app/claim?p=cool-breeze-12345678&tr=" + someUUID, someUUID} {
		_, err := callFunction(t, newParseClaimURLFunction(), types.ObjectUnknown(parsedClaimURLTypes), types.StringValue(url))
		if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != 0 {
			t.Errorf("%q: got %+v, want an error on argument 0", url, err)
		}
	}
}
