package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// failure describes what the provider was doing when the client failed.
type failure struct {
	// summary is stable: people search for it.
	summary string
	// advice says what to do where the cause is a refusal of this very call. It
	// stands before the general advice for the kind of error.
	advice string
	// isAdvised: the advice says all there is to do, and general advice would
	// contradict it.
	isAdvised bool
	// at is the attribute to blame, if one is.
	at path.Path
}

// diagnostics turns a client's error into diagnostics. Each has the stable
// summary, a paragraph that says what to do, Neon's own words, and the status,
// code and request id. Refusals with several reasons become one each.
func (f failure) diagnostics(err error) diag.Diagnostics {
	var diags diag.Diagnostics
	reasons, advice := reasonsOf(err)
	if f.isAdvised {
		advice = ""
	}
	if len(reasons) == 0 {
		reasons = []string{""}
	}
	for _, reason := range reasons {
		paragraphs := []string{reason, f.advice, advice, technical(err)}
		detail := strings.Join(nonEmpty(paragraphs), "\n\n")
		if f.at.Equal(path.Empty()) {
			diags.AddError(f.summary, detail)
		} else {
			diags.AddAttributeError(f.at, f.summary, detail)
		}
	}
	return diags
}

// reasonsOf gives the reasons that a refusal names one by one, and general advice.
func reasonsOf(err error) (reasons []string, advice string) {
	if limits, ok := errors.AsType[*neon.LimitsError](err); ok {
		for _, l := range limits.Limits {
			reasons = append(reasons, fmt.Sprintf("The destination organization can't take this: %s is %q, and has to be %q.", l.Name, l.Actual, l.Expected))
		}
		return reasons, "What was refused stays where it is. Change the destination's plan or make room in it, or choose another destination, then apply again."
	}
	if integrations, ok := errors.AsType[*neon.IntegrationsError](err); ok {
		for _, p := range integrations.Projects {
			reasons = append(reasons, fmt.Sprintf("Project %s has a %s integration, and Neon does not move projects that have one.", p.ID, p.Integration))
		}
		return reasons, "Remove the integration in the Neon Console, then apply again."
	}
	if plan, ok := errors.AsType[*neon.PlanError](err); ok {
		for _, r := range plan.Reasons {
			reasons = append(reasons, r.Message)
		}
		return reasons, "The receiver's plan can't take the project, and nothing was moved. Change the plan, or let another account or organization accept it."
	}
	if failed, ok := errors.AsType[*neon.OperationFailedError](err); ok {
		return nil, fmt.Sprintf("Neon took the change on and then failed at it: %s (operation %s). "+
			"If applying again does not help, ask Neon's support and name the operation.", orUnsaid(failed.Operation.Error), failed.Operation.ID)
	}
	return nil, generalAdvice(err)
}

func generalAdvice(err error) string {
	switch {
	case neon.IsOutcomeUnknown(err):
		return "The change may have been made at Neon or not: the answer was lost, and looking did not settle it. " +
			"Look in the Neon Console, then apply again."
	case errors.Is(err, context.DeadlineExceeded):
		return "The time ran out before Neon was done. Apply again to continue; where the resource has a timeouts argument, it can allow more time."
	case errors.Is(err, context.Canceled):
		return "The run was interrupted. Apply again to continue."
	case neon.IsUnauthorized(err):
		return "Neon does not accept the API key: it is wrong, was revoked, or belongs to another Neon than base_url names. " +
			"Check api_key or NEON_API_KEY, and make a new key in the Neon Console if needed."
	case neon.IsForbidden(err):
		return "The API key may not do this. Check that its user or organization has the role that is needed, and that the plan includes it."
	case neon.IsNotFound(err):
		return "It does not exist, or the API key may not see it: Neon answers the same in both cases. " +
			"Check the id, and which organization the key belongs to."
	case neon.IsBusy(err):
		return "Neon is still at work on the project and takes no other change meanwhile. Nothing was changed. Apply again later; where the resource has a timeouts argument, it can allow more time."
	case neon.IsTooFast(err):
		return "Neon was asked for more than it allows an account in a minute, and went on refusing. Nothing was changed. Apply again later; lower requests_per_minute if other programs use the account, too."
	case isUnlikeNeon(err):
		return "The answer lacks what Neon's API documents, or is about something else, and asking again did not help, so it was not used. " +
			"Nothing was changed by this request. Apply again later. If that does not help, check base_url and any proxy between here and Neon, " +
			"and look for a newer version of the provider, as Neon's API may have changed."
	case neon.IsUnavailable(err):
		return "Neon gave no usable answer, and asking again did not help. Nothing was changed by this request. " +
			"Check base_url and the network, a proxy between here and Neon above all, and see https://neonstatus.com; then apply again."
	default:
		return ""
	}
}

// isUnlikeNeon reports whether the answer was there and was not believed.
func isUnlikeNeon(err error) bool {
	_, ok := errors.AsType[*neon.AnswerError](err)
	return ok
}

// technical gives Neon's own words, then status, code and request id.
func technical(err error) string {
	answer, ok := errors.AsType[*neon.Error](err)
	if !ok {
		return "The client says: " + err.Error()
	}
	var b strings.Builder
	if answer.Message != "" {
		fmt.Fprintf(&b, "Neon says: %s\n", answer.Message)
	}
	fmt.Fprintf(&b, "Status %d of %s %s", answer.Status, answer.Method, answer.Route)
	if answer.Code != "" {
		fmt.Fprintf(&b, ", code %s", answer.Code)
	}
	fmt.Fprintf(&b, ", request id %s.", answer.RequestID)
	return b.String()
}

func orUnsaid(reason string) string {
	if reason == "" {
		return "it gives no reason"
	}
	return reason
}

func nonEmpty(paragraphs []string) []string {
	var kept []string
	for _, p := range paragraphs {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return kept
}
