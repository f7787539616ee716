package neon

import "time"

// ConsumptionHistoryProjects is one page of a path that tells what projects
// consumed.
type ConsumptionHistoryProjects[Timeframe any] struct {
	Projects   []ConsumptionHistoryProject[Timeframe] `json:"projects"`
	Pagination *Pagination                            `json:"pagination,omitempty"`
}

// ConsumptionHistoryProject is what one project consumed.
type ConsumptionHistoryProject[Timeframe any] struct {
	ProjectID string                                `json:"project_id"`
	Periods   []ConsumptionHistoryPeriod[Timeframe] `json:"periods"`
}

// ConsumptionHistoryPerProjectV2Response is one page of GET
// /consumption_history/v2/projects.
type ConsumptionHistoryPerProjectV2Response = ConsumptionHistoryProjects[ConsumptionHistoryPerTimeframeV2]

// ConsumptionHistoryPerProjectResponse is one page of GET
// /consumption_history/projects, the path of the legacy metrics.
type ConsumptionHistoryPerProjectResponse = ConsumptionHistoryProjects[ConsumptionHistoryPerTimeframe]

// ConsumptionHistoryPerBranchV2Response is one page of GET
// /consumption_history/v2/branches.
type ConsumptionHistoryPerBranchV2Response struct {
	Branches   []ConsumptionHistoryPerBranchV2 `json:"branches"`
	Pagination *Pagination                     `json:"pagination,omitempty"`
}

// ConsumptionHistoryPerBranchV2 is what one branch consumed.
type ConsumptionHistoryPerBranchV2 struct {
	ProjectID string                                                       `json:"project_id"`
	BranchID  string                                                       `json:"branch_id"`
	Periods   []ConsumptionHistoryPeriod[ConsumptionHistoryPerTimeframeV2] `json:"periods"`
}

// ConsumptionHistoryPerAccountResponse is the answer of GET
// /consumption_history/account, in legacy metrics. Neon has deprecated the call.
type ConsumptionHistoryPerAccountResponse struct {
	Periods []ConsumptionHistoryPeriod[ConsumptionHistoryPerTimeframe] `json:"periods"`
}

// ConsumptionHistoryPeriod is a billing period with its timeframes, oldest first.
type ConsumptionHistoryPeriod[Timeframe any] struct {
	PeriodID    string      `json:"period_id"`
	PeriodPlan  string      `json:"period_plan"`
	PeriodStart time.Time   `json:"period_start"`
	PeriodEnd   *time.Time  `json:"period_end,omitempty"` // past periods only
	Consumption []Timeframe `json:"consumption"`
}

// ConsumptionHistoryPerTimeframeV2 is an hour, a day or a month. Metrics are the
// ones that were asked for.
type ConsumptionHistoryPerTimeframeV2 struct {
	TimeframeStart time.Time                `json:"timeframe_start"`
	TimeframeEnd   time.Time                `json:"timeframe_end"`
	Metrics        []ConsumptionMetricValue `json:"metrics"`
}

// ConsumptionMetricValue is one metric. Its unit is in its name.
type ConsumptionMetricValue struct {
	MetricName string `json:"metric_name"`
	Value      int64  `json:"value"`
}

// ConsumptionHistoryPerTimeframe is an hour, a day or a month in legacy metrics.
// The first four are there also where they were not asked for.
type ConsumptionHistoryPerTimeframe struct {
	TimeframeStart            time.Time `json:"timeframe_start"`
	TimeframeEnd              time.Time `json:"timeframe_end"`
	ActiveTimeSeconds         int64     `json:"active_time_seconds"`
	ComputeTimeSeconds        int64     `json:"compute_time_seconds"`
	WrittenDataBytes          int64     `json:"written_data_bytes"`
	SyntheticStorageSizeBytes int64     `json:"synthetic_storage_size_bytes"`
	DataStorageBytesHour      *int64    `json:"data_storage_bytes_hour,omitempty"`
	LogicalSizeBytes          *int64    `json:"logical_size_bytes,omitempty"`
	LogicalSizeBytesHour      *int64    `json:"logical_size_bytes_hour,omitempty"`
}
