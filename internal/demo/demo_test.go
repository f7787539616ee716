package main

import (
	"slices"
	"strings"
	"testing"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		answer string
		want   version
		usable bool
	}{
		{"OpenTofu", "OpenTofu v1.12.6\non linux_amd64\n", version{"OpenTofu", "1.12.6", 1, 12}, true},
		{"oldest usable", "Terraform v1.11.0\non linux_amd64\n", version{"Terraform", "1.11.0", 1, 11}, true},
		{"too old", "Terraform v1.9.8\non linux_amd64\n\nYour version of Terraform is out of date!\n", version{"Terraform", "1.9.8", 1, 9}, false},
		{"next major", "OpenTofu v2.0.0-beta1\n", version{"OpenTofu", "2.0.0-beta1", 2, 0}, true},
		{"previous major", "Terraform v0.15.5\n", version{"Terraform", "0.15.5", 0, 15}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseVersion(tc.answer)
			if err != nil {
				t.Fatal(err)
			}
			if got != tc.want || got.usable() != tc.usable {
				t.Errorf("got %+v, usable %t; want %+v, usable %t", got, got.usable(), tc.want, tc.usable)
			}
		})
	}
	if _, err := parseVersion("GNU Make 4.3\n"); err == nil {
		t.Error("the answer of another program was accepted")
	}
}

func TestParseClaimURL(t *testing.T) {
	t.Parallel()
	const request = "7f2b5e1c-7a39-4c55-9d3f-0a8f6c1d2e3b"
	const link = "https://console.neon.tech/app/claim?p=quiet-sun-12345678&tr=" + request + "&ru=https%3A%2F%2Fapp.example.com%2F%3Fp%3D1"
	got, err := parseClaimURL(link)
	if err != nil {
		t.Fatal(err)
	}
	if want := (claim{link, "quiet-sun-12345678", request}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, link := range []string{"", "https://console.neon.tech/app/claim", "https://console.neon.tech/app/claim?p=a", "://"} {
		if _, err := parseClaimURL(link); err == nil {
			t.Errorf("%q was accepted", link)
		}
	}
}

func TestParseOutputs(t *testing.T) {
	t.Parallel()
	got, err := parseOutputs(`{"claim_url":{"sensitive":true,"type":"string","value":"https://example.com"},"n":{"value":2}}`)
	if err != nil {
		t.Fatal(err)
	}
	if got["claim_url"] != "https://example.com" || got["n"] != 2.0 {
		t.Errorf("got %v", got)
	}
	if _, err := parseOutputs("╷ Error"); err == nil {
		t.Error("an answer that is no JSON was accepted")
	}
}

func TestReadReady(t *testing.T) {
	t.Parallel()
	got, err := readReady(strings.NewReader(`{"api_url":"http://127.0.0.1:7777/api/v2","control_url":"http://127.0.0.1:7777/_emulator"}` + "\n"))
	if err != nil || got != "http://127.0.0.1:7777/api/v2" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, line := range []string{"", "listening\n", "{}\n"} {
		if _, err := readReady(strings.NewReader(line)); err == nil {
			t.Errorf("%q was accepted", line)
		}
	}
}

func TestCLIEnv(t *testing.T) {
	t.Parallel()
	environ := []string{"PATH=/bin", "TF_LOG=trace", "NEON_API_KEY=napi_of_the_user", "TF_CLI_CONFIG_FILE=/missing"}
	got := cliEnv(environ, "mirror.tfrc", "http://127.0.0.1:1/api/v2")
	for _, want := range []string{"PATH=/bin", "TF_CLI_CONFIG_FILE=mirror.tfrc", "NEON_API_KEY=" + partnerKey, "NEON_API_HOST=http://127.0.0.1:1/api/v2"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
	for _, entry := range environ[1:] {
		if slices.Contains(got, entry) {
			t.Errorf("%q of the user's environment was passed on", entry)
		}
	}
	if len(environ) != 4 || environ[1] != "TF_LOG=trace" {
		t.Errorf("the caller's slice was changed: %q", environ)
	}
}

func TestLineWith(t *testing.T) {
	t.Parallel()
	text := "neon_project.customer: Creating...\n\nApply complete! Resources: 2 added, 0 changed, 0 destroyed.\n\nOutputs:\n"
	if got, want := lineWith(text, "Apply complete!"), "Apply complete! Resources: 2 added, 0 changed, 0 destroyed."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := lineWith(text, "No changes."); !strings.Contains(got, "No changes.") {
		t.Errorf("a missing line is reported as %q", got)
	}
}
