package neon

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// What an answer must be is written beside its wire types, in struct tags:
//
//	required  the field is there and not null
//	filled    so, and not empty, 0 or false
//	nullable  null is an answer, too
//	key       no two items of a list have the same
//	is=…      the field is what the request has there, such as path.org_id,
//	          query.org_id or body.project.name, or what the answer itself has,
//	          such as answer.project.id; where there is no such thing it is free
//	anycase   upper and lower case are the same for is
//
// What Neon's document requires is required, but for what it calls deprecated,
// which may go. A test compares the two.
const answerTag = "neon"

// shape is how a value of a Go type must look as JSON.
type shape struct {
	of     reflect.Type
	kind   shapeKind
	fields []field // of an object
	items  *shape  // of a list or map
	// key is where an item of a list has its key; isKey: the items are keys.
	key   []string
	isKey bool
}

type shapeKind int

const (
	kindValue shapeKind = iota // anything else; its type is encoding/json's affair
	kindObject
	kindMap // an object with any keys
	kindList
)

type field struct {
	name                                     string
	required, filled, nullable, key, anyCase bool
	is                                       [][]string // source, then names
	shape                                    *shape
}

var shapes sync.Map // by reflect.Type

// shapeOf reads a type's tags, once.
func shapeOf(t reflect.Type) *shape {
	if known, ok := shapes.Load(t); ok {
		return known.(*shape) //nolint:forcetypeassert // nothing else is stored
	}
	known, _ := shapes.LoadOrStore(t, newShape(t))
	return known.(*shape) //nolint:forcetypeassert // as above
}

func newShape(t reflect.Type) *shape {
	isText := reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) || t == reflect.TypeFor[time.Time]()
	switch {
	case isText:
		return &shape{of: t}
	case t.Kind() == reflect.Pointer:
		return newShape(t.Elem())
	case t.Kind() == reflect.Struct:
		return &shape{of: t, kind: kindObject, fields: fieldsOf(t)}
	case t.Kind() == reflect.Map:
		return &shape{of: t, kind: kindMap, items: newShape(t.Elem())}
	case t.Kind() == reflect.Slice:
		items := newShape(t.Elem())
		return &shape{of: t, kind: kindList, items: items, key: items.keyPath()}
	default:
		return &shape{of: t}
	}
}

// keyPath is where an object has its key.
func (s *shape) keyPath() []string {
	for _, f := range s.fields {
		if f.key && f.shape.kind != kindList {
			return []string{f.name}
		}
	}
	for _, f := range s.fields {
		if below := f.shape.keyPath(); f.shape.kind == kindObject && below != nil {
			return append([]string{f.name}, below...)
		}
	}
	return nil
}

func fieldsOf(t reflect.Type) []field {
	var fields []field
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case f.Anonymous && name == "":
			fields = append(fields, fieldsOf(f.Type)...)
		default:
			fields = append(fields, newField(name, f))
		}
	}
	return fields
}

// newField panics at a tag that it does not understand, which any test of the call
// shows.
func newField(name string, f reflect.StructField) field {
	made := field{name: name, shape: newShape(f.Type)}
	for option := range strings.SplitSeq(f.Tag.Get(answerTag), ",") {
		switch from, isSource := strings.CutPrefix(option, "is="); {
		case isSource:
			made.is = append(made.is, strings.Split(from, "."))
		case option == "required":
			made.required = true
		case option == "filled":
			made.required, made.filled = true, true
		case option == "nullable":
			made.nullable = true
		case option == "anycase":
			made.anyCase = true
		case option == "key":
			made.key = true
			made.shape.isKey = made.shape.kind == kindList
		case option != "":
			panic(fmt.Sprintf("neon: the tag of %s has %q", f.Name, option))
		}
	}
	return made
}
