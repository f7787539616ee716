package neon

import (
	"fmt"
	"slices"
	"strings"
)

// The metrics that Neon bills by, of GET /consumption_history/v2/projects. The
// first six are those of GET /consumption_history/v2/branches too.
const (
	MetricComputeUnitSeconds          = "compute_unit_seconds"
	MetricRootBranchBytesMonth        = "root_branch_bytes_month"
	MetricChildBranchBytesMonth       = "child_branch_bytes_month"
	MetricInstantRestoreBytesMonth    = "instant_restore_bytes_month"
	MetricPublicNetworkTransferBytes  = "public_network_transfer_bytes"
	MetricPrivateNetworkTransferBytes = "private_network_transfer_bytes"
	MetricExtraBranchesMonth          = "extra_branches_month"
	MetricSnapshotStorageBytesMonth   = "snapshot_storage_bytes_month"
)

// The metrics of GET /consumption_history/projects, which older plans were billed
// by. The first five are those of GET /consumption_history/account too.
const (
	MetricActiveTimeSeconds         = "active_time_seconds"
	MetricComputeTimeSeconds        = "compute_time_seconds"
	MetricWrittenDataBytes          = "written_data_bytes"
	MetricSyntheticStorageSizeBytes = "synthetic_storage_size_bytes"
	MetricDataStorageBytesHour      = "data_storage_bytes_hour"
	MetricLogicalSizeBytes          = "logical_size_bytes"
	MetricLogicalSizeBytesHour      = "logical_size_bytes_hour"
)

// ProjectMetrics are the metrics of GET /consumption_history/v2/projects.
func ProjectMetrics() []string {
	return append(BranchMetrics(), MetricExtraBranchesMonth, MetricSnapshotStorageBytesMonth)
}

// BranchMetrics are the metrics of GET /consumption_history/v2/branches.
func BranchMetrics() []string {
	return []string{
		MetricComputeUnitSeconds, MetricRootBranchBytesMonth, MetricChildBranchBytesMonth,
		MetricInstantRestoreBytesMonth, MetricPublicNetworkTransferBytes, MetricPrivateNetworkTransferBytes,
	}
}

// LegacyMetrics are the metrics of GET /consumption_history/projects.
func LegacyMetrics() []string {
	return append(AccountMetrics(), MetricLogicalSizeBytes, MetricLogicalSizeBytesHour)
}

// AccountMetrics are the metrics of GET /consumption_history/account.
func AccountMetrics() []string {
	return []string{
		MetricActiveTimeSeconds, MetricComputeTimeSeconds, MetricWrittenDataBytes,
		MetricSyntheticStorageSizeBytes, MetricDataStorageBytesHour,
	}
}

// IsSizeMetric tells whether a metric is a size at a time, not a consumption: it
// adds up over projects, and over timeframes it does not.
func IsSizeMetric(metric string) bool {
	return metric == MetricSyntheticStorageSizeBytes || metric == MetricLogicalSizeBytes
}

// MetricsError is a list of metrics that no call of Neon's takes. Nothing was sent.
type MetricsError struct {
	// Metric is the first one that does not fit; empty where there is none at all.
	Metric string
	// With is a metric of another call that it can't be asked for together with.
	With string
	// Known are the metrics that fit.
	Known []string
}

func (e *MetricsError) Error() string {
	known := strings.Join(e.Known, ", ")
	switch {
	case e.Metric == "":
		return "no metric is asked for; there are " + known
	case e.With != "":
		return fmt.Sprintf("%s and %s belong to different calls of Neon's and can't be asked for together; with %s go %s", e.With, e.Metric, e.With, known)
	default:
		return fmt.Sprintf("there is no metric %s here; there are %s", e.Metric, known)
	}
}

// checkMetrics finds the first list that has all the metrics, and gives its number.
func checkMetrics(metrics []string, lists ...[]string) (int, error) {
	if len(metrics) == 0 {
		return 0, &MetricsError{Known: slices.Concat(lists...)}
	}
	for i, list := range lists {
		if !slices.Contains(list, metrics[0]) {
			continue
		}
		for _, metric := range metrics {
			if slices.Contains(list, metric) {
				continue
			}
			if slices.Contains(slices.Concat(lists...), metric) {
				return 0, &MetricsError{Metric: metric, With: metrics[0], Known: list}
			}
			return 0, &MetricsError{Metric: metric, Known: slices.Concat(lists...)}
		}
		return i, nil
	}
	return 0, &MetricsError{Metric: metrics[0], Known: slices.Concat(lists...)}
}
