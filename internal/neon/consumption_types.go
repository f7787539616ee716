package neon

import "time"

// ConsumptionHistoryProjects is one page of a path that tells what projects
// consumed.
type ConsumptionHistoryProjects[Timeframe any] struct {
	Projects   []ConsumptionHistoryProject[Timeframe] `json:"projects" neon:"required"`
	Pagination *Pagination                            `json:"pagination,omitempty"`
}

// ConsumptionHistoryProject is what one project consumed.
type ConsumptionHistoryProject[Timeframe any] struct {
	ProjectID string                                `json:"project_id" neon:"filled,key,is=query.project_ids"`
	Periods   []ConsumptionHistoryPeriod[Timeframe] `json:"periods" neon:"required"`
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
	Branches   []ConsumptionHistoryPerBranchV2 `json:"branches" neon:"required"`
	Pagination *Pagination                     `json:"pagination,omitempty"`
}

// ConsumptionHistoryPerBranchV2 is what one branch consumed.
type ConsumptionHistoryPerBranchV2 struct {
	ProjectID string                                                       `json:"project_id" neon:"filled,is=query.project_ids"`
	BranchID  string                                                       `json:"branch_id" neon:"filled,key,is=query.branch_ids"`
	Periods   []ConsumptionHistoryPeriod[ConsumptionHistoryPerTimeframeV2] `json:"periods" neon:"required"`
}

// ConsumptionHistoryPerAccountResponse is the answer of GET
// /consumption_history/account, in legacy metrics. Neon has deprecated the call.
type ConsumptionHistoryPerAccountResponse struct {
	Periods []ConsumptionHistoryPeriod[ConsumptionHistoryPerTimeframe] `json:"periods" neon:"required"`
}

// ConsumptionHistoryPeriod is a billing period with its timeframes, oldest first.
type ConsumptionHistoryPeriod[Timeframe any] struct {
	PeriodID    string      `json:"period_id" neon:"filled"`
	PeriodPlan  string      `json:"period_plan" neon:"required"`
	PeriodStart time.Time   `json:"period_start" neon:"required"`
	PeriodEnd   *time.Time  `json:"period_end,omitempty"` // past periods only
	Consumption []Timeframe `json:"consumption" neon:"required"`
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
	MetricName string `json:"metric_name" neon:"filled"`
	Value      int64  `json:"value" neon:"required"`
}

// ConsumptionHistoryPerTimeframe is an hour, a day or a month in legacy metrics.
// The first four are there also where they were not asked for.
type ConsumptionHistoryPerTimeframe struct {
	TimeframeStart            time.Time `json:"timeframe_start" neon:"required"`
	TimeframeEnd              time.Time `json:"timeframe_end" neon:"required"`
	ActiveTimeSeconds         int64     `json:"active_time_seconds" neon:"required"`
	ComputeTimeSeconds        int64     `json:"compute_time_seconds" neon:"required"`
	WrittenDataBytes          int64     `json:"written_data_bytes" neon:"required"`
	SyntheticStorageSizeBytes int64     `json:"synthetic_storage_size_bytes" neon:"required"`
	DataStorageBytesHour      *int64    `json:"data_storage_bytes_hour,omitempty"`
	LogicalSizeBytes          *int64    `json:"logical_size_bytes,omitempty"`
	LogicalSizeBytesHour      *int64    `json:"logical_size_bytes_hour,omitempty"`
}
