package neon

import "time"

// Operation is work that Neon carries on with after it has answered.
type Operation struct {
	ID              string          `json:"id" neon:"filled,key"`
	ProjectID       string          `json:"project_id" neon:"filled,is=path.project_id,is=answer.project.id"`
	BranchID        string          `json:"branch_id,omitempty"`
	EndpointID      string          `json:"endpoint_id,omitempty"`
	Action          string          `json:"action" neon:"filled"`
	Status          OperationStatus `json:"status" neon:"filled"`
	Error           string          `json:"error,omitempty"`
	FailuresCount   int32           `json:"failures_count" neon:"required"`
	RetryAt         *time.Time      `json:"retry_at,omitempty"`
	CreatedAt       time.Time       `json:"created_at" neon:"required"`
	UpdatedAt       time.Time       `json:"updated_at" neon:"required"`
	TotalDurationMS int32           `json:"total_duration_ms" neon:"required"` // milliseconds
}

// OperationStatus is where an operation stands.
type OperationStatus string

// The statuses of the official document.
const (
	OperationScheduling OperationStatus = "scheduling"
	OperationRunning    OperationStatus = "running"
	OperationFinished   OperationStatus = "finished"
	OperationFailed     OperationStatus = "failed"
	OperationError      OperationStatus = "error"
	OperationCancelling OperationStatus = "cancelling"
	OperationCancelled  OperationStatus = "cancelled"
	OperationSkipped    OperationStatus = "skipped"
)

// Done tells whether nothing more happens. "error" is not done: Neon tries
// again by itself until the operation is finished or failed.
func (s OperationStatus) Done() bool {
	switch s {
	case OperationFinished, OperationFailed, OperationCancelled, OperationSkipped:
		return true
	default:
		return false
	}
}

// OperationsPage is one page of GET /projects/{project_id}/operations, newest first.
type OperationsPage struct {
	Operations []Operation `json:"operations" neon:"required"`
	Pagination *Pagination `json:"pagination,omitempty"`
}

// OperationEnvelope wraps one operation.
type OperationEnvelope struct {
	Operation Operation `json:"operation"`
}
