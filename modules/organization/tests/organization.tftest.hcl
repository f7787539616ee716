# Runs against an emulator with its default world; NEON_API_HOST says where it is.
provider "neon" {
  api_key = "napi_partner_admin"
}

variables {
  org_id = "org-partner-acme-10000001"
  team = {
    "admin@partner.test" = "admin"
    "dev@partner.test"   = "member"
  }
}

run "adopts_the_team" {
  assert {
    condition     = length(output.member_ids) == 2 && length(output.pending) == 0
    error_message = "The team has ${length(output.member_ids)} seats, ${length(output.pending)} of them pending."
  }
}

run "promotes_and_invites" {
  variables {
    team = {
      "admin@partner.test" = "admin"
      "dev@partner.test"   = "admin"
      "new@partner.test"   = "member"
    }
    api_keys             = { ci = {} }
    spending_limit_cents = 500000
  }

  assert {
    condition     = neon_org_member.this["dev@partner.test"].role == "admin"
    error_message = "The role is ${neon_org_member.this["dev@partner.test"].role}."
  }
  assert {
    condition     = output.pending == ["new@partner.test"]
    error_message = "Pending: ${jsonencode(output.pending)}."
  }
  assert {
    condition     = startswith(output.api_keys["ci"], "napi_")
    error_message = "There is no key."
  }
}

run "removes_who_has_left_the_team" {
  variables {
    on_destroy = "keep"
  }

  assert {
    condition     = keys(output.member_ids) == ["admin@partner.test", "dev@partner.test"]
    error_message = "The team is ${jsonencode(keys(output.member_ids))}."
  }
}
