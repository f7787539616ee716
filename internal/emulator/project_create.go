package emulator

import (
	"cmp"
	"net/http"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

func createProject(x *exchange) (reply, error) {
	body, err := decode[neon.ProjectCreateRequest](x)
	if err != nil {
		return reply{}, err
	}
	request := body.Project
	owner, err := x.ownerOfNewProject(request.OrgID)
	if err != nil {
		return reply{}, err
	}
	if limit, have := owner.projectsLimit(), x.w.projectCount(owner); have >= limit {
		return reply{}, refuseWithCode(http.StatusUnprocessableEntity, "PROJECTS_LIMIT_EXCEEDED", "%s projects limit of %d exceeded, got %d", owner.kind(), limit, have)
	}
	p := &Project{
		ID: x.w.freshProjectID(), OwnerID: owner.id(),
		RegionID: defaultRegion, PgVersion: defaultPgVersion,
		StorePasswords: request.StorePasswords, HistoryRetentionSeconds: request.HistoryRetentionSeconds,
		Settings: request.Settings, DefaultEndpointSettings: endpointDefaultsOf(request),
		CreatedAt: x.w.second(), UpdatedAt: x.w.second(),
	}
	if owner.org != nil {
		p.OrgID = owner.org.ID
	}
	p.Name = valueOr(request.Name, p.ID)
	p.RegionID = valueOr(request.RegionID, p.RegionID)
	p.PgVersion = valueOr(request.PgVersion, p.PgVersion)
	completeProject(p, owner.plan())
	if err := checkNewProject(p, request, owner); err != nil {
		return reply{}, err
	}
	x.w.plantDefaultBranch(p, namesOf(request.Branch))
	x.w.noteHipaa(p)
	x.w.addProject(p)
	return ok(http.StatusCreated, x.createdProject(p))
}

// ownerOfNewProject is the organization that the request names, else the caller.
func (x *exchange) ownerOfNewProject(orgID *string) (account, error) {
	owner := x.caller.account()
	if orgID != nil {
		org, err := x.organization(*orgID)
		if err != nil {
			return account{}, err
		}
		owner = account{org: org}
	}
	if owner.org != nil && x.caller.levelIn(owner.org) < writing {
		return account{}, forbidden("this member of organization %s may not create projects", owner.org.ID)
	}
	return owner, nil
}

// endpointDefaultsOf reads the compute settings of a request, its deprecated fields included.
func endpointDefaultsOf(request neon.ProjectCreate) *neon.DefaultEndpointSettings {
	deprecated := &neon.DefaultEndpointSettings{AutoscalingLimitMinCU: request.AutoscalingLimitMinCU, AutoscalingLimitMaxCU: request.AutoscalingLimitMaxCU}
	return mergeEndpointDefaults(deprecated, request.DefaultEndpointSettings)
}

func checkNewProject(p *Project, request neon.ProjectCreate, owner account) error {
	if !knownRegion(p.RegionID) || !owner.hasRegion(p.RegionID) {
		return badRequest("project.region_id: region %q is not available", p.RegionID)
	}
	if err := checkRetention(*p.HistoryRetentionSeconds, owner.plan()); err != nil {
		return err
	}
	if err := checkSettings(request.Settings, owner); err != nil {
		return err
	}
	if err := checkEndpointDefaults(p.DefaultEndpointSettings, owner.plan()); err != nil {
		return err
	}
	names := namesOf(request.Branch)
	for field, name := range map[string]string{"role_name": names.role, "database_name": names.database} {
		if err := checkIdentifier("project.branch."+field, name); name != "" && err != nil {
			return err
		}
	}
	return nil
}

func checkEndpointDefaults(d *neon.DefaultEndpointSettings, plan plan) error {
	return checkCompute("project.default_endpoint_settings", *d.AutoscalingLimitMinCU, *d.AutoscalingLimitMaxCU, *d.SuspendTimeoutSeconds, plan)
}

// branchNames says what a new project starts with; "" is the default.
type branchNames struct {
	branch, role, database string
	annotations            map[string]string
}

func namesOf(request *neon.ProjectCreateBranch) branchNames {
	if request == nil {
		return branchNames{}
	}
	return branchNames{
		branch: valueOr(request.Name, ""), role: valueOr(request.RoleName, ""), database: valueOr(request.DatabaseName, ""),
		annotations: request.Annotations,
	}
}

// plantDefaultBranch gives a project its first branch, with a role, a database and a compute.
func (w *world) plantDefaultBranch(p *Project, names branchNames) {
	database := cmp.Or(names.database, "neondb")
	role := cmp.Or(names.role, database+"_owner")
	b := w.newBranch(p, cmp.Or(names.branch, "main"))
	b.Default, b.Primary = true, true
	b.Annotations, b.AnnotationUpdatedAt = names.annotations, b.CreatedAt
	b.Roles = []*neon.Role{w.newRole(b, role)}
	b.Databases = []*neon.Database{w.newDatabase(b, database, role)}
	p.Branches = []*Branch{b}
	w.newEndpoint(p, b, endpointReadWrite, endpointSpec{})
}

// createdProject is the answer of POST /projects: the only one that has passwords.
func (x *exchange) createdProject(p *Project) neon.CreatedProject {
	b := p.Branches[0]
	e := b.Endpoints[0]
	created := neon.CreatedProject{
		Project:        neon.Project{ProjectFields: x.w.projectFields(p), HistoryRetentionSeconds: *p.HistoryRetentionSeconds},
		ConnectionURIs: []neon.ConnectionDetails{x.w.connectionDetails(e, b.Databases[0].Name, b.Roles[0])},
		Roles:          []neon.Role{*b.Roles[0]},
		Databases:      []neon.Database{*b.Databases[0]},
		Branch:         b.Branch,
		Endpoints:      []neon.Endpoint{e.Endpoint},
	}
	created.Operations = x.start(p, step{"create_timeline", b, nil}, step{"start_compute", b, e})
	return created
}
