package provider

import "testing"

// TestModules runs the tests that the modules bring along as their user would: with
// the built provider, and the CLI's own `test` command.
func TestModules(t *testing.T) {
	t.Parallel()
	for module, summary := range map[string]string{
		"organization": "3 passed, 0 failed",
		"tenant":       "5 passed, 0 failed",
	} {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			newWorld(t).runModuleTests(filesOf(t, "modules", module), summary)
		})
	}
}
