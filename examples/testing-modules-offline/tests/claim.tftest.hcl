# Run against the emulator: NEON_API_HOST=http://127.0.0.1:7777/api/v2

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
  customer = "bloom"
}

run "provision" {
  assert {
    condition     = neon_project.customer.name == "shop-bloom"
    error_message = "The project is called ${neon_project.customer.name}."
  }

  assert {
    condition     = neon_project_transfer_request.customer.status == "pending"
    error_message = "The link is ${neon_project_transfer_request.customer.status}."
  }
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

  assert {
    condition     = neon_project_transfer_acceptance.this.owner_id == "org-customer-bloom-20000001"
    error_message = "The project belongs to ${neon_project_transfer_acceptance.this.owner_id}."
  }
}

run "nothing_is_made_anew" {
  command = plan

  assert {
    condition     = neon_project.customer.claimed && neon_project_transfer_request.customer.status == "claimed"
    error_message = "The module does not notice that the project was claimed."
  }
}
