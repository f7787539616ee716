terraform {
  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

provider "neon" {}

variable "compute_hours" {
  description = "How many compute unit hours a project may use in a month before somebody should look at it."
  type        = number
  default     = 200
}

data "neon_projects" "all" {}

data "neon_project_consumption" "this_month" {
  period      = "this_month"
  metrics     = ["compute_unit_seconds"]
  totals_only = true
}

locals {
  names = { for project in data.neon_projects.all.projects : project.id => project.name }
  hours = { for project in data.neon_project_consumption.this_month.projects : project.project_id => floor(project.totals["compute_unit_seconds"] / 3600) }
  over  = { for id, hours in local.hours : id => hours if hours > var.compute_hours }
}

check "compute_budget" {
  assert {
    condition = length(local.over) == 0
    error_message = format("More than %d compute unit hours this month: %s.", var.compute_hours,
    join(", ", [for id, hours in local.over : "${lookup(local.names, id, id)} (${hours})"]))
  }
}

output "over_budget" {
  description = "The projects over the budget, with their hours."
  value       = local.over
}
