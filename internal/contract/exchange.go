package contract

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// exchange is one request with its answer, while it is being checked.
type exchange struct {
	op         *operation
	request    *http.Request
	pathValues map[string]string
	sent       []byte // request body
	status     int
	header     http.Header // of the answer
	received   []byte      // answer body
	report     func(Violation)
}

// violation reports what is wrong, with everything that is known of the exchange.
func (e *exchange) violation(in, pointer, reason string) {
	v := Violation{
		Method: e.request.Method, Path: e.request.URL.Path, Status: e.status,
		In: in, Pointer: pointer, Reason: reason,
	}
	if e.op != nil {
		// The template says where, and keeps ids that are secrets out of logs.
		v.Path, v.OperationID = e.op.template, e.op.id
	}
	e.report(v)
}

// checkValue holds a value against its schema; at is the pointer to the value.
func (e *exchange) checkValue(in, at string, schema *openapi3.Schema, value any) {
	for _, f := range check(schema, value) {
		e.violation(in, at+f.pointer, f.reason)
	}
}

func (e *exchange) checkPath() {
	for _, name := range e.op.pathNames {
		schema := e.op.path[name].schema
		value := decodeParameter(schema, []string{e.pathValues[name]})
		e.checkValue(InPath, pointer([]string{name}), schema, value)
	}
}

func (e *exchange) checkQuery() {
	given, err := url.ParseQuery(e.request.URL.RawQuery)
	if err != nil {
		e.violation(InQuery, "", "not a well-formed query")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		at := pointer([]string{name})
		p, documented := e.op.query[name]
		switch {
		case !documented:
			e.violation(InQuery, at, "undocumented query parameter")
		case len(given[name]) > 1 && !p.schema.Type.Is(openapi3.TypeArray):
			e.violation(InQuery, at, fmt.Sprintf("given %d times, takes one value", len(given[name])))
		default:
			e.checkValue(InQuery, at, p.schema, decodeParameter(p.schema, given[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.op.query)) {
		if e.op.query[name].required && !given.Has(name) {
			e.violation(InQuery, pointer([]string{name}), "required query parameter is missing")
		}
	}
}

func (e *exchange) checkRequestBody() {
	documented := e.op.body
	switch {
	case len(e.sent) == 0:
		if documented != nil && documented.required {
			e.violation(InRequestBody, "", "a body is required, none was sent")
		}
	case documented == nil:
		e.violation(InRequestBody, "", "no body is documented, one was sent")
	default:
		e.checkBody(InRequestBody, documented.content, e.request.Header, e.sent)
	}
}

func (e *exchange) checkAnswer() {
	documented, ok := e.op.answer(e.status)
	switch {
	case !ok:
		e.violation(InStatus, "", fmt.Sprintf("undocumented status, documented are %v", slices.Sorted(maps.Keys(e.op.answers))))
	case len(documented.content) == 0:
		if len(e.received) > 0 {
			e.violation(InResponseBody, "", fmt.Sprintf("no body is documented, %d bytes were sent", len(e.received)))
		}
	default:
		e.checkBody(InResponseBody, documented.content, e.header, e.received)
	}
}

// checkBody holds a body against the schema of its media type.
func (e *exchange) checkBody(in string, documented content, header http.Header, data []byte) {
	given := header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(given)
	schema, ok := documented[mediaType]
	if err != nil || !ok {
		e.violation(InContentType, "", fmt.Sprintf("of the %s: documented is %v, given %q",
			in, slices.Sorted(maps.Keys(documented)), given))
		return
	}
	if schema == nil {
		return
	}
	value, err := decodeJSON(data)
	if err != nil {
		e.violation(in, "", fmt.Sprintf("not JSON (%d bytes): %v", len(data), err))
		return
	}
	e.checkValue(in, "", schema, value)
}
