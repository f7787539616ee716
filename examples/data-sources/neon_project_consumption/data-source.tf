# What each project has consumed this month, up to last midnight.
data "neon_project_consumption" "this_month" {
  period  = "this_month"
  metrics = ["compute_unit_seconds", "public_network_transfer_bytes"]
}

output "compute_hours" {
  description = "The compute unit hours of each project."
  value       = { for project in data.neon_project_consumption.this_month.projects : project.project_id => floor(project.totals["compute_unit_seconds"] / 3600) }
}

# One project, hour by hour.
data "neon_project_consumption" "last_day" {
  period      = "24h"
  metrics     = ["compute_unit_seconds"]
  project_ids = ["cool-breeze-12345678"]
}

output "busy_hours" {
  description = "When its computes were active."
  value = flatten([
    for project in data.neon_project_consumption.last_day.projects : [
      for period in project.periods : period.timeframes[*].timeframe_start
    ]
  ])
}
