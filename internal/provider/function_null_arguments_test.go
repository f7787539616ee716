package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// However a CLI says null, the function gets it.
func TestFunctionsTakeNull(t *testing.T) {
	t.Parallel()
	null, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, argument := range map[string]*tfprotov6.DynamicValue{"a null value": &null, "an empty value": {}, "no value": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := NewServer("test", Options{})().CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{
				Name: "is_org_id", Arguments: []*tfprotov6.DynamicValue{argument},
			})
			if err != nil {
				t.Fatal(err)
			}
			if resp.Error != nil {
				t.Fatal(resp.Error.Text)
			}
			got, err := resp.Result.Unmarshal(tftypes.Bool)
			if err != nil || !got.Equal(tftypes.NewValue(tftypes.Bool, false)) {
				t.Errorf("got %s, error %v", got, err)
			}
		})
	}
}

// List resources and actions are found by what the server's type can do.
func TestServerKeepsItsAbilities(t *testing.T) {
	t.Parallel()
	server := NewServer("test", Options{})()
	if _, ok := server.(nullArgumentsServer); !ok {
		t.Errorf("the framework's server is not wrapped but %T", server)
	}
	if _, ok := server.(tfprotov6.ListResourceServer); !ok {
		t.Error("the server has no list resources")
	}
	if _, ok := server.(tfprotov6.ActionServer); !ok {
		t.Error("the server has no actions")
	}
}
