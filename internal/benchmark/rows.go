package main

import (
	"context"
	"math"
	"time"
)

// sizes are how many objects the rows have, and how often what is timed is run.
type sizes struct {
	plan, planMost, create, transfer, move int // projects
	people                                 int // members, and as many invitations
	access                                 int // guests of a project, and as many keys of an organization
	start, runs                            int
	operationDelay                         time.Duration
}

// full are the sizes of the bars.
var full = sizes{
	plan: 1000, planMost: 10_000, create: 100, transfer: 10_000, move: 1000,
	people: 500, access: 200, start: 60, runs: 5, operationDelay: time.Second,
}

const mib = 1 << 20

// row is a kind of measurement.
type row struct {
	name    string
	measure func(ctx context.Context, b *bench, c cli) ([]measurement, error)
}

// rows are what is measured with each CLI, in this order.
var rows = []row{
	{"plan", measurePlan},
	{"plan-most", measurePlanMost},
	{"plan-lists", measurePlanLists},
	{"create", measureCreate},
	{"transfer", measureTransfer},
	{"move", measureMove},
}

const settings = `
terraform {
  required_providers {
    neon = { source = "neon-orgs/neon" }
  }
}
`

const limited = settings + `
provider "neon" {}
`

const unlimited = settings + `
provider "neon" {
  requests_per_minute = 1000000
}
`

// pagesOf is how many requests it takes for n projects, to list or to transfer them.
func pagesOf(n int) int { return (n + 399) / 400 }

// moveBar is how many transfer calls the moves may take. How many of them gather
// in one depends on when the CLI hands them over, and a few can come apart: a small
// run only shows that they do gather.
func (b *bench) moveBar(n int) float64 {
	if b.untimed {
		return float64(n) / 2
	}
	return math.Ceil(0.12 * float64(n))
}
