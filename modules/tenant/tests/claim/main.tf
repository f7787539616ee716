# What the customer has: the link, and an account to take the project into.
terraform {
  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

variable "claim_url" {
  type      = string
  sensitive = true
}

resource "neon_project_transfer_acceptance" "customer" {
  claim_url = var.claim_url
  org_id    = "org-customer-bloom-20000001"
}
