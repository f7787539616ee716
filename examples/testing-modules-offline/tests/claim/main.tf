# What the customer does.

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

resource "neon_project_transfer_acceptance" "this" {
  claim_url = var.claim_url
}
