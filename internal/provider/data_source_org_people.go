package provider

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// What the data sources of an organization's people share.

func peopleOrgID() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Validators: []validator.String{orgIDValidator()},
		MarkdownDescription: "The organization. Defaults to the provider's `org_id`, then to the organization of the API key.",
	}
}

// people gives the organization that the data source names, and reads something
// about its people.
func people[T any](ctx context.Context, d *dataSourceBase, config tfsdk.Config, summary string, read func(orgID string) (T, error)) (orgID types.String, found T, diags diag.Diagnostics) {
	var own types.String
	diags = config.GetAttribute(ctx, path.Root("org_id"), &own)
	if diags.HasError() {
		return own, found, diags
	}
	id, more := d.requireOrganization(ctx, own)
	diags.Append(more...)
	if diags.HasError() {
		return own, found, diags
	}
	found, err := read(id)
	if err != nil {
		f := failure{summary: summary}
		if neon.IsNotFound(err) || neon.IsForbidden(err) {
			f = f.blamingOrganization(id, own, path.Root("org_id"))
		}
		diags.Append(f.diagnostics(err)...)
	}
	return types.StringValue(id), found, diags
}

// byEmail sorts people, so that plans don't depend on Neon's order.
func byEmail[T any](list []T, email func(T) string, id func(T) string) []T {
	return slices.SortedFunc(slices.Values(list), func(a, b T) int {
		return cmp.Or(cmp.Compare(strings.ToLower(email(a)), strings.ToLower(email(b))), cmp.Compare(id(a), id(b)))
	})
}
