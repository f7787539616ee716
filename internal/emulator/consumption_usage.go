package emulator

import (
	"hash/fnv"
	"slices"
	"time"
)

// What is consumed follows from ids, ages and time alone, so that the history of a
// branch never changes, and that hours, days and months add up. A branch is a meter
// that only ever counts up; what it consumed in a span is the difference between
// two readings of it. Readings are computed, not kept: a world costs nothing more
// for being old.

// metric is the place of a metric in a reading.
type metric int

const (
	computeUnitSeconds metric = iota
	rootBranchBytesMonth
	childBranchBytesMonth
	instantRestoreBytesMonth
	publicNetworkTransferBytes
	privateNetworkTransferBytes
	extraBranchesMonth
	snapshotStorageBytesMonth
	activeTimeSeconds
	computeTimeSeconds
	writtenDataBytes
	dataStorageBytesHour
	logicalSizeBytesHour
	// The rest are sizes at a time.
	syntheticStorageSizeBytes
	logicalSizeBytes
	metricCount
)

// metricNames are Neon's names, by place.
var metricNames = [metricCount]string{
	"compute_unit_seconds", "root_branch_bytes_month", "child_branch_bytes_month",
	"instant_restore_bytes_month", "public_network_transfer_bytes", "private_network_transfer_bytes",
	"extra_branches_month", "snapshot_storage_bytes_month",
	"active_time_seconds", "compute_time_seconds", "written_data_bytes",
	"data_storage_bytes_hour", "logical_size_bytes_hour",
	"synthetic_storage_size_bytes", "logical_size_bytes",
}

func (m metric) String() string { return metricNames[m] }

// usage has a number for each metric: of a meter's reading, or of a span.
type usage [metricCount]int64

func (u *usage) add(other usage) {
	for i, n := range other {
		u[i] += n
	}
}

// hour counts whole hours since 1970.
type hour int64

func hourOf(t time.Time) hour { return hour(t.Unix() / 3600) }

const (
	hoursPerWeek     = 7 * 24
	hoursPerMonth    = 730 // by which Neon turns bytes and hours into months
	restoreHours     = 24  // after which the history of a branch no longer grows
	includedBranches = 10  // of each project; more of them are extra

	maxConsumptionFactor = 1000
)

// meter is what a branch has consumed, over the hours of its life.
type meter struct {
	branchID string
	isRoot   bool
	// from is the hour in which the branch was made, to the one in which it ended, or
	// the running one.
	from, to hour
	ended    bool
	// factor multiplies all but the active time.
	factor int64
	// What is the branch's own, see newMeter.
	phase, busyness, units                              int64
	baseBytes, growth, restoreGrowth                    int64
	writtenPerSecond, publicPerSecond, privatePerSecond int64
}

func newMeter(branchID string, isRoot bool, factor int64) meter {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(branchID)) // never fails
	bits := hash.Sum64()
	draw := func(n uint64) int64 { // 0 to n-1
		drawn := bits % n
		bits = bits/n ^ bits<<17
		return int64(drawn) //nolint:gosec // below n, which is small
	}
	m := meter{branchID: branchID, isRoot: isRoot, factor: factor}
	m.phase = draw(24)        // hours by which the working day is shifted
	m.busyness = 1 + draw(16) // sixteenths of the working day
	m.units = 1 + draw(8)     // quarters of a compute unit
	m.baseBytes = 30<<20 + draw(1<<22)
	m.growth = draw(1 << 18)        // bytes an hour
	m.restoreGrowth = draw(1 << 18) // bytes an hour
	m.writtenPerSecond = 256 + draw(4096)
	m.publicPerSecond = 1024 + draw(16384)
	m.privatePerSecond = max(0, draw(8192)-4096)
	if !isRoot {
		// A child shares its parent's data, and is for trying things.
		m.baseBytes, m.busyness = 1<<20, (m.busyness+3)/4
	}
	if factor == 0 {
		m.busyness = 0
	}
	return m
}

// busySeconds is for how long a compute was needed since 1970: on weekdays, from
// seven to nineteen, and at noon not longer than in the morning.
func busySeconds(h int64) int64 {
	const workday = 2*900 + 10*2400
	const monday = 4 * 24 // 1970 began on a Thursday
	h += hoursPerWeek - monday
	weeks, rest := h/hoursPerWeek, h%hoursPerWeek
	days, clock := min(rest/24, 5), rest%24
	today := int64(0)
	if rest/24 < 5 {
		today = min(max(clock-7, 0), 1)*900 + min(max(clock-8, 0), 10)*2400 + min(max(clock-18, 0), 1)*900
	}
	return weeks*5*workday + days*workday + today
}

// triangle is 0 + 1 + … + (n-1).
func triangle(n int64) int64 { return n * (n - 1) / 2 }

// reading is what the meter has counted up to the beginning of an hour. Sizes are
// those of that moment.
func (m meter) reading(at hour) usage {
	h := min(max(at, m.from), m.to)
	age := int64(h - m.from)
	settled := max(0, age-restoreHours)

	active := busySeconds(int64(h)-m.phase) * m.busyness / 16
	compute := active * m.units / 4
	size := m.baseBytes + m.growth*age
	byteHours := m.baseBytes*age + m.growth*triangle(age)
	restoreHoursBytes := m.restoreGrowth * (triangle(age-settled) + restoreHours*settled)

	var u usage
	u[activeTimeSeconds] = active
	u[computeUnitSeconds] = compute * m.factor
	u[computeTimeSeconds] = compute * m.factor
	u[writtenDataBytes] = active * m.writtenPerSecond * m.factor
	u[publicNetworkTransferBytes] = active * m.publicPerSecond * m.factor
	u[privateNetworkTransferBytes] = active * m.privatePerSecond * m.factor
	if m.isRoot {
		u[rootBranchBytesMonth] = byteHours / hoursPerMonth * m.factor
	} else {
		u[childBranchBytesMonth] = byteHours / hoursPerMonth * m.factor
	}
	u[instantRestoreBytesMonth] = restoreHoursBytes / hoursPerMonth * m.factor
	u[dataStorageBytesHour] = (byteHours + restoreHoursBytes) * m.factor
	u[logicalSizeBytesHour] = byteHours * m.factor
	if !m.ended || at < m.to {
		u[logicalSizeBytes] = size * m.factor
		u[syntheticStorageSizeBytes] = (size + m.restoreGrowth*(age-settled)) * m.factor
	}
	return u
}

// between is what was consumed from one hour to before another.
func (m meter) between(from, to hour) usage {
	if to <= m.from || m.to == m.from {
		return usage{} // not there yet, or in its first hour
	}
	u := m.reading(to)
	for i, n := range m.reading(from) {
		if metric(i) < syntheticStorageSizeBytes {
			u[i] -= n
		}
	}
	return u
}

// meters are a project's branches, those included that are no more.
func (w *world) meters(p *Project) []meter {
	all := make([]meter, 0, len(p.Branches)+len(p.FormerBranches))
	for _, b := range p.Branches {
		all = append(all, w.meter(p, b))
	}
	for _, b := range p.FormerBranches {
		all = append(all, newMeter(b.ID, b.ParentID == "", p.Consumption.factor()).running(b.CreatedAt, w.now, &b.EndedAt, p.DeletedAt))
	}
	return all
}

func (w *world) meter(p *Project, b *Branch) meter {
	return newMeter(b.ID, b.ParentID == "", p.Consumption.factor()).running(b.CreatedAt, w.now, b.ExpiresAt, p.DeletedAt)
}

// running is the meter from the making of its branch to now, or to the first of
// the ends that have come.
func (m meter) running(from, now time.Time, ends ...*time.Time) meter {
	m.from, m.to = hourOf(from), hourOf(now)
	for _, end := range ends {
		if end != nil && !now.Before(*end) {
			m.to, m.ended = min(m.to, hourOf(*end)), true
		}
	}
	m.to = max(m.from, m.to)
	return m
}

// consumed is what a project consumed from one hour to before another.
func consumed(meters []meter, from, to hour) usage {
	var sum usage
	for _, m := range meters {
		sum.add(m.between(from, to))
	}
	sum[extraBranchesMonth] = extraBranchHours(meters, to)/hoursPerMonth - extraBranchHours(meters, from)/hoursPerMonth
	return sum
}

// extraBranchHours is for how many hours, up to one, there were branches beyond the
// included ones, each of them counted.
func extraBranchHours(meters []meter, until hour) int64 {
	if len(meters) <= includedBranches {
		return 0
	}
	changes := map[hour]int64{}
	for _, m := range meters {
		changes[m.from]++
		changes[m.to]--
	}
	hours := make([]hour, 0, len(changes))
	for h := range changes {
		hours = append(hours, h)
	}
	slices.Sort(hours)
	var sum, count int64
	for i, h := range hours {
		if h >= until {
			break
		}
		next := until
		if i+1 < len(hours) {
			next = min(until, hours[i+1])
		}
		count += changes[h]
		sum += max(0, count-includedBranches) * int64(next-h)
	}
	return sum
}

// counters are what a project has consumed in the running billing period, and its
// sizes now.
func (w *world) counters(p *Project) usage {
	start, _ := w.billingPeriod(p)
	var sum usage
	for _, m := range w.meters(p) {
		now := m.reading(hourOf(w.now))
		used := m.between(hourOf(start), hourOf(w.now))
		// A branch has a size in its first hour, before there is anything to count.
		copy(used[syntheticStorageSizeBytes:], now[syntheticStorageSizeBytes:])
		sum.add(used)
	}
	return sum
}
