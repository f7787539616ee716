package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestStringValidator(t *testing.T) {
	t.Parallel()
	validate := func(value types.String) diag.Diagnostics {
		var resp validator.StringResponse
		orgIDValidator().ValidateString(t.Context(), validator.StringRequest{Path: path.Root("org_id"), ConfigValue: value}, &resp)
		return resp.Diagnostics
	}
	for _, value := range []types.String{types.StringNull(), types.StringUnknown(), types.StringValue("org-cool-breeze-12345678")} {
		if diags := validate(value); len(diags) != 0 {
			t.Errorf("%s: %v", value, diags)
		}
	}
	diags := validate(types.StringValue(""))
	want := diag.NewAttributeErrorDiagnostic(path.Root("org_id"), "Invalid organization id", "The value is empty. "+orgIDForm)
	if len(diags) != 1 || !diags[0].Equal(want) {
		t.Errorf("got %v, want %v", diags, want)
	}
}

func TestStringValidatorOnAParameter(t *testing.T) {
	t.Parallel()
	validate := func(value types.String) *function.FuncError {
		var resp function.StringParameterValidatorResponse
		orgIDValidator().ValidateParameterString(t.Context(), function.StringParameterValidatorRequest{ArgumentPosition: 2, Value: value}, &resp)
		return resp.Error
	}
	for _, value := range []types.String{types.StringNull(), types.StringUnknown(), types.StringValue("org-cool-breeze-12345678")} {
		if err := validate(value); err != nil {
			t.Errorf("%s: %v", value, err)
		}
	}
	if err := validate(types.StringValue("")); !err.Equal(function.NewArgumentFuncError(2, "Invalid organization id. The value is empty. "+orgIDForm)) {
		t.Errorf("got %v", err)
	}
}

func TestInt64Validators(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		validator validator.Int64
		value     types.Int64
		severity  diag.Severity
	}{
		{"null day", weekdayValidator(), types.Int64Null(), diag.SeverityInvalid},
		{"unknown day", weekdayValidator(), types.Int64Unknown(), diag.SeverityInvalid},
		{"Sunday", weekdayValidator(), types.Int64Value(7), diag.SeverityInvalid},
		{"eighth day", weekdayValidator(), types.Int64Value(8), diag.SeverityError},
		{"null lifetime", ttlSecondsValidator{}, types.Int64Null(), diag.SeverityInvalid},
		{"unknown lifetime", ttlSecondsValidator{}, types.Int64Unknown(), diag.SeverityInvalid},
		{"one second", ttlSecondsValidator{}, types.Int64Value(1), diag.SeverityInvalid},
		{"one week", ttlSecondsValidator{}, types.Int64Value(604800), diag.SeverityInvalid},
		{"more than a week", ttlSecondsValidator{}, types.Int64Value(604801), diag.SeverityWarning},
		{"no lifetime", ttlSecondsValidator{}, types.Int64Value(0), diag.SeverityError},
		{"negative lifetime", ttlSecondsValidator{}, types.Int64Value(-1), diag.SeverityError},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var resp validator.Int64Response
			c.validator.ValidateInt64(t.Context(), validator.Int64Request{Path: path.Root("it"), ConfigValue: c.value}, &resp)
			if c.severity == diag.SeverityInvalid {
				if len(resp.Diagnostics) != 0 {
					t.Fatal(resp.Diagnostics)
				}
				return
			}
			if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity() != c.severity {
				t.Fatalf("got %v, want one of severity %s", resp.Diagnostics, c.severity)
			}
		})
	}
}

func TestValidatorsDescribeThemselves(t *testing.T) {
	t.Parallel()
	for _, v := range []validator.Describer{
		orgIDValidator(), projectIDValidator(), transferRequestIDValidator(), uuidValidator("a member id", "…"),
		emailValidator(), projectNameValidator(), allowedIPValidator(), rfc3339Validator(), clockTimeValidator(),
		weekdayValidator(),
		ttlSecondsValidator{},
		redirectURLValidator(), claimURLValidator(), baseURLValidator(),
	} {
		plain, markdown := v.Description(t.Context()), v.MarkdownDescription(t.Context())
		if !strings.HasPrefix(plain, "must ") || strings.Contains(plain, "`") || strings.ReplaceAll(markdown, "`", "") != plain {
			t.Errorf("%T: %q, %q", v, plain, markdown)
		}
	}
}

func TestQuoteShortens(t *testing.T) {
	t.Parallel()
	if got := quote(strings.Repeat("é", 81)); got != `"`+strings.Repeat("é", 80)+`…"` {
		t.Error(got)
	}
}
