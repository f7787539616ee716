package emulator

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// pageRules are what a sorted list does where the query says nothing.
type pageRules struct {
	sortBy string
	limit  int
}

// sortedQuery are the query parameters of a list that cutPage serves.
func sortedQuery(most int64, sortBy ...string) []param {
	return []param{
		{name: "sort_by", shape: text{oneOf: sortBy}},
		{name: "sort_order", shape: text{oneOf: []string{"asc", "desc"}}},
		{name: "cursor", shape: text{}},
		{name: "limit", shape: integer{min: 1, max: most}},
	}
}

// place is where something stands in a sorted list, and so where a page ended.
type place struct {
	SortBy    string `json:"sort_by"`
	SortOrder string `json:"sort_order"`
	Value     string `json:"value"`
	ID        string `json:"id"`
}

// compare is negative when a place comes before another of the same list.
func (p place) compare(other place) int {
	order := cmp.Or(cmp.Compare(p.Value, other.Value), cmp.Compare(p.ID, other.ID))
	if p.SortOrder == "desc" {
		return -order
	}
	return order
}

// cursor is the place as clients get it: nothing that they could read.
func (p place) cursor() string {
	data, err := json.Marshal(p)
	if err != nil {
		panic(err) // four strings always encode
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

func parseCursor(s string) (place, bool) {
	var p place
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return p, false
	}
	return p, decodeStrictly(data, &p) == nil
}

// cutPage sorts a list as the query asks and cuts the page out of it. position
// gives what an item is sorted by, and its id.
func cutPage[T any](q query, list []T, rules pageRules, position func(item T, sortBy string) (value, id string)) ([]T, *neon.CursorPagination, error) {
	order := place{SortBy: cmp.Or(q.text("sort_by"), rules.sortBy), SortOrder: cmp.Or(q.text("sort_order"), "desc")}
	type placed struct {
		place place
		item  T
	}
	sorted := make([]placed, len(list))
	for i, item := range list {
		sorted[i] = placed{order, item}
		sorted[i].place.Value, sorted[i].place.ID = position(item, order.SortBy)
	}
	slices.SortFunc(sorted, func(a, b placed) int { return a.place.compare(b.place) })
	if given := q.text("cursor"); given != "" {
		after, valid := parseCursor(given)
		if !valid || after.SortBy != order.SortBy || after.SortOrder != order.SortOrder {
			return nil, nil, badRequest("query parameter cursor is not one that a page in this order gave")
		}
		sorted = slices.DeleteFunc(sorted, func(p placed) bool { return p.place.compare(after) <= 0 })
	}
	limit := q.limit(rules.limit)
	pagination := &neon.CursorPagination{SortBy: order.SortBy, SortOrder: order.SortOrder}
	if len(sorted) > limit {
		sorted = sorted[:limit]
		pagination.Next = sorted[limit-1].place.cursor()
	}
	page := make([]T, len(sorted))
	for i, p := range sorted {
		page[i] = p.item
	}
	return page, pagination, nil
}
