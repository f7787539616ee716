package provider

import (
	"regexp"
	"strings"
	"testing"
)

// A good value has no hint; a bad one has a piece of its diagnostic's detail.
type checkCase struct {
	name  string
	value string
	hint  string
}

func runChecks(t *testing.T, check func(string) *problem, summary string, cases []checkCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := check(c.value)
			switch {
			case p == nil && c.hint != "":
				t.Fatalf("%q was accepted", c.value)
			case p != nil && c.hint == "":
				t.Fatalf("%q was refused: %s", c.value, p.detail)
			case p == nil:
				return
			}
			if p.summary != summary {
				t.Errorf("summary %q, want %q", p.summary, summary)
			}
			if !strings.Contains(p.detail, c.hint) {
				t.Errorf("detail %q lacks %q", p.detail, c.hint)
			}
		})
	}
}

const someUUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"

func TestCheckOrgID(t *testing.T) {
	t.Parallel()
	long := "org-" + strings.Repeat("a", 60) + "-1"
	runChecks(t, checkOrgID, "Invalid organization id", []checkCase{
		{"two words", "org-cool-breeze-12345678", ""},
		{"one word", "org-example-12345678", ""},
		{"three words", "org-old-cool-breeze-12345678", ""},
		{"word of digits", "org-2-breeze-1", ""},
		{"60 characters", "org-" + strings.Repeat("a", 54) + "-1", ""},
		{"empty", "", "The value is empty."},
		{"blank", " \t", "The value is empty."},
		{"trailing blank", "org-cool-breeze-12345678 ", `write "org-cool-breeze-12345678"`},
		{"line break", "org-cool-breeze-12345678\n", "blanks or line breaks"},
		{"capitals", "Org-Cool-1", `write "org-cool-1" if it is the id`},
		{"project id", "cool-breeze-12345678", "looks like a project id"},
		{"name", "Acme Corporation", "name or handle"},
		{"short handle", "acme", "name or handle"},
		{"handle with id", "example-organization-org-example-12345678", "the id in it is org-example-12345678."},
		{"prefix alone", "org-", "incomplete"},
		{"no digits", "org-cool-breeze", "incomplete"},
		{"no words", "org-12345678", "incomplete"},
		{"placeholder", "org-xxxxxxxx-xxxxxxxx", "incomplete"},
		{"double hyphen", "org-cool--breeze-12345678", "incomplete"},
		{"underscore", "org-cool_breeze-12345678", "characters that no id has"},
		{"too long", long, "has 66 characters; at most 60"},
		{"e-mail", "owner@customer.test", "is an e-mail address"},
		{"UUID", someUUID, "is a UUID"},
		{"branch", "br-cool-forest-a1b2c3d4", "is a branch id"},
		{"URL of the organization", "https://console.neon.tech/app/org-cool-breeze-12345678/projects", "the organization id in it is org-cool-breeze-12345678."},
		{"URL", "https://console.neon.tech/app/projects", "is a URL"},
		{"API key", "napi_abcdef", "is a Neon API key"},
		{"not UTF-8", "org-\xff-1", "incomplete or has characters"},
	})
}

func TestCheckProjectID(t *testing.T) {
	t.Parallel()
	runChecks(t, checkProjectID, "Invalid project id", []checkCase{
		{"usual", "cool-breeze-12345678", ""},
		{"six digits", "winter-boat-259881", ""},
		{"anything in Neon's pattern", "x", ""},
		{"60 characters", strings.Repeat("a", 60), ""},
		{"empty", "", "The value is empty."},
		{"leading blank", " cool-breeze-12345678", `write "cool-breeze-12345678"`},
		{"capitals", "Cool-Breeze-12345678", `write "cool-breeze-12345678"`},
		{"organization", "org-cool-breeze-12345678", "is an organization id, not a project id"},
		{"branch", "br-cool-forest-a1b2c3d4", "is a branch id, not a project id"},
		{"endpoint", "ep-cool-forest-a1b2c3d4", "is an endpoint id, not a project id"},
		{"name", "my project", "project's name"},
		{"URL of the project", "https://console.neon.tech/app/projects/cool-breeze-12345678?database=neondb", "the project id in it is cool-breeze-12345678."},
		{"connection string", "postgresql://u:p@ep-cool-forest-a1b2c3d4.neon.tech/neondb", "is a URL"},
		{"too long", strings.Repeat("a", 61), "has 61 characters"},
		{"e-mail", "owner@customer.test", "is an e-mail address"},
		{"API key", "napi_abcdef", "is a Neon API key"},
	})
}

func TestCheckTransferRequestID(t *testing.T) {
	t.Parallel()
	runChecks(t, checkTransferRequestID, "Invalid transfer request id", []checkCase{
		{"UUID", someUUID, ""},
		{"empty", "", "The value is empty."},
		{"capitals", strings.ToUpper(someUUID), "capital letters"},
		{"blanks", someUUID + " ", "blanks or line breaks"},
		{"no hyphens", strings.ReplaceAll(someUUID, "-", ""), "is not a transfer request id"},
		{"braces", "{" + someUUID + "}", "is not a transfer request id"},
		{"project", "cool-breeze-12345678", "is a project id, not a transfer request id"},
		{"claim URL", "https://console.neon.tech/app/claim?p=a&tr=" + someUUID, "is a URL"},
	})
}

func TestUUIDValidatorNamesWhatItWants(t *testing.T) {
	t.Parallel()
	p := uuidValidator("a member id", "The data source neon_org_members lists them.").check("ann@example.com")
	if p == nil {
		t.Fatal("an e-mail address was accepted")
	}
	want := problem{"Invalid member id", "The value is an e-mail address, not a member id. " +
		"It is a UUID in lower case, for example 3fa85f64-5717-4562-b3fc-2c963f66afa6. The data source neon_org_members lists them."}
	if *p != want {
		t.Errorf("got %q", *p)
	}
}

// What may be a secret must not get into a message, and so into CI logs.
func TestMessagesDontShowSecrets(t *testing.T) {
	t.Parallel()
	for name, check := range map[string]func(string) *problem{
		"organization": checkOrgID, "project": checkProjectID, "transfer request": checkTransferRequestID,
		"e-mail": checkEmail, "redirect": checkRedirectURL,
		"base URL":  func(s string) *problem { _, p := parseBaseURL(s); return p },
		"claim URL": func(s string) *problem { _, p := parseClaimURL(s); return p },
	} {
		for _, value := range []string{
			"napi_hush",
			" napi_hush\n",
			"postgresql://owner:hush@ep-cool-forest-a1b2c3d4.neon.tech/neondb",
			"https://owner:hush@example.com/",
			"https://console.neon.tech/app/claim?p=x&tr=hush",
			"http://example.com/?key=hush",
		} {
			if p := check(value); p != nil && strings.Contains(p.detail, "hush") {
				t.Errorf("%s: %s", name, p.detail)
			}
		}
	}
}

func FuzzOrgID(f *testing.F) {
	pattern := regexp.MustCompile(`^org(-[a-z0-9]+)+-[0-9]+$`)
	f.Fuzz(func(t *testing.T, s string) {
		want := len(s) <= 60 && pattern.MatchString(s)
		p := checkOrgID(s)
		if (p == nil) != want || isOrgID(s) != want {
			t.Fatalf("%q: valid %v, problem %v", s, want, p)
		}
		if p != nil && !strings.Contains(p.detail, "org-cool-breeze-12345678") {
			t.Fatalf("%q: the form is missing in %q", s, p.detail)
		}
	})
}

func FuzzProjectID(f *testing.F) {
	pattern := regexp.MustCompile(`^[a-z0-9-]{1,60}$`)
	f.Fuzz(func(t *testing.T, s string) {
		p := checkProjectID(s)
		if p == nil && !pattern.MatchString(s) {
			t.Fatalf("%q was accepted", s)
		}
		if p != nil && pattern.MatchString(s) && kindOf(s) == "" {
			t.Fatalf("%q was refused: %s", s, p.detail)
		}
	})
}

func FuzzTransferRequestID(f *testing.F) {
	f.Fuzz(func(t *testing.T, s string) {
		p := checkTransferRequestID(s)
		if (p == nil) != uuidPattern().MatchString(s) {
			t.Fatalf("%q: %v", s, p)
		}
	})
}
