package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// orgListResource lists what an organization has of a resource.
type orgListResource[Item any] struct {
	resourceBase
	typeName    string
	description string
	// summary is that of an error.
	summary string
	items   func(ctx context.Context, client *neon.Client, orgID string) iter.Seq2[Item, error]
	show    func(orgID string, item Item) listItem
}

var (
	_ list.ListResource              = (*orgListResource[any])(nil)
	_ list.ListResourceWithConfigure = (*orgListResource[any])(nil)
)

// Metadata implements list.ListResource.
func (l *orgListResource[Item]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = l.typeName
}

// ListResourceConfigSchema implements list.ListResource.
func (l *orgListResource[Item]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: l.description + " " + listGenerates + " " + listLimit,
		Attributes: map[string]schema.Attribute{
			"org_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization, such as `org-cool-breeze-12345678`. Defaults to the provider's `org_id`, then to the organization of the API key.",
			},
		},
	}
}

// List implements list.ListResource.
func (l *orgListResource[Item]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var own types.String
	at := path.Root("org_id")
	diags := req.Config.GetAttribute(ctx, at, &own)
	orgID, more := l.requireOrganization(ctx, own)
	if diags.Append(more...); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = listing[Item]{
		items: l.items(ctx, l.client, orgID),
		explain: func(err error) failure {
			f := failure{summary: l.summary}
			if neon.IsNotFound(err) || neon.IsForbidden(err) {
				f = f.blamingOrganization(orgID, own, at)
			}
			return f
		},
		show: func(item Item) (listItem, diag.Diagnostics) { return l.show(orgID, item), nil },
	}.results(ctx, req)
}

// wholeList gives the items of a list that Neon gives as a whole, when it is asked
// for the first.
func wholeList[Item any](fetch func() ([]Item, error)) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		items, err := fetch()
		if err != nil {
			var none Item
			yield(none, err)
			return
		}
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}
