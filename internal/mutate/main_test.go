package main

import (
	"strings"
	"testing"
)

func TestWhatNoTestMissesIsListed(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), &out, []string{"testdata/parcel"}); err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		`NOT MISSED parcel.go:21:2: p.log = append(p.log, "weighed")`,
		"NOT MISSED parcel.go:20:25: heaviest in min(weight, heaviest)",
		"NOT MISSED parcel.go:28:7: case p.weight == 0",
		"NOT MISSED parcel.go:29:3: return 0",
		"NOT MISSED parcel.go:39:2: defer p.forget()",
		"NOT MISSED parcel.go:42:4: continue",
		"NOT MISSED parcel.go:49:29: p.log = nil",
		"7 of 15 things that were left out are not missed.",
		"",
	}, "\n")
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &out, want)
	}
}

func TestTestsThatDoNotRunMissNothing(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), &out, []string{"-run", "TestParcel", "testdata/parcel", "parcel.go"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "printed++") {
		t.Errorf("got\n%s\nwant what TestPrint alone runs", &out)
	}
}

func TestNothingIsLeftOutOfTestsThatFail(t *testing.T) {
	t.Setenv("PARCEL_IS_LOST", "1")
	err := run(t.Context(), &strings.Builder{}, []string{"testdata/parcel"})
	if err == nil || !strings.Contains(err.Error(), "with nothing left out") {
		t.Errorf("got %v", err)
	}
}

func TestFilesThatAreNotThereAreRefused(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"testdata"}, {"testdata/parcel", "other.go"}} {
		if err := run(t.Context(), &strings.Builder{}, args); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
