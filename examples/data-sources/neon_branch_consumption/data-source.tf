# What the branches of a project have consumed in the last thirty days.
data "neon_branch_consumption" "shop" {
  period      = "30d"
  metrics     = ["compute_unit_seconds", "child_branch_bytes_month"]
  project_ids = ["cool-breeze-12345678"]
  totals_only = true
}

output "compute_hours" {
  value = { for branch in data.neon_branch_consumption.shop.branches : branch.branch_id => floor(branch.totals["compute_unit_seconds"] / 3600) }
}
