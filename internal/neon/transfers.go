package neon

import (
	"context"
	"errors"
	"net/http"
)

// MaxProjectsPerTransfer is how many projects one transfer call takes.
const MaxProjectsPerTransfer = 400

// MadeTransferRequest is a transfer request that was made.
type MadeTransferRequest struct {
	TransferRequest
	// Repeated: the answer to a first attempt was lost. There may be an earlier
	// request, whose id nobody knows.
	Repeated bool
}

// Offer makes a transfer request, which offers the project to whoever gets the
// request's id: POST /projects/{project_id}/transfer_requests. The request lives for
// ttlSeconds (Neon's default is 86400). Where the answer is lost it looks again and
// then asks once more: the first request's id is known to nobody, so nobody can use
// it, and it expires.
func (o *Owned) Offer(ctx context.Context, ttlSeconds int64) (*MadeTransferRequest, error) {
	r := request{
		method: http.MethodPost, route: "/projects/{project_id}/transfer_requests", path: projectPath(o.Project.ID),
		body: TransferRequestCreate{TTLSeconds: &ttlSeconds},
	}
	var out MadeTransferRequest
	err := o.client.do(ctx, r, &out.TransferRequest)
	if IsOutcomeUnknown(err) && ctx.Err() == nil {
		if lookErr := o.again(ctx); lookErr != nil {
			return nil, errors.Join(err, lookErr)
		}
		out = MadeTransferRequest{Repeated: true}
		err = o.client.do(ctx, r, &out.TransferRequest)
	}
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// AcceptTransferRequest takes a project over, into the organization, or with an
// empty orgID into the caller's own account: PUT
// /projects/{project_id}/transfer_requests/{request_id}. A *PlanError lists what
// the receiver's plan can't take. The caller has to look at who owns the project
// when the outcome is unknown, because a request works only once.
func (c *Client) AcceptTransferRequest(ctx context.Context, projectID, requestID, orgID string) error {
	body := TransferRequestAccept{}
	if orgID != "" {
		body.OrgID = &orgID
	}
	return c.do(ctx, request{
		method: http.MethodPut, route: "/projects/{project_id}/transfer_requests/{request_id}",
		path: map[string]string{"project_id": projectID, "request_id": requestID}, body: body,
	}, nil)
}

// TransferToOrganization moves up to 400 projects from one organization to
// another: POST /organizations/{source_org_id}/projects/transfer. It needs a
// personal key, of an admin of the source and member of the destination. A
// *LimitsError or *IntegrationsError says why nothing moved.
func (c *Client) TransferToOrganization(ctx context.Context, sourceOrgID, destinationOrgID string, projectIDs []string) error {
	return c.do(ctx, request{
		method: http.MethodPost, route: "/organizations/{source_org_id}/projects/transfer",
		path: map[string]string{"source_org_id": sourceOrgID},
		body: TransferProjects{DestinationOrgID: destinationOrgID, ProjectIDs: projectIDs},
	}, nil)
}

// TransferFromUser moves up to 400 projects from the caller's own account to an
// organization: POST /users/me/projects/transfer. Neon has deprecated it, as
// personal accounts have become organizations.
func (c *Client) TransferFromUser(ctx context.Context, destinationOrgID string, projectIDs []string) error {
	return c.do(ctx, request{
		method: http.MethodPost, route: "/users/me/projects/transfer",
		body: TransferProjects{DestinationOrgID: destinationOrgID, ProjectIDs: projectIDs},
	}, nil)
}
