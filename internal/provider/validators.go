package provider

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// The checks in the validators_*.go files are plain functions from a value to
// an error; the types in this file hang them into schemas and functions.

var (
	_ validator.String                  = stringValidator{}
	_ function.StringParameterValidator = stringValidator{}
	_ validator.Int64                   = int64Validator{}
)

// lazyPattern is a pattern that is compiled when it is first asked for: a start of
// the provider that only tells its schema, of which every command has one or two,
// needs none.
func lazyPattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// problem is what is wrong with a value somebody typed in: a stable summary, and
// a paragraph of complete sentences that says what was given, what is expected,
// and what to do. A nil problem means that the value is good.
type problem struct {
	summary, detail string
}

// newProblem is nil where the detail is empty.
func newProblem(summary, detail string) *problem {
	if detail == "" {
		return nil
	}
	return &problem{summary: summary, detail: detail}
}

// quote shows a value of the configuration in a message, shortened to what
// still helps to recognise it. Never for a value that may be a secret.
func quote(s string) string {
	const most = 80
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// stringValidator makes a schema validator, and one for function parameters,
// of a check. Null and unknown values are not checked.
type stringValidator struct {
	description string // what a valid value is, in Markdown
	check       func(string) *problem
}

func (v stringValidator) Description(context.Context) string {
	return strings.ReplaceAll(v.description, "`", "")
}

func (v stringValidator) MarkdownDescription(context.Context) string {
	return v.description
}

func (v stringValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if p := v.check(req.ConfigValue.ValueString()); p != nil {
		resp.Diagnostics.AddAttributeError(req.Path, p.summary, p.detail)
	}
}

func (v stringValidator) ValidateParameterString(_ context.Context, req function.StringParameterValidatorRequest, resp *function.StringParameterValidatorResponse) {
	if req.Value.IsNull() || req.Value.IsUnknown() {
		return
	}
	resp.Error = argumentError(req.ArgumentPosition, v.check(req.Value.ValueString()))
}

// argumentError puts a problem on the argument of that index, counted from 0.
func argumentError(argument int64, p *problem) *function.FuncError {
	if p == nil {
		return nil
	}
	return function.NewArgumentFuncError(argument, p.summary+". "+p.detail)
}

// int64Validator makes a schema validator of a check of a whole number. Null
// and unknown values are not checked.
type int64Validator struct {
	description string // what a valid value is, in Markdown
	check       func(int64) *problem
}

func (v int64Validator) Description(context.Context) string {
	return strings.ReplaceAll(v.description, "`", "")
}

func (v int64Validator) MarkdownDescription(context.Context) string {
	return v.description
}

func (v int64Validator) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if p := v.check(req.ConfigValue.ValueInt64()); p != nil {
		resp.Diagnostics.AddAttributeError(req.Path, p.summary, p.detail)
	}
}
