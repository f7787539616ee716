package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// People and organizations of the emulator's default world.
const (
	partnerKey  = "napi_partner_admin"
	partnerOrg  = "org-partner-acme-10000001"
	customerKey = "napi_customer_owner"
	customerOrg = "org-customer-bloom-20000001"
)

// flow is the story that the demo tells.
type flow struct {
	cli               cli
	partner, customer *neon.Client
	// handOver lets somebody claim the project, and tells who has it then.
	handOver func(ctx context.Context, offer claim) (owner, error)
}

// owner is who has a project: the id of an organization or a user, and a client
// with a key that sees the project.
type owner struct {
	id     string
	client *neon.Client
}

func newFlow(c cli, apiURL string) (*flow, error) {
	partner, err := neon.New(neon.Options{BaseURL: apiURL, APIKey: partnerKey})
	if err != nil {
		return nil, err
	}
	customer, err := neon.New(neon.Options{BaseURL: apiURL, APIKey: customerKey})
	if err != nil {
		return nil, err
	}
	f := &flow{cli: c, partner: partner, customer: customer}
	f.handOver = f.acceptAsCustomer
	return f, nil
}

func (f *flow) run(ctx context.Context) error {
	say("Initialising a copy of %s with the provider of this checkout …", exampleDir)
	if _, err := f.cli.run(ctx, "init", "-no-color"); err != nil {
		return err
	}

	say("Applying it as the partner, in %s …", partnerOrg)
	applied, err := f.cli.run(ctx, "apply", "-auto-approve", "-no-color")
	if err != nil {
		return err
	}
	say("  %s", lineWith(applied, "Apply complete!"))

	offer, err := f.showOutputs(ctx)
	if err != nil {
		return err
	}

	claimer, err := f.handOver(ctx, offer)
	if err != nil {
		return err
	}

	say("Planning again as the partner …")
	planned, err := f.cli.run(ctx, "plan", "-detailed-exitcode", "-no-color")
	if err != nil {
		return fmt.Errorf("the plan after the claim isn't empty, or failed: %w", err)
	}
	say("  %s", lineWith(planned, "No changes."))

	say("Asking Neon who owns %s …", offer.projectID)
	if err := f.checkOwnership(ctx, offer.projectID, claimer); err != nil {
		return err
	}

	say("Destroying the partner's configuration …")
	destroyed, err := f.cli.run(ctx, "destroy", "-auto-approve", "-no-color")
	if err != nil {
		return err
	}
	say("  %s", lineWith(destroyed, "Destroy complete!"))
	if _, err := claimer.client.GetProject(ctx, offer.projectID); err != nil {
		return fmt.Errorf("the customer's project should have outlived the destroy: %w", err)
	}
	say("  The customer's project is still there.")
	return nil
}

// showOutputs prints the outputs, the secret claim link too: it leads to an
// emulator that is about to end.
func (f *flow) showOutputs(ctx context.Context) (claim, error) {
	answer, err := f.cli.run(ctx, "output", "-json", "-no-color")
	if err != nil {
		return claim{}, err
	}
	outputs, err := parseOutputs(answer)
	if err != nil {
		return claim{}, err
	}
	say("Outputs:")
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		say("  %s = %v", name, outputs[name])
	}
	link, _ := outputs["claim_url"].(string)
	return parseClaimURL(link)
}

// acceptAsCustomer takes the offer through the API.
func (f *flow) acceptAsCustomer(ctx context.Context, offer claim) (owner, error) {
	say("Accepting the claim as the customer, for %s …", customerOrg)
	if err := f.customer.AcceptTransferRequest(ctx, offer.projectID, offer.requestID, customerOrg); err != nil {
		return owner{}, fmt.Errorf("accepting the claim: %w", err)
	}
	return owner{customerOrg, f.customer}, nil
}

// checkOwnership proves that the project is the claimer's and no longer the partner's.
func (f *flow) checkOwnership(ctx context.Context, projectID string, claimer owner) error {
	project, err := claimer.client.GetProject(ctx, projectID)
	if err != nil {
		return fmt.Errorf("the customer should see the project: %w", err)
	}
	if project.OwnerID != claimer.id {
		return fmt.Errorf("the project's owner should be %s and is %s", claimer.id, project.OwnerID)
	}
	say("  The customer sees it, owned by %s.", project.OwnerID)

	_, err = f.partner.GetProject(ctx, projectID)
	switch {
	case neon.IsNotFound(err) || neon.IsForbidden(err):
		say("  The partner no longer sees it.")
		return nil
	case err != nil:
		return fmt.Errorf("asking as the partner: %w", err)
	}
	return errors.New("the partner still sees the project")
}

// claim is what a claim URL carries.
type claim struct {
	url                  string
	projectID, requestID string
}

func parseClaimURL(link string) (claim, error) {
	u, err := url.Parse(link)
	if err != nil {
		return claim{}, fmt.Errorf("the output claim_url is no URL: %w", err)
	}
	c := claim{url: link, projectID: u.Query().Get("p"), requestID: u.Query().Get("tr")}
	if c.projectID == "" || c.requestID == "" {
		return claim{}, fmt.Errorf("the output claim_url should carry the parameters p and tr and is %q", link)
	}
	return c, nil
}

// parseOutputs reads the answer of `output -json` into values by name.
func parseOutputs(answer string) (map[string]any, error) {
	var outputs map[string]struct {
		Value any `json:"value"`
	}
	if err := json.Unmarshal([]byte(answer), &outputs); err != nil {
		return nil, fmt.Errorf("reading the outputs: %w", err)
	}
	values := make(map[string]any, len(outputs))
	for name, output := range outputs {
		values[name] = output.Value
	}
	return values, nil
}

// lineWith returns the line of text that starts with prefix. What a CLI prints
// around it is of no use in a short story.
func lineWith(text, prefix string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			return strings.TrimSpace(line)
		}
	}
	return "(no line that starts with " + prefix + ")"
}
