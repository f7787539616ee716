package main

import (
	"context"
	"os"
	"os/exec"
	"time"
)

// stopDelay is how long a child may take to end after it was asked to.
const stopDelay = 15 * time.Second

// command prepares a child that is asked to end when ctx does, and is killed when
// it doesn't.
func command(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopDelay
	ownGroup(cmd)
	return cmd
}
