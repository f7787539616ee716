terraform {
  required_version = ">= 1.11"

  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }

  # backend "s3" {} or another one that locks and encrypts: CI keeps no files.
}

# NEON_API_KEY and NEON_ORG_ID come from the pipeline.
provider "neon" {}

resource "neon_project" "app" {
  name                = "app"
  deletion_protection = true
}
