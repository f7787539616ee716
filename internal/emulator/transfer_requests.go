package emulator

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func transferRequestRoutes() []route {
	return []route{
		{
			method: http.MethodPost, pattern: "/projects/{project_id}/transfer_requests", keys: noScopedKey,
			body: object{fields: map[string]shape{"ttl_seconds": integer{min: 1, max: maxTTL}}}, bodyOptional: true,
			handle: createTransferRequest,
		},
		{
			method: http.MethodPut, pattern: "/projects/{project_id}/transfer_requests/{request_id}", keys: noScopedKey,
			body: object{fields: map[string]shape{"org_id": idShape}}, bodyOptional: true,
			handle: acceptTransferRequest,
		},
	}
}

const (
	defaultTTL = 24 * 60 * 60
	// maxTTL keeps the expiry within what a time can say: about 292 years.
	maxTTL = math.MaxInt64 / int64(time.Second)
)

func createTransferRequest(x *exchange) (reply, error) {
	p, err := x.project(managing)
	if err != nil {
		return reply{}, err
	}
	request, err := decode[neon.TransferRequestCreate](x)
	if err != nil {
		return reply{}, err
	}
	if org := x.w.owner(p).org; org != nil && !*org.TransferRequestsEnabled {
		return reply{}, forbidden("project transfer requests are not enabled for this account")
	}
	ttl := int64(defaultTTL)
	if request.TTLSeconds != nil {
		ttl = *request.TTLSeconds
	}
	offer := &TransferRequest{TransferRequest: neon.TransferRequest{
		ID: x.w.ids.uuid(), ProjectID: p.ID, CreatedAt: x.w.second(), ExpiresAt: x.w.second().Add(time.Duration(ttl) * time.Second),
	}}
	p.TransferRequests = append(p.TransferRequests, offer)
	return ok(http.StatusCreated, offer.TransferRequest)
}

func acceptTransferRequest(x *exchange) (reply, error) {
	request, err := decode[neon.TransferRequestAccept](x)
	if err != nil {
		return reply{}, err
	}
	p := x.w.project(x.params["project_id"])
	if p == nil || p.DeletedAt != nil {
		return reply{}, projectNotFound()
	}
	i := slices.IndexFunc(p.TransferRequests, func(t *TransferRequest) bool { return t.ID == x.params["request_id"] })
	if i < 0 || p.TransferRequests[i].UsedAt != nil {
		return reply{}, notFound("project transfer request not found")
	}
	offer := p.TransferRequests[i]
	if !x.w.now.Before(offer.ExpiresAt) {
		return reply{}, badRequest("project transfer request has expired")
	}
	receiver := x.caller.account()
	if request.OrgID != nil {
		org, err := x.organization(*request.OrgID)
		if err != nil {
			return reply{}, err
		}
		receiver = account{org: org}
	}
	if receiver.org != nil && receiver.org.managedByVercel() {
		return reply{}, badRequest("organization %s is managed by Vercel and can't receive projects", receiver.org.ID)
	}
	if reasons := x.w.reasonsAgainst(p, receiver); len(reasons) > 0 {
		return reply{}, &apiError{status: http.StatusNotAcceptable, body: neon.ReasonsBody{Reasons: reasons}}
	}
	x.w.changeOwner(p, receiver)
	offer.UsedAt = new(x.w.now)
	return noContent()
}

// reasonsAgainst says why an account's plan can't take a claimed project.
func (w *world) reasonsAgainst(p *Project, receiver account) []neon.Reason {
	if p.OwnerID == receiver.id() {
		return nil
	}
	var reasons []neon.Reason
	against := func(code, format string, args ...any) {
		reasons = append(reasons, neon.Reason{Code: code, Message: fmt.Sprintf(format, args...)})
	}
	plan := receiver.plan()
	if limit := receiver.projectsLimit(); w.projectCount(receiver) >= limit {
		against("projects_count", "the account may have %d projects and has as many", limit)
	}
	if n := int64(len(p.Branches)); n > plan.branchesLimit {
		against("branches_count", "the %s plan allows %d branches in a project, this one has %d", plan.name, plan.branchesLimit, n)
	}
	if have := *p.HistoryRetentionSeconds; have > plan.maxRetention {
		against("history_retention_seconds", "the %s plan keeps history for at most %d seconds, the project for %d", plan.name, plan.maxRetention, have)
	}
	if have := p.largestCompute(); have > plan.maxCU {
		against("autoscaling_limit_max_cu", "the %s plan allows computes of at most %v CU, the project has %v", plan.name, plan.maxCU, have)
	}
	if !receiver.hasRegion(p.RegionID) {
		against("project_region", "region %s is not available to the account", p.RegionID)
	}
	return reasons
}

// largestCompute is the upper limit of the project's biggest compute, in compute units.
func (p *Project) largestCompute() float64 {
	largest := 0.0
	for _, b := range p.Branches {
		for _, e := range b.Endpoints {
			largest = max(largest, e.AutoscalingLimitMaxCU)
		}
	}
	return largest
}
