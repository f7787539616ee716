package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
)

// alteration answers a request in another way than Neon would.
type alteration func(w *World, rw http.ResponseWriter, r *http.Request)

// altering does the work and changes the JSON of its answer, if that is a success.
func altering(change func(r *http.Request, body any) any) alteration {
	return func(w *World, rw http.ResponseWriter, r *http.Request) {
		done := httptest.NewRecorder()
		w.next.ServeHTTP(done, r)
		decoder := json.NewDecoder(bytes.NewReader(done.Body.Bytes()))
		decoder.UseNumber() // ids stay as they are written
		var body any
		if err := decoder.Decode(&body); err != nil || done.Code >= http.StatusMultipleChoices {
			send(rw, done.Code, done.Body.Bytes())
			return
		}
		altered, err := json.Marshal(change(r, body))
		if err != nil {
			w.T.Error(err)
		}
		send(rw, done.Code, altered)
	}
}

func send(rw http.ResponseWriter, status int, body []byte) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_, _ = rw.Write(body) // who asked may have gone
}

// each changes all fields of all objects; del leaves a field out.
func each(body any, change func(name string, value any) (changed any, del bool)) any {
	switch body := body.(type) {
	case map[string]any:
		for name, value := range body {
			changed, del := change(name, value)
			if del {
				delete(body, name)
				continue
			}
			body[name] = each(changed, change)
		}
	case []any:
		for i, item := range body {
			body[i] = each(item, change)
		}
	}
	return body
}

var (
	withoutIDs = altering(func(_ *http.Request, body any) any {
		return each(body, func(name string, value any) (any, bool) { return value, name == "id" })
	})
	emptyIDs = altering(func(_ *http.Request, body any) any {
		return each(body, func(name string, value any) (any, bool) {
			if _, isText := value.(string); isText && name == "id" {
				return "", false
			}
			if _, isNumber := value.(json.Number); isNumber && name == "id" {
				return 0, false
			}
			return value, false
		})
	})
	nullLists = altering(func(_ *http.Request, body any) any {
		if _, isList := body.([]any); isList {
			return nil
		}
		return each(body, func(_ string, value any) (any, bool) {
			if _, isList := value.([]any); isList {
				return nil, false
			}
			return value, false
		})
	})
	wrongTypes = altering(func(_ *http.Request, body any) any {
		return each(body, func(_ string, value any) (any, bool) {
			if _, isText := value.(string); isText {
				return 7, false
			}
			return value, false
		})
	})
	// itemsTwice is about the lists of the outermost object, whose items have ids.
	itemsTwice = altering(func(_ *http.Request, body any) any {
		if list, isList := body.([]any); isList {
			return append(list, list...)
		}
		object, _ := body.(map[string]any)
		for name, value := range object {
			if list, isList := value.([]any); isList {
				object[name] = append(list, list...)
			}
		}
		return object
	})
	// withoutParts leaves out what the outermost object has.
	withoutParts = altering(func(_ *http.Request, body any) any {
		object, isObject := body.(map[string]any)
		if !isObject {
			return each(body, func(_ string, value any) (any, bool) { return value, true })
		}
		maps.DeleteFunc(object, func(name string, value any) bool {
			_, isText := value.(string)
			return !isText && name != "pagination" // which may be missing
		})
		return object
	})
	// ofAnother answers what was asked about something else.
	ofAnother = altering(func(r *http.Request, body any) any {
		about := strings.Split(r.URL.Path, "/")
		return each(body, func(_ string, value any) (any, bool) {
			isID := strings.ContainsAny(fmt.Sprint(value), "-0123456789")
			if isID && slices.Contains(about, fmt.Sprint(value)) {
				return another(value), false
			}
			return value, false
		})
	})
)

// another is another id of the same kind.
func another(id any) any {
	if number, isNumber := id.(json.Number); isNumber {
		return number + "0"
	}
	text := fmt.Sprint(id)
	last := "0"
	if strings.HasSuffix(text, last) {
		last = "1"
	}
	return text[:len(text)-1] + last
}

// firstPage answers the request for a further page with the first one.
func firstPage(w *World, rw http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	query.Del("cursor")
	again := r.Clone(r.Context())
	again.URL.RawQuery = query.Encode()
	w.next.ServeHTTP(rw, again)
}

// tellingSecrets refuses a request with a message that holds what nobody may see.
func tellingSecrets(w *World, rw http.ResponseWriter, r *http.Request) {
	w.tellSecrets(rw, r, http.StatusConflict)
}

func failingWithSecrets(w *World, rw http.ResponseWriter, r *http.Request) {
	w.tellSecrets(rw, r, http.StatusInternalServerError)
}

func (w *World) tellSecrets(rw http.ResponseWriter, r *http.Request, status int) {
	message := fmt.Sprintf("no: %s; %s; postgresql://app:%s@ep-a.neon.tech/db", strings.Join(w.Secrets(), ", "), r.URL.Path, "npg_planted")
	body, err := json.Marshal(map[string]string{"code": "", "message": message})
	if err != nil {
		w.T.Error(err)
	}
	send(rw, status, body)
}
