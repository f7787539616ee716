package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

var (
	clockTimePattern = lazyPattern(`^(?:[01][0-9]|2[0-3]):[0-5][0-9]$`)
	rfc3339Pattern   = lazyPattern(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})$`)
	dateOnlyPattern  = lazyPattern(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	zonelessPattern  = lazyPattern(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$`)
)

// rfc3339Validator accepts points in time such as 2026-01-31T00:00:00Z.
func rfc3339Validator() stringValidator {
	return stringValidator{
		description: "must be a time in RFC 3339 format, such as `2026-01-31T00:00:00Z`",
		check:       checkRFC3339,
	}
}

// clockTimeValidator accepts times of day in UTC, HH:MM.
func clockTimeValidator() stringValidator {
	return stringValidator{
		description: "must be a time of day in UTC, `00:00` to `23:59`",
		check:       checkClockTime,
	}
}

// weekdayValidator accepts days of the week as Neon counts them.
func weekdayValidator() int64Validator {
	return int64Validator{
		description: "must be 1 (Monday) to 7 (Sunday)",
		check:       checkWeekday,
	}
}

func checkRFC3339(s string) *problem {
	return newProblem("Invalid time", rfc3339Mistake(s))
}

func rfc3339Mistake(s string) string {
	const form = " A time in RFC 3339 format is expected, for example 2026-01-31T00:00:00Z or 2026-01-31T02:00:00+02:00."
	switch {
	case isRFC3339(s):
		return ""
	case strings.TrimSpace(s) == "":
		return "The value is empty." + form
	case dateOnlyPattern().MatchString(s) && isRFC3339(s+"T00:00:00Z"):
		return quote(s) + " is a date without a time of day: write " + quote(s+"T00:00:00Z") + " for its beginning in UTC."
	case zonelessPattern().MatchString(s) && isRFC3339(s+"Z"):
		return quote(s) + " lacks the time zone: write " + quote(s+"Z") + " for UTC."
	default:
		return quote(s) + " is not such a time." + form
	}
}

// isRFC3339 asks the pattern too, since time.Parse lets a comma before the
// fraction and an hour of one digit pass.
func isRFC3339(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil && rfc3339Pattern().MatchString(s)
}

func checkClockTime(s string) *problem {
	return newProblem("Invalid time of day", clockTimeMistake(s))
}

func clockTimeMistake(s string) string {
	const form = " A time of day is written HH:MM, from 00:00 to 23:59, in UTC."
	switch {
	case clockTimePattern().MatchString(s):
		return ""
	case strings.TrimSpace(s) == "":
		return "The value is empty." + form
	case clockTimePattern().MatchString("0" + s):
		return quote(s) + " has an hour of one digit: write " + quote("0"+s) + "."
	case s == "24:00":
		return "\"24:00\" is no time of day: write \"00:00\"." + form
	case len(s) > 5 && clockTimePattern().MatchString(s[:5]):
		return quote(s) + " has more to it than hours and minutes." + form
	default:
		return quote(s) + " is not a time of day." + form
	}
}

func checkWeekday(day int64) *problem {
	if day >= 1 && day <= 7 {
		return nil
	}
	detail := fmt.Sprintf("There is no weekday %d. Weekdays are numbered from 1 (Monday) to 7 (Sunday).", day)
	if day == 0 {
		detail += " Write 7 for Sunday."
	}
	return newProblem("Invalid weekday", detail)
}

// longestDocumentedTTL is the longest lifetime of a transfer request that
// Neon's documentation shows, in seconds: one week. Neon documents no limit,
// so that a longer one is only warned about.
const longestDocumentedTTL = 604800

var _ validator.Int64 = ttlSecondsValidator{}

// ttlSecondsValidator accepts lifetimes of transfer requests, in seconds from
// 1, and warns of those above longestDocumentedTTL.
type ttlSecondsValidator struct{}

func (ttlSecondsValidator) Description(context.Context) string {
	return "must be at least 1 second; more than 604800 (one week) is not documented by Neon"
}

func (v ttlSecondsValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (ttlSecondsValidator) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	ttl := req.ConfigValue.ValueInt64()
	if p := checkTTLSeconds(ttl); p != nil {
		resp.Diagnostics.AddAttributeError(req.Path, p.summary, p.detail)
	}
	if p := doubtTTLSeconds(ttl); p != nil {
		resp.Diagnostics.AddAttributeWarning(req.Path, p.summary, p.detail)
	}
}

func checkTTLSeconds(ttl int64) *problem {
	if ttl >= 1 {
		return nil
	}
	return newProblem("Invalid lifetime of a transfer request",
		fmt.Sprintf("A transfer request can't live for %d seconds. Give at least 1, or leave the attribute out for 86400 (one day).", ttl))
}

func doubtTTLSeconds(ttl int64) *problem {
	if ttl <= longestDocumentedTTL {
		return nil
	}
	return newProblem("Unusually long lifetime of a transfer request",
		fmt.Sprintf("%d seconds are more than %d (one week), the longest lifetime that Neon documents. "+
			"Neon may refuse or shorten it, and whoever has the claim URL can take the project until it expires.", ttl, longestDocumentedTTL))
}
