package emulator

import (
	"fmt"
	"net/http"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// apiError is a refusal: the status and the body to answer with. A
// neon.ErrorBody gets its request id when it is written.
type apiError struct {
	status  int
	body    any
	headers map[string]string
}

func (e *apiError) Error() string {
	if body, ok := e.body.(neon.ErrorBody); ok {
		return fmt.Sprintf("%d: %s", e.status, body.Message)
	}
	return fmt.Sprintf("%d: %v", e.status, e.body)
}

func refuse(status int, format string, args ...any) *apiError {
	return refuseWithCode(status, "", format, args...)
}

func refuseWithCode(status int, code, format string, args ...any) *apiError {
	return &apiError{status: status, body: neon.ErrorBody{Code: code, Message: fmt.Sprintf(format, args...)}}
}

func badRequest(format string, args ...any) *apiError {
	return refuse(http.StatusBadRequest, format, args...)
}

func notFound(format string, args ...any) *apiError {
	return refuse(http.StatusNotFound, format, args...)
}

func forbidden(format string, args ...any) *apiError {
	return refuse(http.StatusForbidden, format, args...)
}

// The refusals that several areas share, in Neon's words where they are known.

func projectNotFound() *apiError { return notFound("project not found") }

func organizationNotFound() *apiError { return notFound("organization not found") }

func notForOrgKeys() *apiError { return notFound("not allowed for organization API keys") }

func outsideScope() *apiError {
	return notFound("not allowed to perform actions outside the project this key is scoped to")
}

func orgIDRequired() *apiError {
	return badRequest("org_id is required, you can find it on your organization settings page")
}

func busy() *apiError {
	return refuse(http.StatusLocked, "project already has running conflicting operations, scheduling of new ones is prohibited")
}
