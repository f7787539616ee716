package browser

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience bounds a test, so that a page that never comes ends it with an error.
const patience = 2 * time.Minute

// artefacts is where the pictures go, from this directory.
const artefacts = "../../../artefacts"

// tab is a page of a Chromium of the test's own, with an empty profile.
type tab struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // the handle of a browser's tab is a context
}

func open(t *testing.T) tab {
	t.Helper()
	output := new(bytes.Buffer)
	// A test's own context ends before its browser can be closed in order.
	timed, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	t.Cleanup(cancel)
	browser, cancelBrowser := chromedp.NewExecAllocator(timed, append(
		chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.CombinedOutput(output),
	)...)
	t.Cleanup(cancelBrowser)
	ctx, cancelTab := chromedp.NewContext(browser)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("closing Chromium: %v", err)
		}
		cancelTab()
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1100, 800)); err != nil {
		t.Fatalf("starting Chromium: %v\n%s", err, output)
	}
	return tab{t, ctx}
}

// chromium finds the browser, or skips the test and says so.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const missing = "there is no chromium on PATH, so the emulator's pages are not looked at with a browser"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing + "; with CI=true that is a failure")
	}
	t.Skip("SKIPPED: " + missing)
	return ""
}

func (b tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// visit opens an address and wants a status.
func (b tab) visit(address string, status int) {
	b.t.Helper()
	b.loads(status, chromedp.Navigate(address))
}

// click clicks on something that leads to another page, and wants its status.
func (b tab) click(selector string, status int) {
	b.t.Helper()
	b.loads(status, chromedp.Click(chromedp.CSS(selector)))
}

func (b tab) loads(status int, action chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	answer, err := chromedp.RunResponse(b.ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	if int(answer.Status) != status {
		b.t.Fatalf("%s answered %d, want %d: %s", answer.URL, answer.Status, status, b.text())
	}
}

// run asks the page for a value.
func run[T any](b tab, action chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

func (b tab) text() string {
	b.t.Helper()
	return run(b, chromedp.Text(chromedp.CSS("body")))
}

// says wants words on the page, as a reader sees them.
func (b tab) says(words ...string) {
	b.t.Helper()
	text := b.text()
	for _, word := range words {
		if !strings.Contains(text, word) {
			b.t.Errorf("the page doesn't say %q: %s", word, text)
		}
	}
}

// scheme is the user's preference for "light" or "dark" pages.
func (b tab) scheme(name string) {
	b.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, media); err != nil {
		b.t.Fatal(err)
	}
}

// picture writes what the page looks like into the artefacts.
func (b tab) picture(name string) {
	b.t.Helper()
	data := run(b, chromedp.FullScreenshot(100))
	if err := os.MkdirAll(artefacts, 0o750); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(artefacts, name+".png"), data, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
