terraform {
  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

provider "neon" {}

variable "org_id" {
  description = "The organization that owns the projects. Changing it transfers them."
  type        = string
}

resource "neon_project" "service" {
  for_each = toset(["billing", "catalog", "search"])

  name                = each.key
  org_id              = var.org_id
  deletion_protection = true
}
