// Package parcel has something of each kind that can be left out, and tests that miss
// some of it.
package parcel

import "sync"

const heaviest = 30

// Parcel is sent once its weight is known.
type Parcel struct {
	mu     sync.Mutex
	weight int
	log    []string
}

// Weigh notes a weight.
func (p *Parcel) Weigh(weight int) (noted int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.weight = min(weight, heaviest)
	p.log = append(p.log, "weighed")
	return p.weight
}

// Price depends on the weight.
func (p *Parcel) Price() int {
	switch {
	case p.weight == 0:
		return 0
	case p.weight < 5 || p.weight == heaviest:
		return 3
	default:
		return 7
	}
}

// Print returns how many of the words there are to print.
func (p *Parcel) Print(words ...string) (printed int) {
	defer p.forget()
	for _, word := range words {
		if word == "" {
			continue
		}
		printed++
	}
	return printed
}

func (p *Parcel) forget() { p.log = nil }
