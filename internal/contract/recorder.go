package contract

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
)

// recorder passes an answer on as it is written and keeps a copy.
type recorder struct {
	http.ResponseWriter
	status int
	header http.Header // as it was when the answer began
	body   bytes.Buffer
	lost   bool // hijacked, or the client didn't get all of it
}

func (r *recorder) WriteHeader(status int) {
	r.begin(status)
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(data []byte) (int, error) {
	r.begin(http.StatusOK)
	n, err := r.ResponseWriter.Write(data)
	// A body that the status forbids is a mistake of the handler, not a lost answer.
	forbidden := errors.Is(err, http.ErrBodyNotAllowed)
	r.lost = r.lost || err != nil && !forbidden
	r.body.Write(data)
	return n, err
}

// begin notes the first status that isn't merely informational.
func (r *recorder) begin(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
		r.header = r.Header().Clone()
	}
}

// Flush and Hijack are here for handlers that assert their interfaces; Unwrap
// is for http.ResponseController.

func (r *recorder) Flush() {
	r.begin(http.StatusOK)
	_ = http.NewResponseController(r.ResponseWriter).Flush()
}

func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.lost = true
	return http.NewResponseController(r.ResponseWriter).Hijack()
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// replay is a body that has been read already, with the error that ended the
// reading, if it wasn't the end.
type replay struct {
	io.Reader
	io.Closer
}

// readAhead reads the request's body and returns it with a request that gives
// the handler the same bytes and the same error.
func readAhead(r *http.Request) ([]byte, *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, r
	}
	data, err := io.ReadAll(r.Body)
	var reader io.Reader = bytes.NewReader(data)
	if err != nil {
		reader = io.MultiReader(reader, failingReader{err})
	}
	again := r.WithContext(r.Context())
	again.Body = replay{reader, r.Body}
	return data, again
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }
