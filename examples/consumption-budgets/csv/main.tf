terraform {
  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

provider "neon" {}

data "neon_projects" "all" {}

data "neon_project_consumption" "last_month" {
  period      = "last_month"
  totals_only = true
}

locals {
  names   = { for project in data.neon_projects.all.projects : project.id => project.name }
  metrics = keys(data.neon_project_consumption.last_month.totals)
  header  = concat(["project_id", "name"], local.metrics)
  rows = [
    for project in data.neon_project_consumption.last_month.projects : concat(
      [project.project_id, format("\"%s\"", replace(lookup(local.names, project.project_id, ""), "\"", "\"\""))],
      [for metric in local.metrics : project.totals[metric]],
    )
  ]
}

output "month" {
  value = substr(data.neon_project_consumption.last_month.from, 0, 7)
}

output "csv" {
  value = join("", [for row in concat([local.header], local.rows) : "${join(",", row)}\n"])
}
