package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// isUnset tells whether a value says nothing: null, or not known yet.
func isUnset(v attr.Value) bool { return v.IsNull() || v.IsUnknown() }

func stringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

func knownOrNull(s types.String) types.String {
	if s.IsUnknown() {
		return types.StringNull()
	}
	return s
}

// int64OrZero is Neon's value. Where Neon leaves it out, a zero that was there
// before stays: leaving out is how Neon says zero.
func int64OrZero(answer *int64, before types.Int64) types.Int64 {
	if answer == nil && !isUnset(before) && before.ValueInt64() == 0 {
		return before
	}
	return types.Int64PointerValue(answer)
}

// boolOrFalse is the same for flags.
func boolOrFalse(answer *bool, before types.Bool) types.Bool {
	if answer == nil && !isUnset(before) && !before.ValueBool() {
		return before
	}
	return types.BoolPointerValue(answer)
}

// known gives a pointer to the value, or nil where there is none to send.
func knownString(v types.String) *string {
	if isUnset(v) {
		return nil
	}
	return v.ValueStringPointer()
}

func knownInt64(v types.Int64) *int64 {
	if isUnset(v) {
		return nil
	}
	return v.ValueInt64Pointer()
}

func knownFloat64(v types.Float64) *float64 {
	if isUnset(v) {
		return nil
	}
	return v.ValueFloat64Pointer()
}

func knownBool(v types.Bool) *bool {
	if isUnset(v) {
		return nil
	}
	return v.ValueBoolPointer()
}
