# What two projects have consumed in the running billing period.
data "neon_billing_period_consumption" "shops" {
  project_ids = ["cool-breeze-12345678", "calm-river-12345678"]
}

output "cpu_hours" {
  value = { for project in data.neon_billing_period_consumption.shops.projects : project.name => floor(project.compute_time_seconds / 3600) }
}
