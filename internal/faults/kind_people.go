package faults

import (
	"fmt"
	"strings"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/minicli"
)

// memberKind has the objects of invitationKind, too: an invitation that a member
// comes of is one seat with it.
var memberKind = Kind{
	Objects: func(world emulator.Snapshot) map[string]string {
		found := map[string]string{}
		for i := range world.Organizations {
			org := &world.Organizations[i]
			for _, m := range org.Members {
				found[seatKey(org.ID, m.Email)] = seatLabel(org, m.Email)
			}
			for _, invitation := range org.Invitations {
				found[seatKey(org.ID, invitation.Email)] = seatLabel(org, invitation.Email)
			}
		}
		return found
	},
	Key: keyOfSeat,
	Tells: func(d minicli.Diagnostic, name string) bool {
		return d.IsError && strings.Contains(d.Detail, name) && strings.Contains(d.Detail, "The next apply looks first")
	},
	IsAdopted: true,
	Differs: func(world emulator.Snapshot, values map[string]any) string {
		org, email := organization(world, values["org_id"]), text(values, "email")
		if m := member(org, email); m != nil {
			return nonEmpty(unlike("status", values["status"], "active"), unlike("member_id", values["member_id"], m.ID), unlike("role", values["role"], m.Role))
		}
		if len(invitations(org, email)) > 0 {
			return nonEmpty(unlike("status", values["status"], "pending"), unlike("member_id", values["member_id"], nil))
		}
		return "there is neither a member nor an invitation"
	},
}

var invitationKind = Kind{
	Key: keyOfSeat,
	Differs: func(world emulator.Snapshot, values map[string]any) string {
		org, email := organization(world, values["org_id"]), text(values, "email")
		sent, status := invitations(org, email), "pending"
		hasMoved := values["status"] == "accepted" && member(org, married) != nil // with the address that they had
		if member(org, email) != nil || hasMoved {
			status = "accepted"
		} else if len(sent) == 0 {
			return "there is neither a member nor an invitation"
		}
		differs := unlike("status", values["status"], status)
		if len(sent) > 0 && values["id"] != nil {
			differs = nonEmpty(differs, unlike("id", values["id"], sent[len(sent)-1].ID))
		}
		return differs
	},
}

func seatKey(orgID, email string) string { return "seat " + orgID + "/" + strings.ToLower(email) }

func keyOfSeat(values map[string]any) string {
	return seatKey(text(values, "org_id"), text(values, "email"))
}

// seatLabel says how often somebody was invited, so that nobody is twice.
func seatLabel(org *emulator.Organization, email string) string {
	role := "nobody"
	if m := member(org, email); m != nil {
		role = m.Role
	}
	return fmt.Sprintf("seat of %q in %s: %s, invited %d times", email, org.ID, role, len(invitations(org, email)))
}

// organization gives an organization. Scenarios know which there are.
func organization(world emulator.Snapshot, id any) *emulator.Organization {
	for i := range world.Organizations {
		if world.Organizations[i].ID == id {
			return &world.Organizations[i]
		}
	}
	return &emulator.Organization{}
}

func member(org *emulator.Organization, email string) *emulator.Member {
	for _, m := range org.Members {
		if strings.EqualFold(m.Email, email) {
			return m
		}
	}
	return nil
}

// invitations gives those that somebody was sent, oldest first.
func invitations(org *emulator.Organization, email string) []*emulator.Invitation {
	var sent []*emulator.Invitation
	for _, invitation := range org.Invitations {
		if strings.EqualFold(invitation.Email, email) {
			sent = append(sent, invitation)
		}
	}
	return sent
}
