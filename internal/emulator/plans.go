package emulator

import (
	"math"
	"slices"
)

// plan is what an account pays for, and what that allows.
type plan struct {
	name string
	// tier orders the plans: projects move to the same tier or a lower one.
	tier             int
	subscriptionType string
	projectsLimit    int64
	branchesLimit    int64   // per project
	maxRetention     int64   // seconds
	maxCU            float64 // compute units
	branchSizeLimit  int64   // MiB
	spendingLimits   bool    // whether organizations can set one
}

const unlimited = math.MaxInt32

// plans are the known plans, by tier. The numbers of projects and branches and
// the sizes are assumptions; the retentions are documented.
var plans = []plan{
	{name: "free", tier: 0, subscriptionType: "free_v3", projectsLimit: 100, branchesLimit: 10, maxRetention: 21600, maxCU: 2, branchSizeLimit: 512},
	{name: "launch", tier: 1, subscriptionType: "launch_v3", projectsLimit: 100, branchesLimit: 5000, maxRetention: 604800, maxCU: 16, branchSizeLimit: 16777216, spendingLimits: true},
	{name: "scale", tier: 2, subscriptionType: "scale_v3", projectsLimit: 1000, branchesLimit: 5000, maxRetention: 2592000, maxCU: 56, branchSizeLimit: 16777216, spendingLimits: true},
	{name: "agent", tier: 2, subscriptionType: "direct_sales_v3", projectsLimit: unlimited, branchesLimit: 5000, maxRetention: 2592000, maxCU: 56, branchSizeLimit: 16777216},
	{name: "business", tier: 3, subscriptionType: "business", projectsLimit: 5000, branchesLimit: 5000, maxRetention: 2592000, maxCU: 56, branchSizeLimit: 16777216},
	{name: "enterprise", tier: 4, subscriptionType: "direct_sales_v3", projectsLimit: unlimited, branchesLimit: 5000, maxRetention: 2592000, maxCU: 56, branchSizeLimit: 16777216},
}

func planByName(name string) (plan, bool) {
	i := slices.IndexFunc(plans, func(p plan) bool { return p.name == name })
	if i < 0 {
		return plan{}, false
	}
	return plans[i], true
}

// mustPlan is for plans of a world, whose seed has been checked.
func mustPlan(name string) plan {
	p, known := planByName(name)
	if !known {
		panic("unknown plan " + name)
	}
	return p
}

func planNames() []string {
	names := make([]string, len(plans))
	for i, p := range plans {
		names[i] = p.name
	}
	return names
}
