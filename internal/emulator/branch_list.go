package emulator

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const maxBranchesPage = 10_000

// branchCursor says where a page of branches ended.
type branchCursor struct {
	SortBy    string `json:"sort_by"`
	SortOrder string `json:"sort_order"`
	Value     string `json:"value"`
	ID        string `json:"id"`
}

func (c branchCursor) String() string {
	data, err := json.Marshal(c)
	if err != nil {
		panic(err) // four strings always encode
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

func parseBranchCursor(s string) (branchCursor, bool) {
	var c branchCursor
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return c, false
	}
	return c, decodeStrictly(data, &c) == nil
}

func listBranches(x *exchange) (reply, error) {
	p, err := x.project(reading)
	if err != nil {
		return reply{}, err
	}
	order := branchCursor{SortBy: cmp.Or(x.query.text("sort_by"), "updated_at"), SortOrder: cmp.Or(x.query.text("sort_order"), "desc")}
	list := matchingBranches(p, x.query.text("search"))
	slices.SortFunc(list, order.compare)
	if given := x.query.text("cursor"); given != "" {
		after, valid := parseBranchCursor(given)
		if !valid || after.SortBy != order.SortBy || after.SortOrder != order.SortOrder {
			return reply{}, badRequest("query parameter cursor is not one that a page in this order gave")
		}
		list = slices.DeleteFunc(list, func(b *Branch) bool { return after.direction(order.positionOf(b), after) <= 0 })
	}
	limit := x.query.integer("limit", maxBranchesPage)
	page := neon.BranchesPage{
		Branches: []neon.Branch{}, Annotations: map[string]neon.Annotation{},
		Pagination: &neon.CursorPagination{SortBy: order.SortBy, SortOrder: order.SortOrder},
	}
	if len(list) > limit {
		list = list[:limit]
		page.Pagination.Next = order.positionOf(list[limit-1]).String()
	}
	for _, b := range list {
		page.Branches = append(page.Branches, b.at(x.w.now))
		if b.Annotations != nil {
			page.Annotations[b.ID] = b.annotation()
		}
	}
	return ok(http.StatusOK, page)
}

func matchingBranches(p *Project, search string) []*Branch {
	search = strings.ToLower(search)
	var list []*Branch
	for _, b := range p.Branches {
		if strings.Contains(strings.ToLower(b.Name), search) || strings.Contains(b.ID, search) {
			list = append(list, b)
		}
	}
	return list
}

// positionOf gives where a branch stands in the order that c names.
func (c branchCursor) positionOf(b *Branch) branchCursor {
	c.ID = b.ID
	switch c.SortBy {
	case "name":
		c.Value = b.Name
	case "created_at":
		c.Value = b.CreatedAt.Format(time.RFC3339)
	default:
		c.Value = b.UpdatedAt.Format(time.RFC3339)
	}
	return c
}

func (c branchCursor) compare(a, b *Branch) int { return c.direction(c.positionOf(a), c.positionOf(b)) }

// direction compares two positions: negative when a comes first.
func (c branchCursor) direction(a, b branchCursor) int {
	order := cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.ID, b.ID))
	if c.SortOrder == "desc" {
		return -order
	}
	return order
}

func countBranches(x *exchange) (reply, error) {
	p, err := x.project(reading)
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, map[string]int{"count": len(matchingBranches(p, x.query.text("search")))})
}
