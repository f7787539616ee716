package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type orgProjectTransferModel struct {
	ID                    types.String   `tfsdk:"id"`
	SourceOrgID           types.String   `tfsdk:"source_org_id"`
	DestinationOrgID      types.String   `tfsdk:"destination_org_id"`
	ProjectIDs            types.List     `tfsdk:"project_ids"`
	TransferBackOnDestroy types.Bool     `tfsdk:"transfer_back_on_destroy"`
	TransferredProjectIDs types.List     `tfsdk:"transferred_project_ids"`
	LeftOutProjectIDs     types.List     `tfsdk:"left_out_project_ids"`
	Timeouts              timeouts.Value `tfsdk:"timeouts"`
}

// toMove returns the projects that are to be moved for the planned model, given what
// was before (nil for a new resource): all of them where the destination is another
// one, else those that are neither there nor left out. From another source those that
// were left out may be moved.
func (m *orgProjectTransferModel) toMove(before *orgProjectTransferModel) idSet {
	if before == nil || m.isRedirected(before) {
		return m.projects()
	}
	missing := m.projects().minus(before.transferred())
	if m.SourceOrgID.Equal(before.SourceOrgID) {
		missing = missing.minus(before.leftOut())
	}
	return missing
}

// projects are those that belong in the destination.
func (m *orgProjectTransferModel) projects() idSet {
	ids, _ := idsOf(m.ProjectIDs)
	return ids
}

// knownProjects are those of them whose ids are known at plan time.
func (m *orgProjectTransferModel) knownProjects() idSet { return m.projects().minus(idSet{""}) }

// transferred are those of them that are there.
func (m *orgProjectTransferModel) transferred() idSet {
	ids, _ := idsOf(m.TransferredProjectIDs)
	return ids
}

// setTransferred notes which of the projects are in the destination. It leaves the
// list alone that says so already.
func (m *orgProjectTransferModel) setTransferred(ids idSet) {
	if m.TransferredProjectIDs.IsUnknown() || m.TransferredProjectIDs.IsNull() || !slices.Equal(m.transferred(), ids) {
		m.TransferredProjectIDs = listIDs(ids, m.ProjectIDs)
	}
}

// leftOut are those of them that somebody else has, so that they count as dealt with.
func (m *orgProjectTransferModel) leftOut() idSet {
	ids, _ := idsOf(m.LeftOutProjectIDs)
	return ids
}

// setLeftOut is setTransferred for those.
func (m *orgProjectTransferModel) setLeftOut(ids idSet) {
	if m.LeftOutProjectIDs.IsUnknown() || m.LeftOutProjectIDs.IsNull() || !slices.Equal(m.leftOut(), ids) {
		m.LeftOutProjectIDs = listIDs(ids, m.ProjectIDs)
	}
}

// isRedirected reports whether the destination is another one than before.
func (m *orgProjectTransferModel) isRedirected(before *orgProjectTransferModel) bool {
	return before != nil && !m.DestinationOrgID.Equal(before.DestinationOrgID)
}

// sources are where projects may be taken from: the source, and the destination
// that was before, if it is another one now.
func (m *orgProjectTransferModel) sources(before *orgProjectTransferModel) []string {
	sources := []string{m.SourceOrgID.ValueString()}
	if m.isRedirected(before) && !m.SourceOrgID.Equal(before.DestinationOrgID) {
		sources = append(sources, before.DestinationOrgID.ValueString())
	}
	return sources
}

// orgOrPersonal names an owner for people.
func orgOrPersonal(orgID types.String) string {
	switch {
	case orgID.IsUnknown():
		return "an organization that is not known yet"
	case orgID.IsNull():
		return "the personal account of the API key"
	default:
		return orgID.ValueString()
	}
}
