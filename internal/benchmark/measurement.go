package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// measurement is a line of the table.
type measurement struct {
	Row  string `json:"row"`
	What string `json:"what"`
	CLI  string `json:"cli,omitempty"`
	N    int    `json:"n,omitempty"`

	Requests  int `json:"requests"`
	Transfers int `json:"transfers,omitempty"` // transfer calls among them
	Refused   int `json:"refused,omitempty"`   // by a 429

	WallSeconds  float64 `json:"wall_seconds,omitempty"`
	FloorSeconds float64 `json:"floor_seconds,omitempty"` // of the provider without input and output
	Ratio        float64 `json:"ratio,omitempty"`         // of the two

	MemoryMiB      float64 `json:"memory_mib,omitempty"`
	MemoryFloorMiB float64 `json:"memory_floor_mib,omitempty"` // of the empty provider

	Bars   []bar    `json:"bars"`
	Faults []string `json:"faults,omitempty"` // what else was wrong
}

// bar is what a measurement may come to at most.
type bar struct {
	What string  `json:"what"`
	Got  float64 `json:"got"`
	Most float64 `json:"most"`
}

func (b bar) missed() bool { return b.Got > b.Most }

// fastest keeps the fastest of several runs: whatever else the machine does makes
// a run slower, never faster.
func (m *measurement) fastest(wall, floor time.Duration) {
	least := func(old float64, d time.Duration) float64 {
		if old == 0 {
			return d.Seconds()
		}
		return min(old, d.Seconds())
	}
	m.WallSeconds, m.FloorSeconds = least(m.WallSeconds, wall), least(m.FloorSeconds, floor)
	if m.FloorSeconds > 0 {
		m.Ratio = m.WallSeconds / m.FloorSeconds
	}
}

// count keeps the most requests of several runs.
func (m *measurement) count(t traffic) {
	m.Requests, m.Transfers, m.Refused = max(m.Requests, t.requests), max(m.Transfers, t.transfers), max(m.Refused, t.refused)
}

func (m *measurement) memory(bytes int64) { m.MemoryMiB = float64(bytes) / mib }

func (m *measurement) atMost(what string, got, most float64) {
	m.Bars = append(m.Bars, bar{what, got, most})
}

// timed is a bar that depends on how fast the machine is, or how it counts memory.
func (m *measurement) timed(b *bench, what string, got, most float64) {
	if !b.untimed {
		m.atMost(what, got, most)
	}
}

func (m *measurement) fail(fault string) { m.Faults = append(m.Faults, fault) }

// missed tells what was not reached.
func (m *measurement) missed() []string {
	missed := slices.Clone(m.Faults)
	for _, b := range m.Bars {
		if b.missed() {
			missed = append(missed, fmt.Sprintf("%s: %s, and at most %s", b.What, short(b.Got), short(b.Most)))
		}
	}
	return missed
}

// short is a number as the table shows it.
func short(x float64) string {
	if x == float64(int(x)) {
		return strconv.Itoa(int(x))
	}
	return fmt.Sprintf("%.2f", x)
}

func orDash(x float64, format string) string {
	if x == 0 {
		return "–"
	}
	return fmt.Sprintf(format, x)
}

// table is the measurements in Markdown.
func table(measurements []measurement) string {
	var out strings.Builder
	out.WriteString("| what | CLI | requests | wall | floor | ratio | memory | bars |\n|---|---|---|---|---|---|---|---|\n")
	for _, m := range measurements {
		var bars []string
		for _, b := range m.Bars {
			mark := "≤"
			if b.missed() {
				mark = "MISSED ≤"
			}
			bars = append(bars, fmt.Sprintf("%s %s %s %s", b.What, short(b.Got), mark, short(b.Most)))
		}
		bars = append(bars, m.Faults...)
		fmt.Fprintf(&out, "| %s | %s | %d | %s | %s | %s | %s | %s |\n", m.What, cmp.Or(m.CLI, "–"), m.Requests,
			orDash(m.WallSeconds, "%.2f s"), orDash(m.FloorSeconds, "%.2f s"), orDash(m.Ratio, "%.2f"), orDash(m.MemoryMiB, "%.0f MiB"), strings.Join(bars, "; "))
	}
	return out.String()
}

func median(values []int64) int64 {
	slices.Sort(values)
	return values[len(values)/2]
}
