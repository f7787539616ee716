package neon

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/url"
)

// maxPages bounds a list: one that is longer never ends.
const maxPages = 10_000

// pages follows the cursors of a list. A page that isn't empty may have a cursor
// although it is the last, so the list ends with an empty page, or where a cursor
// is missing or comes again.
func pages[P any](ctx context.Context, c *Client, route string, path map[string]string, query url.Values, look func(P) (items int, next string)) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		var none P
		query := maps.Clone(query)
		seen := map[string]bool{}
		for range maxPages {
			var page P
			if err := c.get(ctx, route, path, query, &page); err != nil {
				yield(none, err)
				return
			}
			if !yield(page, nil) {
				return
			}
			items, next := look(page)
			if items == 0 || next == "" || seen[next] {
				return
			}
			seen[next] = true
			query.Set("cursor", next)
		}
		yield(none, fmt.Errorf("GET %s: more than %d pages, so the list was given up", route, maxPages))
	}
}
