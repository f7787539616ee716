package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// program is the emulator in a process of its own.
type program struct {
	ready
	cmd    *exec.Cmd
	stderr *bytes.Buffer
}

func startProgram(t *testing.T, args ...string) program {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := program{cmd: exec.CommandContext(t.Context(), executable, append(args, "--listen", "127.0.0.1:0", "--quiet")...), stderr: new(bytes.Buffer)}
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	p.cmd.Stderr = p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.ready = readReady(t, stdout)
	return p
}

// kill ends the program as kill -9 does.
func (p program) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // it says that it was killed
}

// interrupt ends the program as Ctrl-C does.
func (p program) interrupt(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, p.stderr)
	}
}

// createProject makes a project and gives its id and its connection string; an
// error says that there was no answer.
func (p program) createProject(ctx context.Context, name string) (id, uri string, err error) {
	body := strings.NewReader(fmt.Sprintf(`{"project":{"org_id":"org-partner-acme-10000001","name":%q}}`, name))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.APIURL+"/projects", body)
	if err != nil {
		return "", "", err
	}
	r.Header.Set("Authorization", "Bearer napi_partner_admin")
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", "", err
	}
	defer http.DefaultClient.CloseIdleConnections()
	data, err := io.ReadAll(res.Body)
	if err := res.Body.Close(); err != nil {
		return "", "", err
	}
	var created struct {
		Project struct {
			ID string `json:"id"`
		} `json:"project"`
		ConnectionURIs []struct {
			ConnectionURI string `json:"connection_uri"`
		} `json:"connection_uris"`
	}
	if err != nil {
		return "", "", err
	}
	if err := json.Unmarshal(data, &created); err != nil {
		return "", "", err
	}
	if res.StatusCode != http.StatusCreated {
		return "", "", fmt.Errorf("answered %d: %s", res.StatusCode, data)
	}
	return created.Project.ID, created.ConnectionURIs[0].ConnectionURI, nil
}

// TestKillLosesNothingAnswered kills the program again and again while clients
// make projects: every project that was answered is there afterwards.
func TestKillLosesNothingAnswered(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world.json")
	seed := filepath.Join(t.TempDir(), "seed.json")
	many := emulator.DefaultSeed()
	// So that a write takes long enough to be killed in.
	many.Projects = []emulator.Project{{Name: "app %d", OrgID: "org-partner-acme-10000001", Count: 500}}
	data, err := json.Marshal(many)
	if err == nil {
		err = os.WriteFile(seed, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	var answered []string
	for round := range 5 {
		p := startProgram(t, "--persist", file, "--seed", seed, "--no-rate-limit")
		for _, id := range answered {
			if got := status(t, p.APIURL+"/projects/"+id, "napi_partner_admin"); got != http.StatusOK {
				t.Fatalf("project %s, which was answered, answers %d after kill -9", id, got)
			}
		}
		ids := make(chan string)
		ended := make(chan struct{})
		for n := range 4 {
			go func() {
				for {
					id, _, err := p.createProject(t.Context(), fmt.Sprintf("round %d client %d", round, n))
					if err != nil {
						ended <- struct{}{}
						return
					}
					ids <- id
				}
			}()
		}
		for clients, made := 4, 0; clients > 0; {
			select {
			case id := <-ids:
				answered = append(answered, id)
				if made++; made == 20+round {
					p.kill(t)
				}
			case <-ended:
				clients--
			}
		}
		if p.stderr.Len() > 0 {
			t.Errorf("the program said %s", p.stderr)
		}
	}
	if len(answered) < 5*20 {
		t.Errorf("only %d projects were answered", len(answered))
	}
}

func TestRunRefusesTheFile(t *testing.T) {
	directory := t.TempDir()
	file := filepath.Join(directory, "world.json")
	p := startProgram(t, "--persist", file)
	if err := run(t.Context(), []string{"--listen", "127.0.0.1:0", "--persist", file}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "another emulator") {
		t.Errorf("a file that another emulator uses gave error %v", err)
	}
	p.interrupt(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	truncated := whole[:len(whole)-len(whole)/4]
	if err := os.WriteFile(file, truncated, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"--listen", "127.0.0.1:0", "--persist", file}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "truncated") {
		t.Errorf("a truncated file gave error %v", err)
	}
	left, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(left, truncated) {
		t.Errorf("the file was changed (%v)", err)
	}
	missing := filepath.Join(directory, "none", "world.json")
	if err := run(t.Context(), []string{"--listen", "127.0.0.1:0", "--persist", missing}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a directory that isn't there gave error %v", err)
	}
}
