package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
)

// What the descriptions of all list resources say.
const (
	listGenerates = "With `-generate-config-out` it writes the configuration that imports them, which changes nothing about them."
	listLimit     = "Terraform asks for 100 unless `limit` says otherwise, and no page is fetched that isn't needed for it."
)

// listing is how the items that Neon lists become results of a `terraform query`.
type listing[Item any] struct {
	// items come from the client, which fetches no page before it is asked for.
	items iter.Seq2[Item, error]
	// explain is what to say of an error among the items.
	explain func(error) failure
	show    func(Item) (listItem, diag.Diagnostics)
}

// listItem is what is listed of an object.
type listItem struct {
	name     string // for people
	identity any    // the resource's identity model
	resource any    // the resource's model, as an import would read it
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
	shown, diags := l.show(item)
	result.DisplayName, result.Diagnostics = shown.name, diags
	result.Diagnostics.Append(result.Identity.Set(ctx, shown.identity)...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, shown.resource)...)
	}
	return result
}
