package emulator

import (
	"net/http"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const maxBranchesPage = 10_000

func listBranches(x *exchange) (reply, error) {
	p, err := x.project(reading)
	if err != nil {
		return reply{}, err
	}
	matching := matchingBranches(p, x.query.text("search"))
	list, pagination, err := cutPage(x.query, matching, pageRules{sortBy: "updated_at", limit: maxBranchesPage}, branchPosition)
	if err != nil {
		return reply{}, err
	}
	page := neon.BranchesPage{Branches: []neon.Branch{}, Annotations: map[string]neon.Annotation{}, Pagination: pagination}
	for _, b := range list {
		page.Branches = append(page.Branches, x.w.shownBranch(p, b))
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

// branchPosition gives what a branch is sorted by, and its id.
func branchPosition(b *Branch, sortBy string) (value, id string) {
	switch sortBy {
	case "name":
		return b.Name, b.ID
	case "created_at":
		return b.CreatedAt.Format(time.RFC3339), b.ID
	default:
		return b.UpdatedAt.Format(time.RFC3339), b.ID
	}
}

func countBranches(x *exchange) (reply, error) {
	p, err := x.project(reading)
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, map[string]int{"count": len(matchingBranches(p, x.query.text("search")))})
}
