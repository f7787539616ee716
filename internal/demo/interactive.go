package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// pollInterval is how often the emulator is asked whether the click has come.
const pollInterval = 500 * time.Millisecond

// visitor waits for a person who claims the project in a browser.
type visitor struct {
	partner *neon.Client
	apiURL  string
	every   time.Duration
}

// waitForClaim shows the claim link and waits until it was used. It tells who
// has the project then; an error says that it is nobody but the partner.
func (v visitor) waitForClaim(ctx context.Context, offer claim) (owner, error) {
	say("Now you are the customer. Open this link in a browser on this computer, choose owner@customer.test, and claim the project:")
	say("\n  %s\n", offer.url)
	say("Waiting for the claim; Ctrl-C ends the demo and cleans up …")
	ticker := time.NewTicker(v.every)
	defer ticker.Stop()
	for {
		state, err := v.state(ctx)
		if err != nil {
			return owner{}, err
		}
		id, claimed, err := claimedBy(state, offer)
		if err != nil {
			return owner{}, err
		}
		if claimed {
			return v.claimer(ctx, state, offer, id)
		}
		select {
		case <-ctx.Done():
			return owner{}, ctx.Err()
		case <-ticker.C:
		}
	}
}

// claimer gives the new owner a client of its own.
func (v visitor) claimer(ctx context.Context, state emulator.Snapshot, offer claim, id string) (owner, error) {
	if _, err := v.partner.GetProject(ctx, offer.projectID); err == nil {
		return owner{}, fmt.Errorf("the project was claimed for %s, where the partner still sees it; start again and claim it as somebody who isn't the partner", id)
	}
	say("It was claimed, for %s.", id)
	client, err := neon.New(neon.Options{BaseURL: v.apiURL, APIKey: keyOf(state, id)})
	return owner{id, client}, err
}

// state asks the emulator for its whole world: nobody's key sees the project
// both before and after the claim.
func (v visitor) state(ctx context.Context) (emulator.Snapshot, error) {
	address := strings.TrimSuffix(v.apiURL, "/api/v2") + "/_emulator/state"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return emulator.Snapshot{}, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return emulator.Snapshot{}, fmt.Errorf("asking the emulator for its state: %w", err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read from
	if answer.StatusCode != http.StatusOK {
		return emulator.Snapshot{}, fmt.Errorf("asking the emulator for its state: it answered %s", answer.Status)
	}
	var state emulator.Snapshot
	if err := json.NewDecoder(answer.Body).Decode(&state); err != nil {
		return emulator.Snapshot{}, fmt.Errorf("reading the emulator's state: %w", err)
	}
	return state, nil
}

// claimedBy tells whether the offer was used, and who owns the project.
func claimedBy(state emulator.Snapshot, offer claim) (ownerID string, claimed bool, err error) {
	i := slices.IndexFunc(state.Projects, func(p emulator.Project) bool { return p.ID == offer.projectID && p.DeletedAt == nil })
	if i < 0 {
		return "", false, errors.New("the project is gone: somebody deleted it, or reset the emulator")
	}
	project := state.Projects[i]
	used := slices.ContainsFunc(project.TransferRequests, func(t *emulator.TransferRequest) bool { return t.ID == offer.requestID && t.UsedAt != nil })
	return project.OwnerID, used, nil
}

// keyOf finds a personal key that sees the projects of an account, or "".
func keyOf(state emulator.Snapshot, account string) string {
	people := map[string]bool{account: true}
	for _, o := range state.Organizations {
		if o.ID == account {
			for _, m := range o.Members {
				people[m.UserID] = true
			}
		}
	}
	for _, u := range state.Users {
		if people[u.ID] && len(u.Keys) > 0 {
			return u.Keys[0].Secret
		}
	}
	return ""
}
