package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// startTimeout bounds the wait for the emulator's line that says it listens.
const startTimeout = 30 * time.Second

// runningEmulator is a neon-emulator that this program started.
type runningEmulator struct {
	apiURL string
	cmd    *exec.Cmd
	cancel context.CancelFunc
}

// startEmulator runs the emulator on a free loopback port and waits until it
// listens. It outlives ctx, so that stop always ends it in order.
func startEmulator(ctx context.Context, path, logPath string) (*runningEmulator, error) {
	log, err := os.Create(logPath)
	if err != nil {
		return nil, err
	}
	defer log.Close() //nolint:errcheck // the child has a descriptor of its own, nothing is written through this one

	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	cmd := command(running, path, "--listen", "127.0.0.1:0")
	cmd.Stderr = log
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, fmt.Errorf("starting the emulator: %w", err)
	}

	e := &runningEmulator{cmd: cmd, cancel: cancel}
	release := context.AfterFunc(ctx, cancel)
	timeout := time.AfterFunc(startTimeout, cancel)
	e.apiURL, err = readReady(stdout)
	release()
	timeout.Stop()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("waiting for the emulator to listen: %w; see %s", err, logPath), e.stop())
	}
	return e, nil
}

// stop asks the emulator to end and waits until it has.
func (e *runningEmulator) stop() error {
	e.cancel()
	if err := e.cmd.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("stopping the emulator: %w", err)
	}
	return nil
}

// readReady reads the one line that the emulator prints when it listens.
func readReady(r io.Reader) (apiURL string, err error) {
	var ready struct {
		APIURL string `json:"api_url"`
	}
	if err := json.NewDecoder(r).Decode(&ready); err != nil {
		return "", fmt.Errorf("reading its first line: %w", err)
	}
	if ready.APIURL == "" {
		return "", errors.New("its first line has no api_url")
	}
	return ready.APIURL, nil
}
