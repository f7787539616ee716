# A partner provisions a database for a customer and hands it over by a claim URL.
# `make demo` runs this against the emulator, from the first apply to the last destroy.

terraform {
  required_version = ">= 1.11"

  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

# Reads NEON_API_KEY, and NEON_API_HOST for an API other than Neon's own.
provider "neon" {
  org_id = var.org_id
}

resource "neon_project" "customer" {
  name       = var.project_name
  region_id  = "aws-us-east-1"
  pg_version = 17

  # From the claim on the project is somebody else's: it is never created again.
  claimable = true
}

resource "neon_project_transfer_request" "customer" {
  project_id  = neon_project.customer.id
  ttl_seconds = 7 * 24 * 60 * 60

  # An unclaimed link is renewed a day before it runs out.
  renew_before_seconds = 24 * 60 * 60
}
