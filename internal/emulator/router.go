package emulator

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// handler does the work of a route, with the world locked.
type handler func(x *exchange) (reply, error)

// keyKinds are the kinds of keys that a route is for.
type keyKinds int

const (
	anyKey       keyKinds = iota
	personalOnly          // 404 for organization keys
	noScopedKey           // 404 for keys confined to a project
)

// route is one operation of the API.
type route struct {
	method  string
	pattern string // relative to /api/v2, such as /projects/{project_id}
	keys    keyKinds
	query   []param
	// body is the shape of the request's body; nil ignores it.
	body         shape
	bodyOptional bool
	handle       handler

	segments []string
}

func (rt *route) String() string { return rt.method + " " + rt.pattern }

// apiRoutes is the whole API, by area. A literal path stands before a pattern
// that would match it too.
func apiRoutes() []*route {
	var all []*route
	for _, area := range [][]route{
		accountRoutes(), apiKeyRoutes(), organizationRoutes(), memberRoutes(), invitationRoutes(), projectRoutes(), operationRoutes(),
		transferRequestRoutes(), orgTransferRoutes(), branchRoutes(), endpointRoutes(), databaseRoutes(), roleRoutes(),
		connectionURIRoutes(), permissionRoutes(), spendingLimitRoutes(), consumptionRoutes(),
	} {
		for _, rt := range area {
			rt.segments = strings.Split(rt.pattern, "/")[1:]
			all = append(all, &rt)
		}
	}
	return all
}

// Routes names every operation of the API, such as "GET /projects/{project_id}",
// the way RequestRecord.Route does.
func Routes() []string {
	var names []string
	for _, rt := range apiRoutes() {
		names = append(names, rt.String())
	}
	return names
}

// match finds the route of a request and the values in its path. path is
// escaped and relative to /api/v2.
func match(routes []*route, method, path string) (*route, map[string]string) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for _, rt := range routes {
		if rt.method != method || len(rt.segments) != len(segments) {
			continue
		}
		if params, matched := rt.bind(segments); matched {
			return rt, params
		}
	}
	return nil, nil
}

func (rt *route) bind(segments []string) (map[string]string, bool) {
	params := map[string]string{}
	for i, want := range rt.segments {
		if !strings.HasPrefix(want, "{") {
			if want != segments[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil || value == "" {
			return nil, false
		}
		params[strings.Trim(want, "{}")] = value
	}
	return params, true
}

// checkParams holds the values in the path against the formats Neon documents.
func checkParams(params map[string]string) error {
	for name, value := range params {
		switch name {
		case "database_name", "role_name", "permission_id":
		case "operation_id", "member_id":
			if !uuidPattern.MatchString(value) {
				return badRequest("%s in the path must be a UUID", name)
			}
		case "key_id":
			if _, err := strconv.ParseInt(value, 10, 64); err != nil {
				return badRequest("%s in the path must be an integer", name)
			}
		default:
			if !idPattern.MatchString(value) {
				return badRequest("%s in the path must match %s", name, idPattern)
			}
		}
	}
	return nil
}

// unknownPath answers what the emulator lacks, rather than making something up.
func unknownPath(method, path string) *apiError {
	return refuse(http.StatusNotFound, "the emulator has no %s %s; its README lists what it has", method, path)
}
