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

// pages gives the pages of a list as they are asked for.
func pages[P any](ctx context.Context, c *Client, route string, path map[string]string, query url.Values, look func(P) (items int, next string)) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		p := newPager(route, path, query, look)
		for !p.ended {
			page, err := p.next(ctx, c)
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// pager follows the cursors of a list. A page that isn't empty may have a cursor
// although it is the last, so the list ends with an empty page, or where a cursor
// is missing or comes again.
type pager[P any] struct {
	route string
	path  map[string]string
	query url.Values
	look  func(P) (items int, next string)
	seen  map[string]bool // cursors
	ended bool
}

func newPager[P any](route string, path map[string]string, query url.Values, look func(P) (items int, next string)) *pager[P] {
	return &pager[P]{route: route, path: path, query: maps.Clone(query), look: look, seen: map[string]bool{}}
}

// next asks for the next page. After an error it may be called again.
func (p *pager[P]) next(ctx context.Context, c *Client) (P, error) {
	var page, none P
	if len(p.seen) == maxPages {
		return none, fmt.Errorf("GET %s: more than %d pages, so the list was given up", p.route, maxPages)
	}
	if err := c.get(ctx, p.route, p.path, p.query, &page); err != nil {
		return none, err
	}
	items, next := p.look(page)
	p.ended = items == 0 || next == "" || p.seen[next]
	p.seen[next] = true
	p.query.Set("cursor", next)
	return page, nil
}
