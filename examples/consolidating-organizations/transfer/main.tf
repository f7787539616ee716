terraform {
  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

# A personal key, of an admin of the source who is a member of the destination.
provider "neon" {}

variable "source_org_id" {
  description = "The organization that gives."
  type        = string
}

variable "destination_org_id" {
  description = "The organization that receives."
  type        = string
}

resource "neon_org_project_transfer" "merger" {
  source_org_id      = var.source_org_id
  destination_org_id = var.destination_org_id
  project_ids        = jsondecode(file("${path.module}/project_ids.json"))

  timeouts = {
    create = "2h"
  }
}

output "transferred" {
  value = length(neon_org_project_transfer.merger.transferred_project_ids)
}
