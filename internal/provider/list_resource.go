package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
)

// listLimit is what the descriptions of all list resources say of it.
const listLimit = "Terraform asks for 100 unless `limit` says otherwise, and no page is fetched that isn't needed for it."

// listing is how the items that Neon lists become results of a `terraform query`.
type listing[Item any] struct {
	// items come from the client, which fetches no page before it is asked for.
	items iter.Seq2[Item, error]
	// explain is what to say of an error among the items.
	explain func(error) failure
	// name is what people read.
	name func(Item) string
	// identity is the resource's identity model.
	identity func(Item) any
	// resource is the resource's model, as an import would read it.
	resource func(context.Context, Item) (any, diag.Diagnostics)
}

// results gives the results one by one. It ends with the request's limit, before
// another page would be fetched, or with the first error.
func (l listing[Item]) results(ctx context.Context, req list.ListRequest) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var pushed int64
		for item, err := range l.items {
			if err != nil {
				push(list.ListResult{Diagnostics: l.explain(err).diagnostics(err)})
				return
			}
			pushed++
			if !push(l.result(ctx, req, item)) || pushed == req.Limit {
				return
			}
		}
	}
}

func (l listing[Item]) result(ctx context.Context, req list.ListRequest, item Item) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = l.name(item)
	result.Diagnostics.Append(result.Identity.Set(ctx, l.identity(item))...)
	if req.IncludeResource {
		model, diags := l.resource(ctx, item)
		result.Diagnostics.Append(diags...)
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}
