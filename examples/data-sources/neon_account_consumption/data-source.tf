# What the organization has consumed in each of the last three months.
data "neon_account_consumption" "quarter" {
  period  = "3mo"
  metrics = ["compute_unit_seconds", "root_branch_bytes_month"]
}

output "compute_hours" {
  value = {
    for period in data.neon_account_consumption.quarter.periods :
    substr(period.period_start, 0, 7) => floor(sum([for month in period.timeframes : month.metrics["compute_unit_seconds"]]) / 3600)
  }
}

# The same between two dates, day by day.
data "neon_account_consumption" "sale" {
  from = "2026-03-02T00:00:00Z"
  to   = "2026-03-09T00:00:00Z"
}

output "transferred_gib" {
  value = floor(data.neon_account_consumption.sale.totals["public_network_transfer_bytes"] / pow(2, 30))
}
