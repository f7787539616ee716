package neon

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
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
// although it is the last, so the list ends with an empty page, or with one that
// has no cursor. A list that repeats itself is an error, be it an item or a cursor:
// what comes after the repetition would be missing, and what is missing from a list
// is taken for gone. Neon documents neither that a list ends so nor that it doesn't,
// and it is not known to do it.
type pager[P any] struct {
	route   string
	path    map[string]string
	query   url.Values
	look    func(P) (items int, next string)
	cursors map[string]bool // that led to the pages so far
	listed  map[listed]bool // the items of these, see request
	ended   bool
}

func newPager[P any](route string, path map[string]string, query url.Values, look func(P) (items int, next string)) *pager[P] {
	return &pager[P]{
		route: route, path: path, query: maps.Clone(query), look: look,
		cursors: map[string]bool{}, listed: map[listed]bool{},
	}
}

// next asks for the next page. After an error it may be called again.
func (p *pager[P]) next(ctx context.Context, c *Client) (P, error) {
	var page, none P
	if len(p.cursors) == maxPages {
		return none, fmt.Errorf("GET %s: more than %d pages, so the list was given up", p.route, maxPages)
	}
	err := c.do(ctx, request{method: http.MethodGet, route: p.route, path: p.path, query: p.query, listed: p.listed}, &page)
	if err != nil {
		return none, err
	}
	items, next := p.look(page)
	p.ended = items == 0 || next == ""
	if !p.ended && p.cursors[next] {
		problem := &AnswerError{Problem: "a page of the list leads back to an earlier one, so the list may not be whole"}
		return none, &NoAnswerError{Method: http.MethodGet, Route: p.route, Err: problem}
	}
	p.cursors[next] = true
	p.query.Set("cursor", next)
	return page, nil
}
