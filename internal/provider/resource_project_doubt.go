package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// doubtKey is where a project keeps, in private state, that its creation was sent
// twice. Every refresh looks for a second project until one that is at least 24
// hours after the creation finds none. One that is found is named every time until
// it is gone.
const doubtKey = "creation_doubt"

// Each summary goes on with an id: the CLIs show only the first of several warnings
// that have the same.
const (
	secondMayExist = "Perhaps a second project was created beside "
	secondExists   = "A second project was created: "
)

// keepDoubt remembers a creation that was sent twice, and says so.
func keepDoubt(ctx context.Context, made *neon.MadeProject, private privateSetter) diag.Diagnostics {
	if made.Doubt == nil {
		return nil
	}
	var diags diag.Diagnostics
	value, err := json.Marshal(made.Doubt)
	if err != nil {
		diags.AddError("Creation not noted", err.Error())
		return diags
	}
	diags.Append(private.SetKey(ctx, doubtKey, value)...)

	detail := fmt.Sprintf("Project %s (%q) in %s was created and is in state. The answer to a first request had been lost, and no project was to be seen, so that the request was sent again. ",
		made.Project.ID, made.Project.Name, made.Project.OwnerID)
	switch {
	case made.TwinErr != nil:
		detail += fmt.Sprintf("Whether the first request made a project as well could not be settled: %v. ", made.TwinErr)
	case len(made.DeletedTwins) > 0:
		detail += fmt.Sprintf("The first request had made a project as well: %s. It carried the mark of this creation, and was deleted. ", strings.Join(made.DeletedTwins, ", "))
	default:
		detail += "Neon may still carry the first one out, which would make a second project. "
	}
	diags.AddWarning(secondMayExist+made.Project.ID, detail+"Each refresh in the next 24 hours, and at least the next one, looks for a second project and names it.")
	return diags
}

// warnOfTwins names the second projects of a creation that was sent twice. It costs
// nothing where there was none, and changes nothing at Neon: the mark proves whose
// creation it was, but not that nobody uses the project by now.
func (r *projectResource) warnOfTwins(ctx context.Context, before privateGetter, after privateSetter) diag.Diagnostics {
	value, diags := before.GetKey(ctx, doubtKey)
	var doubt neon.CreationDoubt
	if err := json.Unmarshal(value, &doubt); err != nil || doubt.Token == "" {
		return diags
	}
	ctx, cancel := context.WithTimeout(ctx, leftoverTimeout)
	defer cancel()
	twins, err := r.client.FindTwins(ctx, doubt)
	if err != nil {
		diags.AddWarning(secondMayExist+doubt.KeptID,
			fmt.Sprintf("The creation of project %s was sent twice at %s, as a first answer was lost, and a second project could not be looked for. "+
				"The next refresh looks again; it needs a key that sees the projects of %s.\n\n%s",
				doubt.KeptID, doubt.SentAt.UTC().Format(time.RFC3339), orThatOfTheKey(doubt.OrgID), technical(err)))
		return diags
	}
	for _, twin := range twins {
		diags.AddWarning(secondExists+twin.ID,
			fmt.Sprintf("Project %s (%q) in %s was created at %s by the request that also created project %s, which is in state: a first answer was lost, the request was sent again, and Neon carried out both. "+
				"If nobody uses it, delete it in the Neon Console. To keep it, import it by its id into a resource of its own and give it another name. Until then each refresh names it.",
				twin.ID, twin.Name, twin.OwnerID, twin.CreatedAt.UTC().Format(time.RFC3339), doubt.KeptID))
	}
	if len(twins) == 0 && doubt.IsOver(r.client.Now()) {
		diags.Append(after.SetKey(ctx, doubtKey, []byte("null"))...)
	}
	return diags
}

func orThatOfTheKey(orgID string) string {
	if orgID == "" {
		return "the organization that it was created in"
	}
	return orgID
}
