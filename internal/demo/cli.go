package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The oldest release that the provider works with, of Terraform and of OpenTofu.
const (
	minMajor = 1
	minMinor = 11
)

// version is what a CLI says about itself.
type version struct {
	product      string // "Terraform" or "OpenTofu"
	number       string // such as "1.12.6"
	major, minor int
}

func (v version) usable() bool {
	return v.major > minMajor || v.major == minMajor && v.minor >= minMinor
}

var versionLine = regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v((\d+)\.(\d+)\S*)`)

// parseVersion reads the answer of `terraform version` or `tofu version`.
func parseVersion(answer string) (version, error) {
	match := versionLine.FindStringSubmatch(answer)
	if match == nil {
		return version{}, fmt.Errorf("the answer to `version` names neither Terraform nor OpenTofu: %q", answer)
	}
	major, majorErr := strconv.Atoi(match[3])
	minor, minorErr := strconv.Atoi(match[4])
	return version{match[1], match[2], major, minor}, errors.Join(majorErr, minorErr)
}

// findCLI returns the absolute path of the CLI to use: the one that TF_CLI names,
// else terraform or tofu on PATH, else the OpenTofu in .tools, built now when it
// isn't there yet.
func findCLI(ctx context.Context) (string, error) {
	if name := os.Getenv("TF_CLI"); name != "" {
		path, v, err := probe(ctx, name)
		if err != nil {
			return "", fmt.Errorf("TF_CLI=%s can't be used: %w", name, err)
		}
		say("Using %s %s, which TF_CLI names (%s).", v.product, v.number, path)
		return path, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		path, v, err := probe(ctx, name)
		switch {
		case errors.Is(err, exec.ErrNotFound):
		case err != nil:
			say("Not using %s from PATH: %s.", name, err)
		default:
			say("Using %s %s from PATH (%s).", v.product, v.number, path)
			return path, nil
		}
	}
	// Also where the file exists already: make knows whether it is current.
	if err := makeCLI(ctx); err != nil {
		return "", err
	}
	path, v, err := probe(ctx, builtCLI)
	if err != nil {
		return "", fmt.Errorf("the OpenTofu that make built can't be used: %w", err)
	}
	say("Using %s %s, built from source (%s).", v.product, v.number, builtCLI)
	return path, nil
}

// probe looks a CLI up by name or path and asks for its version. The error says
// why it can't be used.
func probe(ctx context.Context, name string) (path string, v version, err error) {
	if path, err = exec.LookPath(name); err != nil {
		return "", version{}, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", version{}, err
	}
	answer, err := cli{path: path, env: cliEnv(os.Environ(), os.DevNull, "")}.run(ctx, "version")
	if err != nil {
		return "", version{}, err
	}
	if v, err = parseVersion(answer); err != nil {
		return "", version{}, err
	}
	if !v.usable() {
		return "", version{}, fmt.Errorf("it is %s %s, and the provider needs %d.%d or newer", v.product, v.number, minMajor, minMinor)
	}
	return path, v, nil
}

func makeCLI(ctx context.Context) error {
	cmd := command(ctx, "make", "--silent", "tofu")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("neither terraform nor tofu (%d.%d or newer) is on PATH, and `make tofu` failed: %w", minMajor, minMinor, err)
	}
	return nil
}

// cliEnv is the environment for a CLI: the user's without what would change its
// behaviour, and the partner's settings for the provider.
func cliEnv(environ []string, config, apiURL string) []string {
	env := slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		return strings.HasPrefix(entry, "TF_") || strings.HasPrefix(entry, "NEON_")
	})
	return append(
		env,
		"TF_CLI_CONFIG_FILE="+config, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1",
		"NEON_API_KEY="+partnerKey, "NEON_ORG_ID="+partnerOrg, "NEON_API_HOST="+apiURL,
	)
}

// cli runs one Terraform or OpenTofu in one directory.
type cli struct {
	path string
	dir  string
	env  []string
}

// run runs the CLI and returns what it wrote to standard output. When it exits
// with anything but 0, the error holds all that it printed.
func (c cli) run(ctx context.Context, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := command(ctx, c.path, args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("`%s %s`: %w\n%s%s", filepath.Base(c.path), strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return stdout.String(), nil
}
