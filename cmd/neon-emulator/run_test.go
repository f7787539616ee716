package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// asProgram lets a test start this very binary as the program.
const asProgram = "NEON_EMULATOR_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	goleak.VerifyTestMain(m)
}

// ready is the line that the program prints when it listens.
type ready struct {
	APIURL     string `json:"api_url"`
	ControlURL string `json:"control_url"`
}

func readReady(t *testing.T, stdout io.Reader) ready {
	t.Helper()
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the program printed no line: %v", err)
	}
	var r ready
	if err := json.Unmarshal(line, &r); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return r
}

func status(t *testing.T, url, key string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}

func TestRunServesUntilTheContextEnds(t *testing.T) {
	seed := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(seed, []byte(`{"users":[{"email":"a@x.test","keys":["napi_a"]}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, into := io.Pipe()
	var stderr bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"--listen", "127.0.0.1:0", "--seed", seed}, into, &stderr) }()
	r := readReady(t, stdout)
	if got := status(t, r.APIURL+"/users/me", "napi_a"); got != http.StatusOK {
		t.Errorf("the API answered %d", got)
	}
	if got := status(t, r.ControlURL+"/state", ""); got != http.StatusOK {
		t.Errorf("the control API answered %d", got)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if !strings.Contains(stderr.String(), "path=/users/me") || strings.Contains(stderr.String(), "napi_a") {
		t.Errorf("the log should tell the request and not the key: %s", &stderr)
	}
}

func TestSignalsEndTheProgram(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(signal.String(), func(t *testing.T) {
			program, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), program, "--listen", "127.0.0.1:0", "--quiet")
			cmd.Env = append(os.Environ(), asProgram+"=1")
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			r := readReady(t, stdout)
			if got := status(t, r.APIURL+"/auth", "napi_partner_admin"); got != http.StatusOK {
				t.Errorf("the API answered %d", got)
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("%v: %s", err, &stderr)
			}
			if stderr.Len() > 0 {
				t.Errorf("--quiet printed %s", &stderr)
			}
		})
	}
}

func TestRunRefuses(t *testing.T) {
	garbled := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(garbled, []byte(`{"organizations":[{"id":"org-x-1","plan":"gold"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"not a loopback address":      {"--listen", "0.0.0.0:0"},
		"is not a loopback":           {"--listen", ":0"},
		"an address and a port":       {"--listen", "7777"},
		"can't read the seed":         {"--seed", filepath.Join(t.TempDir(), "none.json")},
		`plan "gold"`:                 {"--seed", garbled},
		"flag provided":               {"--colour"},
		`unexpected argument "start"`: {"start"},
		"can't be negative":           {"--latency", "-1s"},
		"can't listen on":             {"--listen", "127.0.0.1:99999"},
	} {
		err := run(t.Context(), args, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got error %v, want one that says %q", args, err, want)
		}
	}
}

func TestAllowRemote(t *testing.T) {
	if err := checkLoopback("0.0.0.0:7777", true); err != nil {
		t.Error(err)
	}
	for _, loopback := range []string{"127.0.0.1:7777", "localhost:0", "[::1]:0"} {
		if err := checkLoopback(loopback, false); err != nil {
			t.Error(err)
		}
	}
}

// TestHelpDocumentsTheDefaultWorld holds the text against the seed.
func TestHelpDocumentsTheDefaultWorld(t *testing.T) {
	var stderr bytes.Buffer
	if err := run(t.Context(), []string{"--help"}, io.Discard, &stderr); err != nil {
		t.Fatal(err)
	}
	help := stderr.String()
	seed := emulator.DefaultSeed()
	var facts []string
	for _, u := range seed.Users {
		facts = append(facts, u.Email, u.Keys[0].Secret)
	}
	for _, o := range seed.Organizations {
		facts = append(facts, o.ID, o.Plan)
		for _, m := range o.Members {
			facts = append(facts, m.Email+" ("+m.Role+")")
		}
		for _, k := range o.Keys {
			facts = append(facts, k.Secret)
		}
	}
	for _, fact := range append(facts, "--operation-delay", "--allow-remote") {
		if !strings.Contains(help, strings.TrimPrefix(fact, "-")) {
			t.Errorf("--help lacks %s", fact)
		}
	}
}
