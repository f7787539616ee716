# Runs against an emulator with its default world; NEON_API_HOST says where it is.
provider "neon" {
  api_key = "napi_partner_admin"
  org_id  = "org-partner-acme-10000001"
}

provider "neon" {
  alias   = "customer"
  api_key = "napi_customer_owner"
  org_id  = "org-customer-bloom-20000001"
}

variables {
  name   = "bloom"
  claim  = { redirect_url = "https://partner.example/welcome" }
  guests = ["support@partner.test"]
}

run "provision" {
  assert {
    condition     = neon_project.this.org_id == "org-partner-acme-10000001"
    error_message = "The project went to ${neon_project.this.org_id}."
  }
  assert {
    condition     = neon_project_transfer_request.this[0].status == "pending"
    error_message = "The link is ${neon_project_transfer_request.this[0].status}."
  }
  assert {
    condition     = length(neon_project_permission.guest) == 1
    error_message = "There are ${length(neon_project_permission.guest)} guests."
  }
}

run "passes_its_budget" {
  command = plan

  variables {
    budget = { limit = -1 }
  }

  expect_failures = [check.budget]
}

run "customer_claims" {
  module {
    source = "./tests/claim"
  }

  providers = {
    neon = neon.customer
  }

  variables {
    claim_url = run.provision.claim_url
  }
}

run "nothing_is_made_anew" {
  assert {
    condition     = neon_project.this.claimed
    error_message = "The module doesn't notice that the project was claimed."
  }
  assert {
    condition     = neon_project.this.org_id == "org-partner-acme-10000001"
    error_message = "The project's organization is ${neon_project.this.org_id}."
  }
  assert {
    condition     = length(neon_project_permission.guest) == 1 && neon_project_transfer_request.this[0].status == "claimed"
    error_message = "The guests or the link are not left as they were."
  }
}

run "without_a_link" {
  variables {
    name   = "house"
    claim  = null
    guests = []
  }

  assert {
    condition     = output.claim_url == null && length(neon_project_transfer_request.this) == 0
    error_message = "There is a claim link that nobody asked for."
  }
}
