package provider

import (
	"strings"
	"unicode/utf8"
)

// maxIDLength is the longest id that Neon's API takes, in characters.
const maxIDLength = 60

const lowerUUID = `^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`

var (
	orgIDPattern     = lazyPattern(`^org-(?:[a-z0-9]+-)+[0-9]+$`)
	projectIDPattern = lazyPattern(`^[a-z0-9-]{1,60}$`)
	uuidPattern      = lazyPattern(lowerUUID)

	// The rest recognises what people mix up; none of it decides by itself
	// that a value is good.
	anyUUIDPattern      = lazyPattern(`(?i)` + lowerUUID)
	madeProjectPattern  = lazyPattern(`^[a-z]+-[a-z]+-[0-9]{6,8}$`)
	branchPattern       = lazyPattern(`^br-[a-z]+-[a-z]+-[a-z0-9]+$`)
	endpointPattern     = lazyPattern(`^ep-[a-z]+-[a-z]+-[a-z0-9]+$`)
	orgIDAtEndPattern   = lazyPattern(`-(org-(?:[a-z0-9]+-)+[0-9]+)$`)
	orgIDInURLPattern   = lazyPattern(`/(org-(?:[a-z0-9]+-)+[0-9]+)(?:[/?#]|$)`)
	projectInURLPattern = lazyPattern(`/projects/([a-z0-9-]{1,60})(?:[/?#]|$)`)
)

// What kindOf says and others ask for.
const (
	kindKey      = "a Neon API key"
	kindURL      = "a URL"
	kindUUID     = "a UUID"
	kindProject  = "a project id"
	kindBranch   = "a branch id"
	kindEndpoint = "an endpoint id"
)

const (
	orgIDForm = "An organization id has the form org-<words>-<digits> in lower case, for example org-cool-breeze-12345678. " +
		"The organization's settings in the Neon Console show it, and so do the command \"neon orgs list\" and the data source neon_organizations."
	projectIDForm = "A project id consists of 1 to 60 lower-case letters, digits and hyphens, for example cool-breeze-12345678. " +
		"The project's settings in the Neon Console show it, and so do the command \"neon projects list\" and the data source neon_projects."
	uuidForm = "It is a UUID in lower case, for example 3fa85f64-5717-4562-b3fc-2c963f66afa6."
)

// orgIDValidator accepts ids of organizations.
func orgIDValidator() stringValidator {
	return stringValidator{
		description: "must be an organization id of the form `org-<words>-<digits>` in lower case, such as `org-cool-breeze-12345678`",
		check:       checkOrgID,
	}
}

// projectIDValidator accepts ids of projects.
func projectIDValidator() stringValidator {
	return stringValidator{
		description: "must be a project id, 1 to 60 lower-case letters, digits and hyphens, such as `cool-breeze-12345678`",
		check:       checkProjectID,
	}
}

// branchIDValidator accepts ids of branches.
func branchIDValidator() stringValidator {
	return partIDValidator(kindBranch, "br-cool-breeze-a1b2c3d4")
}

// endpointIDValidator accepts ids of compute endpoints.
func endpointIDValidator() stringValidator {
	return partIDValidator(kindEndpoint, "ep-cool-breeze-a1b2c3d4")
}

// partIDValidator accepts ids of what projects consist of: all that Neon takes for
// an id, unless it is recognised as another thing's.
func partIDValidator(kind, example string) stringValidator {
	form := " " + strings.ToUpper(kind[:1]) + kind[1:] + " consists of 1 to 60 lower-case letters, digits and hyphens, for example " + example + "."
	_, noun, _ := strings.Cut(kind, " ")
	return stringValidator{
		description: "must be " + kind + ", such as `" + example + "`",
		check: func(s string) *problem {
			isID := func(s string) bool {
				other := kindOf(s)
				return projectIDPattern().MatchString(s) && (other == "" || other == kind)
			}
			if isID(s) {
				return nil
			}
			mistake := spellingMistake(s, isID)
			if other := kindOf(s); mistake == "" && other != "" {
				mistake = mixUp(s, other, kind)
			}
			if mistake == "" {
				mistake = quote(s) + " has characters that no id has."
			}
			return newProblem("Invalid "+noun, mistake+form)
		},
	}
}

// transferRequestIDValidator accepts ids of transfer requests. Its messages
// never show the value, which is a secret.
func transferRequestIDValidator() stringValidator {
	return stringValidator{
		description: "must be the id of a transfer request, a UUID in lower case",
		check:       checkTransferRequestID,
	}
}

// uuidValidator accepts the UUIDs that Neon gives to members, users,
// invitations and the like. Both texts go into messages: what is the thing
// with its article ("a member id"), where a sentence on how to find one.
func uuidValidator(what, where string) stringValidator {
	return stringValidator{
		description: "must be " + what + ", a UUID in lower case",
		check:       func(s string) *problem { return checkUUID(s, what, where) },
	}
}

// isOrgID tells whether s is written as an organization's id.
func isOrgID(s string) bool {
	return len(s) <= maxIDLength && orgIDPattern().MatchString(s)
}

// isProjectID tells whether s can be a project's id. Neon's pattern alone
// would also accept the ids of other things.
func isProjectID(s string) bool {
	return projectIDPattern().MatchString(s) &&
		!isOrgID(s) && !branchPattern().MatchString(s) && !endpointPattern().MatchString(s)
}

func checkOrgID(s string) *problem {
	if isOrgID(s) {
		return nil
	}
	return newProblem("Invalid organization id", orgIDMistake(s)+" "+orgIDForm)
}

func orgIDMistake(s string) string {
	if mistake := spellingMistake(s, isOrgID); mistake != "" {
		return mistake
	}
	if found := orgIDInURLPattern().FindStringSubmatch(s); len(found) == 2 && isURL(s) {
		return "A URL was given; the organization id in it is " + found[1] + "."
	}
	switch kind := kindOf(s); {
	case kind == kindProject:
		return quote(s) + " looks like a project id, or like an organization id that lacks its \"org-\"."
	case kind != "":
		return mixUp(s, kind, "an organization id")
	}
	if !strings.HasPrefix(s, "org-") {
		if found := orgIDAtEndPattern().FindStringSubmatch(s); len(found) == 2 && isOrgID(found[1]) {
			return quote(s) + " looks like the organization's handle; the id in it is " + found[1] + "."
		}
		return quote(s) + " is not an id; it looks like the organization's name or handle."
	}
	if length := utf8.RuneCountInString(s); length > maxIDLength {
		return tooLong(s, length, maxIDLength)
	}
	return quote(s) + " begins like an organization id but is incomplete or has characters that no id has."
}

func checkProjectID(s string) *problem {
	if isProjectID(s) {
		return nil
	}
	return newProblem("Invalid project id", projectIDMistake(s)+" "+projectIDForm)
}

func projectIDMistake(s string) string {
	if mistake := spellingMistake(s, isProjectID); mistake != "" {
		return mistake
	}
	if found := projectInURLPattern().FindStringSubmatch(s); len(found) == 2 && isURL(s) && isProjectID(found[1]) {
		return "A URL was given; the project id in it is " + found[1] + "."
	}
	if kind := kindOf(s); kind != "" {
		return mixUp(s, kind, kindProject)
	}
	if length := utf8.RuneCountInString(s); length > maxIDLength {
		return tooLong(s, length, maxIDLength)
	}
	return quote(s) + " has characters that no id has; it looks like the project's name."
}

func checkTransferRequestID(s string) *problem {
	return checkUUID(s, "a transfer request id", "It is the \"id\" of a neon_project_transfer_request, and the part after \"tr=\" in a claim URL.")
}

// checkUUID accepts UUIDs in lower case, the only way that Neon writes and
// takes them. The value is not shown: some of these ids are secrets.
func checkUUID(s, what, where string) *problem {
	if uuidPattern().MatchString(s) {
		return nil
	}
	mistake := "The value is not " + what + "."
	switch kind := kindOf(strings.TrimSpace(s)); {
	case strings.TrimSpace(s) == "":
		mistake = "The value is empty."
	case s != strings.TrimSpace(s):
		mistake = "The value has blanks or line breaks around it."
	case anyUUIDPattern().MatchString(s):
		mistake = "The value has capital letters."
	case kind != "":
		mistake = "The value is " + kind + ", not " + what + "."
	}
	_, noun, _ := strings.Cut(what, " ")
	return newProblem("Invalid "+noun, mistake+" "+uuidForm+" "+where)
}

// spellingMistake is a sentence about a value that is empty, or that would be
// valid but for blanks around it or capitals; empty where that isn't it.
func spellingMistake(s string, valid func(string) bool) string {
	trimmed := strings.TrimSpace(s)
	lower := strings.ToLower(trimmed)
	switch {
	case trimmed == "":
		return "The value is empty."
	case trimmed != s && valid(trimmed):
		return quote(s) + " has blanks or line breaks around it: write " + quote(trimmed) + "."
	case lower != trimmed && valid(lower) && kindOf(trimmed) == "":
		return quote(s) + " has capital letters: write " + quote(lower) + " if it is the id, and look the id up if it is the name."
	default:
		return ""
	}
}

// kindOf says what a value is that was perhaps given for something else,
// with its article; empty where it can't tell.
func kindOf(s string) string {
	switch {
	case strings.Contains(s, "napi_"):
		return kindKey
	case isURL(s):
		return kindURL
	case isEmail(s):
		return "an e-mail address"
	case anyUUIDPattern().MatchString(s):
		return kindUUID
	case isOrgID(s):
		return "an organization id"
	case branchPattern().MatchString(s):
		return kindBranch
	case endpointPattern().MatchString(s):
		return kindEndpoint
	case madeProjectPattern().MatchString(s):
		return kindProject
	default:
		return ""
	}
}

// mixUp says that a thing of one kind was given for another. URLs carry
// passwords and claims, so they are shown as little as keys are; and so are
// UUIDs, for a transfer request's id is one.
func mixUp(s, kind, wanted string) string {
	switch kind {
	case kindKey, kindURL, kindUUID:
		return "The value is " + kind + ", not " + wanted + "."
	default:
		return quote(s) + " is " + kind + ", not " + wanted + "."
	}
}

func isURL(s string) bool { return strings.Contains(s, "://") }
