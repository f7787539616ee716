package parcel

import (
	"os"
	"testing"
)

func TestParcel(t *testing.T) {
	var p Parcel
	if got := p.Weigh(4); got != 4 {
		t.Errorf("got %d", got)
	}
	if got := p.Price(); got != 3 {
		t.Errorf("got %d", got)
	}
	p.Weigh(20)
	if got := p.Price(); got != 7 {
		t.Errorf("got %d", got)
	}
}

func TestPrint(t *testing.T) {
	if os.Getenv("PARCEL_IS_LOST") != "" {
		t.Fatal("it is lost")
	}
	var p Parcel
	if got := p.Print("a", "b"); got != 2 {
		t.Errorf("got %d", got)
	}
}
