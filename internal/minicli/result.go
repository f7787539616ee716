package minicli

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Action is what is done, or would be, with a resource.
type Action string

// The actions. Nothing stands for a resource that stays as it is.
const (
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
	Forget  Action = "forget" // it goes out of the state and stays where it is
	nothing Action = ""
)

// Result is what a command came to.
type Result struct {
	Diagnostics []Diagnostic
	// Violations are what no CLI lets a provider do. They count as errors.
	Violations []string
	// Actions are what was planned, by address.
	Actions map[string]Action
	// Shown are the values that data sources and list resources gave, and what was
	// open for a while, by address. There may be secrets among them.
	Shown map[string]any
	// Progress is what an action said while it ran.
	Progress []string
}

// Diagnostic is a warning or an error.
type Diagnostic struct {
	IsError         bool
	Address         string // of the resource, or empty for the provider's own
	Attribute       string // empty for none
	Summary, Detail string
}

// Failed tells whether the command ended with an error.
func (r *Result) Failed() bool { return len(r.Errors()) > 0 || len(r.Violations) > 0 }

// Errors are the diagnostics that are errors.
func (r *Result) Errors() []Diagnostic {
	var errors []Diagnostic
	for _, d := range r.Diagnostics {
		if d.IsError {
			errors = append(errors, d)
		}
	}
	return errors
}

// String gives all that was said.
func (r *Result) String() string {
	var b strings.Builder
	for _, d := range r.Diagnostics {
		kind := "Warning"
		if d.IsError {
			kind = "Error"
		}
		fmt.Fprintf(&b, "%s: %s\n  with %s %s\n%s\n", kind, d.Summary, d.Address, d.Attribute, d.Detail)
	}
	for _, message := range r.Progress {
		fmt.Fprintf(&b, "Progress: %s\n", message)
	}
	for _, violation := range r.Violations {
		fmt.Fprintf(&b, "Violation: %s\n", violation)
	}
	return b.String()
}

// add takes a provider's diagnostics over and tells whether there is an error
// among them.
func (r *Result) add(address string, diagnostics []*tfprotov6.Diagnostic) (failed bool) {
	for _, d := range diagnostics {
		own := Diagnostic{IsError: d.Severity == tfprotov6.DiagnosticSeverityError, Address: address, Summary: d.Summary, Detail: d.Detail}
		if d.Attribute != nil {
			own.Attribute = d.Attribute.String()
		}
		failed = failed || own.IsError
		r.Diagnostics = append(r.Diagnostics, own)
	}
	return failed
}

// interrupted is what a CLI says that was told to stop.
func (r *Result) interrupted() {
	r.Diagnostics = append(r.Diagnostics, Diagnostic{IsError: true, Summary: "Operation interrupted", Detail: "The CLI was told to stop."})
}

// prevented is what a CLI says of prevent_destroy.
func (r *Result) prevented(address string) {
	r.refused(address, "Instance cannot be destroyed", "It has lifecycle.prevent_destroy set, and the plan calls for it to be destroyed.")
}

func (r *Result) refused(address, summary, detail string) {
	r.Diagnostics = append(r.Diagnostics, Diagnostic{IsError: true, Address: address, Summary: summary, Detail: detail})
}

func (r *Result) violation(address, format string, args ...any) {
	r.Violations = append(r.Violations, address+": "+fmt.Sprintf(format, args...))
}
