package release

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestWorkflows checks what GitHub runs: on every change, and for a release.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	for _, fault := range faultsOf(workflows(t)) {
		t.Error(fault)
	}
}

// TestWorkflowFaultsAreFound spoils the workflows one way at a time.
func TestWorkflowFaultsAreFound(t *testing.T) {
	t.Parallel()
	const checkout = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2"
	for _, tt := range []struct{ file, old, new, want string }{
		{"test.yml", checkout, "actions/checkout@v4", "not pinned"},
		{"test.yml", checkout, "actions/checkout@main # v4.2.2", "not pinned"},
		{"test.yml", checkout, "actions/checkout@11bd719 # v4.2.2", "not pinned"},
		{"test.yml", checkout, strings.TrimSuffix(checkout, " # v4.2.2"), "not pinned"},
		{"test.yml", "- uses: " + checkout, "- { uses: actions/checkout@v4 }", "not pinned"},
		{"test.yml", checkout, "docker://alpine:3", "not pinned"},
		{"test.yml", "          persist-credentials: false\n", "", "persist-credentials"},
		{"test.yml", "persist-credentials: false", "persist-credentials: true", "persist-credentials"},
		{"test.yml", "  workflow_call:\n", "", "workflow_call"},
		{"test.yml", "contents: read", "contents: write", "only the job release"},
		{"release.yml", "          persist-credentials: false\n", "", "persist-credentials"},
		{"release.yml", "needs: [on-main, tests]", "needs: [on-main]", "needs tests"},
		{"release.yml", "needs: [on-main, tests]", "needs: [tests]", "needs on-main"},
		{"release.yml", "    needs: [on-main, tests]\n", "", "needs tests"},
		{"release.yml", "needs: [on-main, tests]", "needs: [on-main, tests]\n    if: always()", "whatever becomes of"},
		{"release.yml", "    needs: on-main\n", "    secrets: inherit\n", "have secrets, not tests"},
		{"release.yml", "uses: ./.github/workflows/test.yml", "runs-on: ubuntu-24.04", "the job tests"},
		{"release.yml", "refs/remotes/origin/main", "HEAD", "the job on-main"},
		{"release.yml", "          fetch-depth: 0 # all branches, main among them\n", "", "the job on-main"},
		{"release.yml", "permissions:\n  contents: read\n", "", "only the job release"},
		{"release.yml", "permissions:\n  contents: read\n", "permissions:\n  contents: write\n", "only the job release"},
	} {
		files := workflows(t)
		if !strings.Contains(files[tt.file], tt.old) {
			t.Errorf("%s has no %q to spoil", tt.file, tt.old)
			continue
		}
		files[tt.file] = strings.Replace(files[tt.file], tt.old, tt.new, 1)
		if found := strings.Join(faultsOf(files), "\n"); !strings.Contains(found, tt.want) {
			t.Errorf("%s with %q in the place of %q has the faults %q, want one that says %q", tt.file, tt.new, tt.old, found, tt.want)
		}
	}
}

// workflows returns the text of all workflows, by name.
func workflows(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, path := range paths {
		files[filepath.Base(path)] = read(t, path)
	}
	return files
}

var (
	uses = regexp.MustCompile(`\buses:\s*([^\n]*)`)
	// pinned is an action at a commit, with the version that the commit had.
	pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+){2}$`)
	// ours is a workflow of the same commit.
	ours = regexp.MustCompile(`^\./\.github/workflows/[\w-]+\.yml$`)
)

// faultsOf lists what must not be in workflows.
func faultsOf(files map[string]string) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for name, text := range files {
		head, jobs := jobsOf(text)
		if !strings.Contains(head, "\npermissions:\n  contents: read\n") {
			fault("%s: only the job release may write: everything else needs the permissions contents: read", name)
		}
		for _, use := range uses.FindAllStringSubmatch(text, -1) {
			if !pinned.MatchString(use[1]) && !ours.MatchString(use[1]) {
				fault("%s: %q is not pinned by a commit with its version beside it", name, use[1])
			}
		}
		for job, text := range jobs {
			for step := range strings.SplitSeq(text, "\n      - ") {
				if strings.Contains(step, "actions/checkout@") && !strings.Contains(step, "\n          persist-credentials: false") {
					fault("%s: the job %s checks out without persist-credentials: false", name, job)
				}
			}
			if strings.Contains(text, ": write") && (name != "release.yml" || job != "release") {
				fault("%s: only the job release may write, not %s", name, job)
			}
		}
	}
	return append(faults, releaseFaults(files)...)
}

// releaseFaults lists what would let something be released that isn't on main, or
// whose tests have failed.
func releaseFaults(files map[string]string) []string {
	var faults []string
	_, jobs := jobsOf(files["release.yml"])
	for _, need := range []string{"on-main", "tests"} {
		if !slices.Contains(needsOf(jobs["release"]), need) {
			faults = append(faults, "release.yml: the job release must be one that needs "+need)
		}
	}
	for name, text := range jobs {
		if strings.Contains(text, "\n    if:") || strings.Contains(text, "continue-on-error") {
			faults = append(faults, "release.yml: the job "+name+" must not run, or pass, whatever becomes of the others or of its steps")
		}
		if name != "release" && publishes.MatchString(text) {
			faults = append(faults, "release.yml: only the job release may publish, or have secrets, not "+name)
		}
	}
	if !strings.Contains(jobs["tests"], "\n    uses: ./.github/workflows/test.yml\n") {
		faults = append(faults, "release.yml: the job tests must run test.yml")
	}
	if head, _ := jobsOf(files["test.yml"]); !strings.Contains(head, "\n  workflow_call:\n") {
		faults = append(faults, "test.yml: a release can't run it without workflow_call")
	}
	const isOnMain = "if ! git merge-base --is-ancestor HEAD refs/remotes/origin/main; then"
	if main := jobs["on-main"]; !strings.Contains(main, "\n          fetch-depth: 0") || !strings.Contains(main, isOnMain) {
		faults = append(faults, "release.yml: the job on-main must look whether the tag is on main")
	}
	return faults
}

var (
	jobName = regexp.MustCompile(`(?m)^  ([\w-]+):\n`)
	// publishes finds what only the last job of a release may have.
	publishes = regexp.MustCompile(`secrets[.:]|goreleaser release`)
	needs     = regexp.MustCompile(`\n    needs: \[?([\w, -]+)\]?\n`)
)

// jobsOf splits a workflow into what comes before its jobs, and the jobs by name.
func jobsOf(text string) (head string, jobs map[string]string) {
	head, rest, _ := strings.Cut(text, "\njobs:\n")
	jobs = map[string]string{}
	places := jobName.FindAllStringSubmatchIndex(rest, -1)
	for i, place := range places {
		end := len(rest)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		jobs[rest[place[2]:place[3]]] = rest[place[1]-1 : end]
	}
	return head, jobs
}

func needsOf(job string) []string {
	found := needs.FindStringSubmatch(job)
	if found == nil {
		return nil
	}
	return strings.Split(strings.ReplaceAll(found[1], " ", ""), ",")
}
