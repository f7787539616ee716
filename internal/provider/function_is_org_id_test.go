package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestIsOrgIDFunction(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value types.String
		want  bool
	}{
		{types.StringValue("org-cool-breeze-12345678"), true},
		{types.StringValue("Org-Cool-Breeze-12345678"), false},
		{types.StringValue("cool-breeze-12345678"), false},
		{types.StringValue(""), false},
		{types.StringNull(), false},
	} {
		got, err := callFunction(t, newIsOrgIDFunction(), types.BoolUnknown(), c.value)
		if err != nil || !got.Equal(types.BoolValue(c.want)) {
			t.Errorf("%s: got %s, error %v, want %t", c.value, got, err, c.want)
		}
	}
}
