// Package browser holds the tests that look at the emulator's pages with
// Chromium. It has no code of its own.
//
// Without Chromium they are skipped, and with CI=true they then fail. Pictures
// of the pages are left in artefacts/ at the root of the checkout.
package browser
