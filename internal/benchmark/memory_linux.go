package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// watchMemory looks at the processes that run a binary, until the function that it
// gives is called, which tells the most that one of them had resident, in bytes.
func watchMemory(binary string) func() int64 {
	// Looking for processes takes long enough to be felt by what is measured.
	const pause, pausesBetweenSearches = 25 * time.Millisecond, 8
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		var peak int64
		var pids []int
		for round := 0; ; round++ {
			if round%pausesBetweenSearches == 0 {
				pids = processesOf(binary)
			}
			for _, pid := range pids {
				peak = max(peak, statusBytes(pid, "VmHWM:"))
			}
			select {
			case <-stop:
				most <- peak
				return
			case <-time.After(pause):
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-most
	}
}

func processesOf(binary string) []int {
	var pids []int
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == binary {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(link)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// statusBytes reads a size out of a process's status; 0 when it has ended.
func statusBytes(pid int, name string) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if fields := bytes.Fields(line); len(fields) == 3 && string(fields[0]) == name {
			kib, _ := strconv.ParseInt(string(fields[1]), 10, 64)
			return kib << 10
		}
	}
	return 0
}
