package main

import (
	"bytes"
	"path/filepath"
	"testing"
)

// TestStartLogsNothingThatNobodyReads: the plugin framework's log costs as much as
// the schema, and a CLI throws it away unless it was asked for it.
func TestStartLogsNothingThatNobodyReads(t *testing.T) {
	t.Parallel()
	checkout, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{checkout: checkout, dir: t.TempDir()}
	if err := b.build(t.Context(), ours); err != nil {
		t.Fatal(err)
	}
	const framework = `"@module":"sdk.`
	for setting, want := range map[string]bool{"TF_LOG=": false, "TF_LOG=TRACE": true, "TF_LOG_PROVIDER=TRACE": true} {
		var log bytes.Buffer
		if _, _, err := b.start(t.Context(), ours, &log, setting); err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(log.Bytes(), []byte(framework)); got != want {
			t.Errorf("with %s the framework's log being written is %t: %s", setting, got, log.String())
		}
	}
}
