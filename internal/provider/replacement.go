package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// createPlannedKey marks, in private state, what is planned to be created. The
// destruction that comes before it in a replacement sees the mark too, and one that
// comes for its own sake does not.
const createPlannedKey = "create_planned"

// noteCreated takes the mark off what has been created.
func noteCreated(ctx context.Context, private privateSetter) diag.Diagnostics {
	return private.SetKey(ctx, createPlannedKey, []byte("false"))
}

// isReplacement reports whether a destruction makes room for a new object.
func isReplacement(ctx context.Context, private privateGetter) (bool, diag.Diagnostics) {
	mark, diags := private.GetKey(ctx, createPlannedKey)
	return string(mark) == "true", diags
}
