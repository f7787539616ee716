package emulator

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes ids and passwords that look like Neon's. The same state
// gives the same sequence, so that a world is the same on every run.
type generator struct {
	source *rand.PCG
	random *rand.Rand
}

func newGenerator() *generator {
	source := rand.NewPCG(20240301, 7777)
	return &generator{
		source: source,
		random: rand.New(source), //nolint:gosec // predictable on purpose: these are ids of an emulated world, not secrets
	}
}

const (
	digits       = "0123456789"
	lowerAlnum   = "abcdefghijklmnopqrstuvwxyz0123456789"
	mixedAlnum   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	hexDigits    = "0123456789abcdef"
	upperHex     = "0123456789ABCDEF"
	uuidVariants = "89ab"
)

func (g *generator) chars(alphabet string, n int) string {
	var b strings.Builder
	b.Grow(n)
	for range n {
		b.WriteByte(alphabet[g.random.IntN(len(alphabet))])
	}
	return b.String()
}

func (g *generator) words() string {
	return adjectives[g.random.IntN(len(adjectives))] + "-" + nouns[g.random.IntN(len(nouns))]
}

// projectID gives an id such as "quiet-meadow-12345678".
func (g *generator) projectID() string {
	return g.words() + "-" + string(digits[1+g.random.IntN(9)]) + g.chars(digits, 7)
}

// branchID gives an id such as "br-quiet-meadow-a1b2c3d4".
func (g *generator) branchID() string { return "br-" + g.words() + "-a" + g.chars(lowerAlnum, 7) }

// endpointID gives an id such as "ep-quiet-meadow-a1b2c3d4".
func (g *generator) endpointID() string { return "ep-" + g.words() + "-a" + g.chars(lowerAlnum, 7) }

// uuid gives an id in the form of a UUID version 4.
func (g *generator) uuid() string {
	return fmt.Sprintf("%s-%s-4%s-%s%s-%s", g.chars(hexDigits, 8), g.chars(hexDigits, 4), g.chars(hexDigits, 3),
		g.chars(uuidVariants, 1), g.chars(hexDigits, 3), g.chars(hexDigits, 12))
}

func (g *generator) password() string { return "npg_" + g.chars(mixedAlnum, 12) }

func (g *generator) apiKey() string { return "napi_" + g.chars(lowerAlnum, 64) }

// lsn gives a log sequence number such as "0/1DE2850".
func (g *generator) lsn() string { return "0/1" + g.chars(upperHex, 6) }

// adjectives and nouns are what ids are made of: 64 each.
var (
	adjectives = strings.Fields(`
		amber autumn bitter blue bold brave bright broad calm clear cold cool crimson curly damp dark
		dawn deep dry early fair falling fast fine floral fragrant frosty gentle golden green hidden icy
		jolly late little lively long lucky mild misty morning muddy noisy odd old orange patient plain
		polished proud purple quiet rapid red rough round royal shiny silent small snowy soft still sweet`)
	nouns = strings.Fields(`
		band bar base bird bloom boat bonus bread breeze brook bush butterfly cake cell cherry cloud
		credit darkness dawn dew disk dream dust feather field fire firefly flower fog forest frog frost
		glade glitter grass hall hat haze heart hill king lab lake leaf limit math meadow mode
		moon morning mountain mouse mud night paper pine poetry pond queen rain recipe river salad scene`)
)
