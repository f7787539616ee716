package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestDifferValidator(t *testing.T) {
	t.Parallel()
	v := differValidator{
		first: path.Root("source_org_id"), second: path.Root("destination_org_id"),
		why: "The projects would stay where they are.",
	}
	equal := diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("destination_org_id"),
		"Same value in source_org_id and destination_org_id", `Both are "a". The projects would stay where they are. Change one of them.`)}
	for _, c := range []struct {
		name                string
		source, destination any
		want                diag.Diagnostics
	}{
		{"different", "a", "b", nil},
		{"equal", "a", "a", equal},
		{"one null", nil, "a", nil},
		{"both null", nil, nil, nil},
		{"one unknown", "a", tftypes.UnknownValue, nil},
		{"both unknown", tftypes.UnknownValue, tftypes.UnknownValue, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := tfsdk.Config{
				Schema: schema.Schema{Attributes: map[string]schema.Attribute{
					"source_org_id":      schema.StringAttribute{Optional: true},
					"destination_org_id": schema.StringAttribute{Required: true},
				}},
				Raw: tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{
					"source_org_id": tftypes.String, "destination_org_id": tftypes.String,
				}}, map[string]tftypes.Value{
					"source_org_id":      tftypes.NewValue(tftypes.String, c.source),
					"destination_org_id": tftypes.NewValue(tftypes.String, c.destination),
				}),
			}
			var ofResource resource.ValidateConfigResponse
			v.ValidateResource(t.Context(), resource.ValidateConfigRequest{Config: config}, &ofResource)
			if !ofResource.Diagnostics.Equal(c.want) {
				t.Errorf("resource: %v", ofResource.Diagnostics)
			}
			var ofAction action.ValidateConfigResponse
			v.ValidateAction(t.Context(), action.ValidateConfigRequest{Config: config}, &ofAction)
			if !ofAction.Diagnostics.Equal(c.want) {
				t.Errorf("action: %v", ofAction.Diagnostics)
			}
		})
	}
}
