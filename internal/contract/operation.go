package contract

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/getkin/kin-openapi/openapi3"
)

// operation is a documented operation with its schemas closed.
type operation struct {
	id, method, template string
	segments             []string // of the path; parameterSegment for a parameter
	pathNames            []string // the parameters in segments, in order
	path, query          map[string]parameter
	body                 *body // nil: none documented
	answers              map[int]answer
	otherError           *answer // for error statuses that aren't in answers; nil: none documented
	seen                 atomic.Bool
}

// parameter is a path or query parameter.
type parameter struct {
	required bool
	schema   *openapi3.Schema
}

// body is a documented request body.
type body struct {
	required bool
	content  content
}

// answer is a documented response. Without content it has no body.
type answer struct {
	content content
}

// content maps media types to schemas; the schema is nil where only the media
// type is checked, which is so for all but JSON.
type content map[string]*openapi3.Schema

const mediaJSON = "application/json"

func compileOperation(shut *closer, method, template string, shared openapi3.Parameters, op *openapi3.Operation) (*operation, error) {
	compiled := &operation{
		id: op.OperationID, method: method, template: template,
		path: map[string]parameter{}, query: map[string]parameter{}, answers: map[int]answer{},
	}
	compiled.segments, compiled.pathNames = compileTemplate(template)
	for _, refs := range []openapi3.Parameters{shared, op.Parameters} {
		if err := compiled.addParameters(shut, refs); err != nil {
			return nil, err
		}
	}
	for _, name := range compiled.pathNames {
		if _, ok := compiled.path[name]; !ok {
			return nil, fmt.Errorf("the path parameter %s is not described", name)
		}
	}
	if op.RequestBody != nil {
		media, err := compileContent(shut, op.RequestBody.Value.Content)
		if err != nil {
			return nil, fmt.Errorf("request body: %w", err)
		}
		compiled.body = &body{required: op.RequestBody.Value.Required, content: media}
	}
	if err := compiled.addAnswers(shut, op.Responses); err != nil {
		return nil, err
	}
	return compiled, nil
}

// addParameters compiles parameters; those of the operation come after the ones
// of the path and replace them.
func (op *operation) addParameters(shut *closer, refs openapi3.Parameters) error {
	for _, ref := range refs {
		p := ref.Value
		if p.Schema == nil || p.Style != "" || p.Explode != nil {
			return fmt.Errorf("parameter %s: only those with a schema and the default serialization are understood", p.Name)
		}
		schema, err := shut.close(p.Schema.Value)
		if err != nil {
			return fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		switch p.In {
		case openapi3.ParameterInPath:
			op.path[p.Name] = parameter{required: true, schema: schema}
		case openapi3.ParameterInQuery:
			op.query[p.Name] = parameter{required: p.Required, schema: schema}
		default:
			return fmt.Errorf("parameter %s: parameters in %s are not understood", p.Name, p.In)
		}
	}
	return nil
}

func (op *operation) addAnswers(shut *closer, responses *openapi3.Responses) error {
	for status, ref := range responses.Map() {
		media, err := compileContent(shut, ref.Value.Content)
		if err != nil {
			return fmt.Errorf("answer %s: %w", status, err)
		}
		if status == "default" {
			op.otherError = &answer{content: media}
			continue
		}
		code, err := strconv.Atoi(status)
		if err != nil {
			return fmt.Errorf("answer %s: only numbers and default are understood", status)
		}
		op.answers[code] = answer{content: media}
	}
	return nil
}

// answer returns what is documented for a status. The default stands for every
// error, never for a success.
func (op *operation) answer(status int) (answer, bool) {
	if found, ok := op.answers[status]; ok {
		return found, true
	}
	if status >= 400 && op.otherError != nil {
		return *op.otherError, true
	}
	return answer{}, false
}

func compileContent(shut *closer, documented openapi3.Content) (content, error) {
	compiled := content{}
	for mediaType, media := range documented {
		mediaType = strings.ToLower(mediaType)
		compiled[mediaType] = nil
		if mediaType != mediaJSON {
			continue
		}
		if media.Schema == nil {
			return nil, fmt.Errorf("%s has no schema", mediaType)
		}
		schema, err := shut.close(media.Schema.Value)
		if err != nil {
			return nil, err
		}
		compiled[mediaType] = schema
	}
	return compiled, nil
}
