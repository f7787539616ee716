package provider

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Neon's limits, in characters.
const (
	maxEmailLength       = 256
	maxProjectNameLength = 256
)

// emailValidator accepts one bare e-mail address.
func emailValidator() stringValidator {
	return stringValidator{
		description: "must be an e-mail address without a display name, of at most 256 characters",
		check:       checkEmail,
	}
}

// projectNameValidator accepts names of projects.
func projectNameValidator() stringValidator {
	return stringValidator{
		description: "must have 1 to 256 characters",
		check:       checkProjectName,
	}
}

// allowedIPValidator accepts an entry of a project's IP allow list.
func allowedIPValidator() stringValidator {
	return stringValidator{
		description: "must be an IP address, a range of them (`192.0.2.1-192.0.2.9`) or a block in CIDR notation, without blanks",
		check:       checkAllowedIP,
	}
}

// isEmail tells whether s is an e-mail address and nothing else.
func isEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	return err == nil && address.Name == "" && address.Address == s
}

func checkEmail(s string) *problem {
	return newProblem("Invalid e-mail address", emailMistake(s))
}

func emailMistake(s string) string {
	const form = " An address such as ann@example.com is expected: one, without a display name and without blanks."
	trimmed := strings.TrimSpace(s)
	length := utf8.RuneCountInString(s)
	switch {
	case trimmed == "":
		return "The value is empty." + form
	case length > maxEmailLength:
		return tooLong(s, length, maxEmailLength) + form
	case isEmail(s):
		return ""
	case isEmail(trimmed):
		return quote(s) + " has blanks or line breaks around it: write " + quote(trimmed) + "."
	}
	if bare, found := strings.CutPrefix(s, "mailto:"); found && isEmail(bare) {
		return quote(s) + " is a link: write " + quote(bare) + "."
	}
	if address, err := mail.ParseAddress(s); err == nil && isEmail(address.Address) {
		return quote(s) + " has more to it than the address: write " + quote(address.Address) + "."
	}
	if addresses, err := mail.ParseAddressList(s); err == nil && len(addresses) > 1 {
		return fmt.Sprintf("%s holds %d addresses.", quote(s), len(addresses)) + form
	}
	if kind := kindOf(s); kind != "" {
		return mixUp(s, kind, "an e-mail address") + form
	}
	return quote(s) + " is not an e-mail address." + form
}

func checkProjectName(s string) *problem {
	const summary = "Invalid project name"
	if s == "" {
		return newProblem(summary, "The name is empty. Give the project a name of 1 to 256 characters, or leave the name out: Neon then picks one.")
	}
	if length := utf8.RuneCountInString(s); length > maxProjectNameLength {
		return newProblem(summary, tooLong(s, length, maxProjectNameLength)+" Choose a shorter name.")
	}
	return nil
}

// checkAllowedIP refuses what can't be meant. Which addresses, ranges and
// blocks are taken is for Neon to say.
func checkAllowedIP(s string) *problem {
	const (
		summary = "Invalid allowed IP entry"
		form    = " An entry is an IP address, a range such as 192.0.2.1-192.0.2.9, or a block such as 192.0.2.0/24. " +
			"To let everybody connect, leave the list of entries empty."
	)
	if strings.TrimSpace(s) == "" {
		return newProblem(summary, "The entry is empty."+form)
	}
	if strings.ContainsFunc(s, unicode.IsSpace) {
		return newProblem(summary, "The entry "+quote(s)+" has blanks in it. Remove them, and make an entry of each address."+form)
	}
	return nil
}

func tooLong(s string, length, most int) string {
	return fmt.Sprintf("%s has %d characters; at most %d are possible.", quote(s), length, most)
}
