# The module under test: a project for a customer, and the link by which they claim it.

terraform {
  required_version = ">= 1.11"

  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

variable "customer" {
  description = "The customer's name, in lower case."
  type        = string
}

resource "neon_project" "customer" {
  name      = "shop-${var.customer}"
  claimable = true
}

resource "neon_project_transfer_request" "customer" {
  project_id  = neon_project.customer.id
  ttl_seconds = 3600
}

output "claim_url" {
  value     = neon_project_transfer_request.customer.claim_url
  sensitive = true
}
