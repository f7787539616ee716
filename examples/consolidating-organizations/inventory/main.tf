# What is in the old organization, as a file that is reviewed and kept:
#   terraform output -json project_ids > ../transfer/project_ids.json
terraform {
  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

provider "neon" {}

variable "source_org_id" {
  description = "The organization to empty."
  type        = string
}

data "neon_projects" "old" {
  org_id = var.source_org_id
}

output "project_ids" {
  value = data.neon_projects.old.ids
}
