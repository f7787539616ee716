package provider

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.Int64Typable      = wholeNumberType{}
	_ basetypes.Int64Valuable     = wholeNumber{}
	_ xattr.ValidateableAttribute = wholeNumber{}
)

// wholeNumberType is the CustomType of an Int64Attribute that people may well
// set to a fraction. To plain Int64 attributes, 1.5 is a defect of the provider,
// which the framework asks them to report; here it is a mistake of theirs.
// The attribute's model field is a wholeNumber, which embeds a types.Int64.
type wholeNumberType struct {
	basetypes.Int64Type
}

// wholeNumber is a types.Int64 that remembers which number could not be one;
// it is unknown then, so that no other check looks at it.
type wholeNumber struct {
	basetypes.Int64Value
	refused string
}

// newWholeNumber is the wholeNumber of an Int64, null and unknown included.
func newWholeNumber(v basetypes.Int64Value) wholeNumber {
	return wholeNumber{Int64Value: v}
}

func (t wholeNumberType) Equal(other attr.Type) bool {
	_, same := other.(wholeNumberType)
	return same
}

func (t wholeNumberType) String() string { return "wholeNumberType" }

func (t wholeNumberType) ValueType(context.Context) attr.Value { return wholeNumber{} }

func (t wholeNumberType) ValueFromInt64(_ context.Context, v basetypes.Int64Value) (basetypes.Int64Valuable, diag.Diagnostics) {
	return newWholeNumber(v), nil
}

func (t wholeNumberType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	if in.IsKnown() && !in.IsNull() {
		var number big.Float
		if err := in.As(&number); err != nil {
			return nil, err
		}
		if _, accuracy := number.Int64(); accuracy != big.Exact {
			return wholeNumber{Int64Value: basetypes.NewInt64Unknown(), refused: number.Text('g', 20)}, nil
		}
	}
	v, err := t.Int64Type.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	whole, ok := v.(basetypes.Int64Value)
	if !ok {
		return nil, fmt.Errorf("unexpected value type %T", v)
	}
	return newWholeNumber(whole), nil
}

func (n wholeNumber) Type(context.Context) attr.Type { return wholeNumberType{} }

func (n wholeNumber) Equal(other attr.Value) bool {
	o, same := other.(wholeNumber)
	return same && n.Int64Value.Equal(o.Int64Value) && n.refused == o.refused
}

func (n wholeNumber) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if n.refused != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a whole number",
			n.refused+" was given where only whole numbers of at most 64 bits are possible. Write the number without a fraction.")
	}
}
