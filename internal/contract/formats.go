package contract

import (
	"errors"
	"math"
	"net/mail"
	"net/url"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// The checks by format name. Their errors don't repeat the value, it may be a
// secret.
var (
	stringFormats = map[string]openapi3.StringFormatValidator{
		"uuid":      openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC9562),
		"date-time": openapi3.NewCallbackValidator(checkDateTime),
		"email":     openapi3.NewCallbackValidator(checkEmail),
		"uri":       openapi3.NewCallbackValidator(checkURI),
		"binary":    openapi3.NewCallbackValidator(func(string) error { return nil }),
	}
	integerFormats = map[string]openapi3.IntegerFormatValidator{
		"int32": openapi3.NewRangeFormatValidator[int64](math.MinInt32, math.MaxInt32),
		"int64": openapi3.NewRangeFormatValidator[int64](math.MinInt64, math.MaxInt64),
		"int":   openapi3.NewRangeFormatValidator[int64](math.MinInt64, math.MaxInt64),
		// Values above the largest int64 are refused before they get here.
		"uint64": openapi3.NewRangeFormatValidator[int64](0, math.MaxInt64),
	}
	// Nothing to refuse: JSON has neither infinity nor NaN, and what overflows a
	// double is refused before it gets here.
	numberFormats = map[string]openapi3.NumberFormatValidator{
		"double": openapi3.NewCallbackValidator(func(float64) error { return nil }),
	}
)

// knownFormat tells whether the format of s, if it has one, is checked.
func knownFormat(s *openapi3.Schema) bool {
	known := s.Format == ""
	switch {
	case s.Type.Is(openapi3.TypeString):
		known = known || stringFormats[s.Format] != nil
	case s.Type.Is(openapi3.TypeInteger):
		known = known || integerFormats[s.Format] != nil
	case s.Type.Is(openapi3.TypeNumber):
		known = known || numberFormats[s.Format] != nil
	}
	return known
}

func checkDateTime(s string) error {
	var t time.Time
	if t.UnmarshalText([]byte(s)) != nil {
		return errors.New("not an RFC 3339 time")
	}
	return nil
}

func checkEmail(s string) error {
	if address, err := mail.ParseAddress(s); err != nil || address.Address != s {
		return errors.New("not a bare e-mail address")
	}
	return nil
}

func checkURI(s string) error {
	if u, err := url.Parse(s); err != nil || !u.IsAbs() {
		return errors.New("not an absolute URI")
	}
	return nil
}
