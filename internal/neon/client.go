package neon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// DefaultBaseURL is Neon's public API.
const DefaultBaseURL = "https://console.neon.tech/api/v2"

// Defaults of Options.
const (
	DefaultRequestsPerMinute     = 700
	defaultConsumptionsPerMinute = 50
	defaultMaxAttempts           = 10
	defaultAttemptTimeout        = 60 * time.Second
	defaultPollInterval          = time.Second
)

// Options configure a Client. Only APIKey is required.
type Options struct {
	// BaseURL is the API's root, without a trailing slash. Default DefaultBaseURL.
	BaseURL string
	// APIKey is sent as a bearer token, to BaseURL's host and nowhere else.
	APIKey string
	// UserAgent is sent with every request.
	UserAgent string
	// HTTPClient sends the requests; its Timeout bounds one attempt. Default: a
	// client of its own with 60 seconds.
	HTTPClient *http.Client
	// Clock tells the time for decisions; default time.Now.
	Clock func() time.Time
	// RequestsPerMinute is the account's budget; default 700, Neon's own limit.
	RequestsPerMinute int
	// ConsumptionRequestsPerMinute is the account's budget for consumption history,
	// which counts against RequestsPerMinute too; default 50, about Neon's own limit.
	ConsumptionRequestsPerMinute int
	// MaxAttempts bounds how often one request is sent when Neon answers with a
	// passing fault; default 10. A 423 waits longer: until the context ends.
	MaxAttempts int
	// PollInterval is the first pause before asking how an operation goes; it
	// grows from there. Default one second.
	PollInterval time.Duration
	// Log, when set, is told of every attempt. It gets no body, no header and no
	// filled-in path, because a path can hold a transfer request's id.
	Log func(ctx context.Context, e Event)
}

// Event is one attempt at a request, for logs.
type Event struct {
	Method    string
	Route     string // the template, such as /projects/{project_id}
	Attempt   int    // from 1
	Status    int    // 0 when there was no answer
	RequestID string
	Duration  time.Duration
	// Err says what went wrong below HTTP, without the address that was called.
	Err error
}

// Client calls the Neon API. It is safe for concurrent use; all its users share
// one rate budget.
type Client struct {
	options   Options
	baseURL   *url.URL
	transport *transport
	moves     moveBatches
	reads     projectReads
	fresh     freshLists
	moved     sync.Map // the organizations that projects were moved to, by project
	owner     keyOwner
	leftovers leftovers

	permissions sharedLists[ProjectPermission] // by project
	orgKeys     sharedLists[APIKey]            // by organization
	keyNames    nameLocks
	madeKeys    sync.Map                    // by id
	members     sharedLists[MemberWithUser] // by organization
	invitations sharedLists[Invitation]     // by organization
	invites     inviteBatches
}

// New makes a Client. It sends nothing. The error says which option is wrong.
func New(options Options) (*Client, error) {
	if options.APIKey == "" {
		return nil, errors.New("neon: an API key is required")
	}
	if strings.ContainsFunc(options.APIKey, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("neon: the API key holds a blank, a line break or a character that no key has")
	}
	if options.BaseURL == "" {
		options.BaseURL = DefaultBaseURL
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	if options.RequestsPerMinute == 0 {
		options.RequestsPerMinute = DefaultRequestsPerMinute
	}
	if options.RequestsPerMinute < 0 {
		return nil, fmt.Errorf("neon: requests per minute is %d, and must be at least 1", options.RequestsPerMinute)
	}
	if options.ConsumptionRequestsPerMinute == 0 {
		options.ConsumptionRequestsPerMinute = defaultConsumptionsPerMinute
	}
	if options.MaxAttempts == 0 {
		options.MaxAttempts = defaultMaxAttempts
	}
	if options.PollInterval == 0 {
		options.PollInterval = defaultPollInterval
	}
	base, err := url.Parse(strings.TrimRight(options.BaseURL, "/"))
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("neon: the base URL %q is not an absolute URL", options.BaseURL)
	}
	return &Client{options: options, baseURL: base, transport: newTransport(options), owner: newKeyOwner(), leftovers: newLeftovers()}, nil
}

// BaseURL is the API's root that the client calls.
func (c *Client) BaseURL() *url.URL {
	u := *c.baseURL
	return &u
}

// Now is the client's idea of the time.
func (c *Client) Now() time.Time { return c.options.Clock() }

// CloseIdleConnections lets go of connections that are kept for reuse.
func (c *Client) CloseIdleConnections() { c.transport.http.HTTPClient.CloseIdleConnections() }
