package emulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

const schemaOnly = "schema-only"

var branchCreateShape = object{fields: map[string]shape{
	"annotation_value": textMap{},
	"endpoints": array{of: object{required: []string{"type"}, fields: map[string]shape{
		"type":                     text{oneOf: []string{endpointReadOnly, endpointReadWrite}},
		"settings":                 endpointSettingsShape,
		"autoscaling_limit_min_cu": cuShape,
		"autoscaling_limit_max_cu": cuShape,
		"provisioner":              text{},
		"suspend_timeout_seconds":  suspendTime,
	}}},
	"branch": object{fields: map[string]shape{
		"parent_id":        idShape,
		"name":             nameShape,
		"parent_lsn":       text{},
		"parent_timestamp": text{dateTime: true},
		"protected":        boolean{},
		"archived":         boolean{},
		"init_source":      text{oneOf: []string{schemaOnly, "parent-data"}},
		"expires_at":       text{dateTime: true},
	}},
}}

type branchCreateRequest struct {
	AnnotationValue map[string]string `json:"annotation_value"`
	Endpoints       []struct {
		Type string `json:"type"`
		endpointSpec
	} `json:"endpoints"`
	Branch struct {
		ParentID        string     `json:"parent_id"`
		Name            string     `json:"name"`
		ParentLSN       string     `json:"parent_lsn"`
		ParentTimestamp *time.Time `json:"parent_timestamp"`
		Protected       bool       `json:"protected"`
		Archived        bool       `json:"archived"`
		InitSource      string     `json:"init_source"`
		ExpiresAt       *time.Time `json:"expires_at"`
	} `json:"branch"`
}

// createdBranch is the answer of POST /projects/{project_id}/branches.
type createdBranch struct {
	Branch         neon.Branch              `json:"branch"`
	Endpoints      []neon.Endpoint          `json:"endpoints"`
	Operations     []neon.Operation         `json:"operations"`
	Roles          []neon.Role              `json:"roles"`
	Databases      []neon.Database          `json:"databases"`
	ConnectionURIs []neon.ConnectionDetails `json:"connection_uris,omitempty"`
}

func createBranch(x *exchange) (reply, error) {
	p, err := x.projectToChange()
	if err != nil {
		return reply{}, err
	}
	request, err := decode[branchCreateRequest](x)
	if err != nil {
		return reply{}, err
	}
	parent := p.defaultBranch()
	if request.Branch.ParentID != "" {
		parent = p.branch(request.Branch.ParentID)
	}
	if parent == nil {
		return reply{}, notFound("parent branch not found")
	}
	if err := x.checkNewBranch(p, request); err != nil {
		return reply{}, err
	}
	b := x.w.newBranch(p, request.Branch.Name)
	b.Protected = request.Branch.Protected
	b.Annotations, b.AnnotationUpdatedAt = request.AnnotationValue, b.CreatedAt
	b.descendFrom(parent, request, x.w.ids)
	b.setExpiry(request.Branch.ExpiresAt, x.w.now)
	p.Branches = append(p.Branches, b)
	steps := []step{{"create_branch", b, nil}}
	for _, wanted := range request.Endpoints {
		e := x.w.newEndpoint(p, b, wanted.Type, wanted.endpointSpec)
		steps = append(steps, step{"start_compute", b, e})
	}
	return ok(http.StatusCreated, x.createdBranch(p, b, steps))
}

func (x *exchange) checkNewBranch(p *Project, request branchCreateRequest) error {
	wanted := request.Branch
	plan := x.w.owner(p).plan()
	if int64(len(p.Branches)) >= plan.branchesLimit {
		return refuseWithCode(http.StatusUnprocessableEntity, "BRANCHES_LIMIT_EXCEEDED", "branches limit of %d exceeded, got %d", plan.branchesLimit, len(p.Branches))
	}
	switch {
	case wanted.Name != "" && p.branchByName(wanted.Name) != nil:
		return branchExists()
	case wanted.ParentLSN != "" && wanted.ParentTimestamp != nil:
		return badRequest("branch.parent_lsn and branch.parent_timestamp can't both be given")
	case wanted.ParentTimestamp != nil && wanted.ParentTimestamp.After(x.w.now):
		return badRequest("branch.parent_timestamp is in the future")
	}
	if err := checkExpiry(wanted.ExpiresAt, wanted.Protected, x.w.now); err != nil {
		return err
	}
	writers := 0
	for _, e := range request.Endpoints {
		if e.Type == endpointReadWrite {
			writers++
		}
		if err := e.check(p, plan); err != nil {
			return err
		}
	}
	if writers > 1 {
		return badRequest("endpoints: a branch has at most one read-write endpoint")
	}
	return nil
}

// descendFrom copies what a branch inherits: roles, passwords and databases.
func (b *Branch) descendFrom(parent *Branch, request branchCreateRequest, ids *generator) {
	if request.Branch.InitSource == schemaOnly {
		b.InitSource = schemaOnly
	} else {
		b.ParentID = parent.ID
		b.ParentLSN = request.Branch.ParentLSN
		if b.ParentLSN == "" {
			b.ParentLSN = ids.lsn()
		}
		b.ParentTimestamp = new(valueOr(request.Branch.ParentTimestamp, b.CreatedAt))
	}
	if request.Branch.Archived {
		b.PendingState = "archived"
	}
	for _, role := range parent.Roles {
		inherited := *role
		inherited.BranchID = b.ID
		b.Roles = append(b.Roles, &inherited)
	}
	for _, database := range parent.Databases {
		inherited := *database
		inherited.BranchID = b.ID
		b.Databases = append(b.Databases, &inherited)
	}
}

// checkExpiry says whether a branch may expire at a time; nil is never.
func checkExpiry(at *time.Time, protected bool, now time.Time) error {
	switch {
	case at == nil:
		return nil
	case !at.After(now):
		return badRequest("branch.expires_at is not in the future")
	case protected:
		return badRequest("branch.expires_at: a protected branch can't expire")
	}
	return nil
}

func (b *Branch) setExpiry(at *time.Time, now time.Time) {
	b.ExpiresAt, b.TTLIntervalSeconds = nil, nil
	if at != nil {
		b.ExpiresAt = new(at.UTC())
		b.TTLIntervalSeconds = new(int64(at.Sub(now) / time.Second))
	}
}

// createdBranch has a connection string when there is just one that it can be.
func (x *exchange) createdBranch(p *Project, b *Branch, steps []step) createdBranch {
	created := createdBranch{
		Branch: b.Branch, Endpoints: []neon.Endpoint{}, Roles: []neon.Role{}, Databases: []neon.Database{},
		Operations: x.start(p, steps...),
	}
	for _, e := range b.Endpoints {
		created.Endpoints = append(created.Endpoints, e.Endpoint)
	}
	for _, role := range b.Roles {
		created.Roles = append(created.Roles, withoutPassword(role))
	}
	for _, database := range b.Databases {
		created.Databases = append(created.Databases, *database)
	}
	if i := slices.IndexFunc(b.Endpoints, isReadWrite); i >= 0 && len(b.Roles) == 1 && len(b.Databases) == 1 && *p.StorePasswords {
		created.ConnectionURIs = []neon.ConnectionDetails{x.w.connectionDetails(b.Endpoints[i], b.Databases[0].Name, b.Roles[0])}
	}
	return created
}
