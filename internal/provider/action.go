package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// timedAction is the part that the configurations of all actions have.
type timedAction struct {
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (a timedAction) timeouts() timeouts.Value { return a.Timeouts }

// invoke does what all actions do around their work: read the configuration, bound
// the time, and hand on what the work has to say while it runs and at the end.
func invoke[Config interface{ timeouts() timeouts.Value }](
	ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse, limit time.Duration,
	work func(ctx context.Context, config Config, say func(format string, args ...any)) diag.Diagnostics,
) {
	var config Config
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := config.timeouts().Invoke(ctx, limit)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	say := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	resp.Diagnostics.Append(work(ctx, config, say)...)
}

func actionTimeouts(ctx context.Context, description string) schema.Attribute {
	return timeouts.AttributesWithOpts(ctx, timeouts.Opts{InvokeDescription: description})
}
