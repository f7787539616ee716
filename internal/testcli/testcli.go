// Package testcli finds the CLI that tests run.
package testcli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Find gives the path of the CLI: the one that TF_ACC_TERRAFORM_PATH names, else
// what `make` has built, else one on the PATH; empty without one.
func Find() string {
	if named := os.Getenv("TF_ACC_TERRAFORM_PATH"); named != "" {
		return named
	}
	root, err := root()
	if err == nil {
		for _, built := range []string{"tofu", "terraform"} {
			path := filepath.Join(root, ".tools", built)
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
	}
	for _, installed := range []string{"tofu", "terraform"} {
		if path, err := exec.LookPath(installed); err == nil {
			return path
		}
	}
	return ""
}

// Require is Find for a test, which is skipped without a CLI.
func Require(tb testing.TB) string {
	tb.Helper()
	cli := Find()
	if cli == "" {
		tb.Skip("there is neither OpenTofu nor Terraform; run `make tofu`")
	}
	return cli
}

// RegistryHost is where a CLI looks providers up whose source names no host.
func RegistryHost(cli string) string {
	if IsTofu(cli) {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

// IsTofu tells which of the two it is. OpenTofu tells in no other way.
func IsTofu(cli string) bool {
	if cli == "" {
		return false
	}
	return strings.HasPrefix(Version(cli), "OpenTofu")
}

// Version gives what `version` prints, such as "Terraform v1.14.0".
func Version(cli string) string {
	version, _ := exec.CommandContext(context.Background(), cli, "version").Output()
	return string(version)
}

// Root is the checkout, above the directory that a test runs in.
func Root(tb testing.TB) string {
	tb.Helper()
	dir, err := root()
	if err != nil {
		tb.Fatal(err)
	}
	return dir
}

func root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod in any directory above")
		}
		dir = parent
	}
}
