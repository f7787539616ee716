package emulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func operationRoutes() []route {
	return []route{
		{
			method: http.MethodGet, pattern: "/projects/{project_id}/operations", handle: listOperations,
			query: []param{{name: "cursor", shape: text{}}, {name: "limit", shape: integer{min: 1, max: maxOperationsPage}}},
		},
		{method: http.MethodGet, pattern: "/projects/{project_id}/operations/{operation_id}", handle: getOperation},
	}
}

const maxOperationsPage = 1000

// step is one operation that a change starts.
type step struct {
	action   string
	branch   *Branch
	endpoint *Endpoint
}

// start lets operations run one after the other, within the operation delay. It
// gives them as an answer shows them at that moment: none is finished yet.
func (x *exchange) start(p *Project, steps ...step) []neon.Operation {
	shown := []neon.Operation{}
	each := x.w.operationDelay / time.Duration(max(len(steps), 1))
	begin := x.w.now
	for i, s := range steps {
		op := &Operation{StartsAt: begin, EndsAt: begin.Add(each)}
		begin = op.EndsAt
		op.Operation = neon.Operation{
			ID: x.w.ids.uuid(), ProjectID: p.ID, Action: s.action, Status: neon.OperationScheduling,
			CreatedAt: x.w.second(), UpdatedAt: x.w.second(),
		}
		if s.branch != nil {
			op.BranchID = s.branch.ID
		}
		if s.endpoint != nil {
			op.EndpointID = s.endpoint.ID
		}
		answer := op.Operation
		if i == 0 {
			answer.Status = neon.OperationRunning
		}
		if x.failOperations {
			op.Error = "the operation failed, as the emulator was told to let it"
		}
		p.Operations = append(p.Operations, op)
		shown = append(shown, answer)
	}
	return shown
}

// done is when the operations that start now will have ended.
func (w *world) done() time.Time { return w.now.Add(w.operationDelay) }

// busy tells whether operations of a project run.
func (w *world) busy(p *Project) bool {
	return slices.ContainsFunc(p.Operations, func(op *Operation) bool { return w.now.Before(op.EndsAt) })
}

// at gives an operation as it stands at a time.
func (op *Operation) at(now time.Time) neon.Operation {
	shown := op.Operation
	failure := shown.Error
	shown.Error = ""
	switch {
	case now.Before(op.StartsAt):
		shown.Status = neon.OperationScheduling
	case now.Before(op.EndsAt):
		shown.Status = neon.OperationRunning
		shown.UpdatedAt = op.StartsAt.Truncate(time.Second)
	default:
		shown.Status = neon.OperationFinished
		shown.UpdatedAt = op.EndsAt.Truncate(time.Second)
		shown.TotalDurationMS = int32(min(op.EndsAt.Sub(op.StartsAt).Milliseconds(), 1<<31-1)) //nolint:gosec // bounded in the line itself
		if failure != "" {
			shown.Status, shown.Error, shown.FailuresCount = neon.OperationFailed, failure, 1
		}
	}
	return shown
}

// listOperations gives the newest first.
func listOperations(x *exchange) (reply, error) {
	p, err := x.project(reading)
	if err != nil {
		return reply{}, err
	}
	rest := p.Operations
	if cursor := x.query.text("cursor"); cursor != "" {
		i := slices.IndexFunc(rest, func(op *Operation) bool { return op.ID == cursor })
		if i < 0 {
			return reply{}, badRequest("query parameter cursor is not one that a page of this list gave")
		}
		rest = rest[:i]
	}
	page := neon.OperationsPage{Operations: []neon.Operation{}}
	for _, op := range slices.Backward(rest) {
		if len(page.Operations) == x.query.limit(maxOperationsPage) {
			break
		}
		page.Operations = append(page.Operations, op.at(x.w.now))
		page.Pagination = &neon.Pagination{Cursor: op.ID}
	}
	return ok(http.StatusOK, page)
}

func getOperation(x *exchange) (reply, error) {
	p, err := x.project(reading)
	if err != nil {
		return reply{}, err
	}
	for _, op := range p.Operations {
		if op.ID == x.params["operation_id"] {
			return ok(http.StatusOK, neon.OperationEnvelope{Operation: op.at(x.w.now)})
		}
	}
	return reply{}, notFound("operation not found")
}
