package faults

import (
	"encoding/json"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
)

// Fault is something that goes wrong at a request.
type Fault struct {
	Name string
	// Times is how many requests in a row to the same path meet it; default 1.
	Times int
	// Lasts: all requests from this one on meet it, until the command ends.
	Lasts bool
	// Interrupt: somebody presses Ctrl-C, "before" the work is done or "after".
	Interrupt string
	Effect    emulator.FaultEffect
	// Quick: it takes no longer than the first pause before a repetition, so that
	// it is fit for real time.
	Quick bool
}

// late is longer than anybody looks for what may come of a request.
const late = 14 * time.Second

const page = `<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>`

// All lists the faults.
func All() []Fault {
	status := func(code int) emulator.FaultEffect { return emulator.FaultEffect{Status: code} }
	done := func(code int) emulator.FaultEffect { return emulator.FaultEffect{Status: code, After: true} }
	headers := func(code int, name, value string) emulator.FaultEffect {
		return emulator.FaultEffect{Status: code, Headers: map[string]string{name: value}}
	}
	html := emulator.FaultEffect{Status: 502, Headers: map[string]string{"Content-Type": "text/html"}, Body: json.RawMessage(page)}
	htmlDone := html
	htmlDone.After = true
	return []Fault{
		{Name: "423 twice", Times: 2, Effect: status(423)},
		{Name: "429", Effect: status(429)},
		{Name: "429 with Retry-After", Effect: headers(429, "Retry-After", "7")},
		{Name: "500", Effect: status(500), Quick: true},
		{Name: "500 after the work", Effect: done(500), Quick: true},
		{Name: "502", Effect: status(502), Quick: true},
		{Name: "503", Effect: status(503), Quick: true},
		{Name: "504", Effect: status(504), Quick: true},
		{Name: "504 after the work", Effect: done(504), Quick: true},
		{Name: "504, and done 14 seconds later", Effect: emulator.FaultEffect{Status: 504, Late: emulator.Duration(late)}},
		{Name: "cut before the work", Effect: emulator.FaultEffect{Drop: "before"}, Quick: true},
		{Name: "cut after the work", Effect: emulator.FaultEffect{Drop: "after"}, Quick: true},
		{Name: "hangs before the work", Effect: emulator.FaultEffect{Hang: emulator.Duration(time.Hour)}},
		{Name: "hangs after the work", Effect: emulator.FaultEffect{Hang: emulator.Duration(time.Hour), After: true}},
		{Name: "half an answer", Effect: emulator.FaultEffect{Truncate: new(20)}, Quick: true},
		{Name: "garbage", Effect: emulator.FaultEffect{Garbage: true}, Quick: true},
		{Name: "empty answer", Effect: done(200), Quick: true},
		{Name: "HTML page", Effect: html, Quick: true},
		{Name: "HTML page after the work", Effect: htmlDone, Quick: true},
		{Name: "401", Effect: status(401), Quick: true},
		{Name: "403", Effect: status(403), Quick: true},
		{Name: "404", Effect: status(404), Quick: true},
		{Name: "redirect to another host", Effect: headers(307, "Location", "http://elsewhere.test/api/v2/auth"), Quick: true},
		{Name: "key revoked from here on", Lasts: true, Effect: status(401), Quick: true},
		{Name: "forbidden from here on", Lasts: true, Effect: status(403), Quick: true},
		{Name: "Neon down from here on", Lasts: true, Effect: status(500)},
		{Name: "network down from here on", Lasts: true, Effect: emulator.FaultEffect{Drop: "before"}},
		{Name: "network down after the work", Lasts: true, Effect: emulator.FaultEffect{Drop: "after"}},
		{Name: "silence from here on", Lasts: true, Effect: emulator.FaultEffect{Hang: emulator.Duration(24 * time.Hour)}},
		{Name: "Ctrl-C before the work", Interrupt: "before"},
		{Name: "Ctrl-C after the work", Interrupt: "after"},
		{Name: "Ctrl-C and no answer", Interrupt: "before", Effect: emulator.FaultEffect{Hang: emulator.Duration(time.Hour)}},
		{Name: "Ctrl-C and no answer, after the work", Interrupt: "before", Effect: emulator.FaultEffect{Hang: emulator.Duration(time.Hour), After: true}},
	}
}
