package faults

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
)

// direct answers requests by calling a handler.
type direct struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	d.handler.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

func discard() *log.Logger { return log.New(io.Discard, "", 0) }
