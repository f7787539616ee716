package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// projectFields are what a project shows everywhere.
func (w *world) projectFields(p *Project) neon.ProjectFields {
	limit := w.owner(p).plan().branchSizeLimit
	fields := neon.ProjectFields{
		ID: p.ID, Name: p.Name, OwnerID: p.OwnerID, OrgID: p.OrgID,
		PlatformID: platformOf(p.RegionID), RegionID: p.RegionID, ProxyHost: proxyHostOf(p.RegionID),
		Provisioner: provisioner, PgVersion: p.PgVersion, CreationSource: creationSource,
		BranchLogicalSizeLimit: limit, BranchLogicalSizeLimitBytes: limit << 20,
		StorePasswords: *p.StorePasswords, Settings: p.Settings, DefaultEndpointSettings: p.DefaultEndpointSettings,
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, HipaaEnabledAt: p.HipaaEnabledAt,
	}
	return fields
}

const (
	provisioner    = "k8s-neonvm"
	creationSource = "console"
)

// projectDetails is a project as it shows by itself.
func (w *world) projectDetails(p *Project) neon.Project {
	details := neon.Project{ProjectFields: w.projectFields(p), HistoryRetentionSeconds: *p.HistoryRetentionSeconds, Owner: new(w.owner(p).contact())}
	used := w.counters(p)
	details.SyntheticStorageSize = new(used[syntheticStorageSizeBytes])
	details.ActiveTimeSeconds, details.ComputeTimeSeconds, details.CPUUsedSec = used[activeTimeSeconds], used[computeTimeSeconds], used[computeTimeSeconds]
	details.WrittenDataBytes, details.DataTransferBytes = used[writtenDataBytes], used[publicNetworkTransferBytes]
	details.DataStorageBytesHour = used[dataStorageBytesHour]
	details.ComputeLastActiveAt = p.lastActive()
	details.ConsumptionPeriodStart, details.ConsumptionPeriodEnd = w.billingPeriod(p)
	return details
}

// billingPeriod is the running month; it begins with the project if that is younger.
func (w *world) billingPeriod(p *Project) (start, end time.Time) {
	start = time.Date(w.now.Year(), w.now.Month(), 1, 0, 0, 0, 0, time.UTC)
	end = start.AddDate(0, 1, 0)
	if p.CreatedAt.After(start) {
		start = p.CreatedAt
	}
	return start, end
}

func (p *Project) lastActive() *time.Time {
	var last *time.Time
	for _, b := range p.Branches {
		for _, e := range b.Endpoints {
			if e.LastActive != nil && (last == nil || e.LastActive.After(*last)) {
				last = e.LastActive
			}
		}
	}
	return last
}

func (w *world) projectListItem(p *Project) neon.ProjectListItem {
	item := neon.ProjectListItem{ProjectFields: w.projectFields(p), HistoryRetentionSeconds: p.HistoryRetentionSeconds}
	used := w.counters(p)
	item.SyntheticStorageSize = new(used[syntheticStorageSizeBytes])
	item.ActiveTime, item.CPUUsedSec = used[activeTimeSeconds], used[computeTimeSeconds]
	item.ComputeLastActiveAt = p.lastActive()
	_, end := w.billingPeriod(p)
	item.QuotaResetAt = &end
	if org := w.owner(p).org; org != nil {
		item.OrgName = org.Name
	}
	if p.DeletedAt != nil {
		item.DeletedAt, item.RecoverableUntil = p.DeletedAt, new(p.DeletedAt.Add(recoveryWindow))
	}
	return item
}

func getProject(x *exchange) (reply, error) {
	p, err := x.project(reading)
	if err != nil {
		return reply{}, err
	}
	return ok(http.StatusOK, neon.ProjectEnvelope{Project: x.w.projectDetails(p)})
}

// listProjects is GET /projects: the projects of one organization, by id.
func listProjects(x *exchange) (reply, error) {
	orgID := x.query.text("org_id")
	if orgID == "" {
		if x.caller.org == nil {
			return reply{}, orgIDRequired()
		}
		orgID = x.caller.org.ID
	}
	org, err := x.organization(orgID)
	if err != nil {
		return reply{}, err
	}
	wantDeleted := x.query.boolean("recoverable")
	page := x.page(x.w.owned[org.ID], func(p *Project) bool {
		if scope := x.caller.scope(); scope != "" && p.ID != scope {
			return false
		}
		if wantDeleted {
			return x.w.recoverable(p)
		}
		return p.DeletedAt == nil
	})
	return ok(http.StatusOK, page)
}

// sharedProjectsPage lacks the two maps of a ProjectsPage.
type sharedProjectsPage struct {
	Projects              []neon.ProjectListItem `json:"projects"`
	UnavailableProjectIDs []string               `json:"unavailable_project_ids,omitempty"`
	Pagination            *neon.Pagination       `json:"pagination,omitempty"`
}

// listSharedProjects is GET /projects/shared: what others let the caller into.
func listSharedProjects(x *exchange) (reply, error) {
	var shared []*Project
	for _, p := range x.w.projects {
		if p.DeletedAt == nil && p.sharedWith(x.caller.user.Email) {
			shared = append(shared, p)
		}
	}
	slices.SortFunc(shared, func(a, b *Project) int { return cmp.Compare(a.ID, b.ID) })
	page := x.page(shared, func(*Project) bool { return true })
	return ok(http.StatusOK, sharedProjectsPage{Projects: page.Projects, UnavailableProjectIDs: page.UnavailableProjectIDs, Pagination: page.Pagination})
}

// page cuts the page that the query asks for out of a list sorted by id. Also
// the last page has a cursor, if it isn't empty.
func (x *exchange) page(list []*Project, wanted func(*Project) bool) neon.ProjectsPage {
	limit := x.query.limit(defaultPageSize)
	search := strings.ToLower(x.query.text("search"))
	page := neon.ProjectsPage{
		Projects:     make([]neon.ProjectListItem, 0, min(limit, len(list))),
		Applications: map[string][]string{}, Integrations: map[string][]string{},
	}
	start := 0
	if cursor := x.query.text("cursor"); cursor != "" {
		i, found := slices.BinarySearchFunc(list, cursor, byProjectID)
		if start = i; found {
			start++
		}
	}
	taken := 0
	for _, p := range list[start:] {
		if taken == limit {
			break
		}
		if !wanted(p) || search != "" && !strings.Contains(strings.ToLower(p.Name), search) && !strings.Contains(p.ID, search) {
			continue
		}
		taken++
		page.Pagination = &neon.Pagination{Cursor: p.ID}
		if slices.Contains(x.unavailable, p.ID) {
			page.UnavailableProjectIDs = append(page.UnavailableProjectIDs, p.ID)
			continue
		}
		page.Projects = append(page.Projects, x.w.projectListItem(p))
		if p.Integration != "" {
			page.Applications[p.ID] = []string{p.Integration}
			page.Integrations[p.ID] = []string{p.Integration}
		}
	}
	return page
}
