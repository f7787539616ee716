resource "neon_project" "this" {
  name                = var.name
  org_id              = var.org_id
  region_id           = var.region_id
  pg_version          = var.pg_version
  claimable           = var.claim != null
  deletion_protection = var.deletion_protection
}

resource "neon_project_transfer_request" "this" {
  count = var.claim == null ? 0 : 1

  project_id           = neon_project.this.id
  org_id               = neon_project.this.org_id
  ttl_seconds          = var.claim.ttl_seconds
  renew_before_seconds = var.claim.renew_before_seconds
  redirect_url         = var.claim.redirect_url
}

# After a claim the guests stay in the state, and nothing is sent for them: whoever
# has the project decides who its guests are. Guests that are added then are refused,
# as the project no longer belongs to org_id.
resource "neon_project_permission" "guest" {
  for_each = var.guests

  project_id = neon_project.this.id
  org_id     = neon_project.this.org_id
  email      = each.value
}

data "neon_project_consumption" "this" {
  count = var.budget == null || neon_project.this.claimed ? 0 : 1

  org_id      = neon_project.this.org_id
  project_ids = [neon_project.this.id]
  metrics     = [var.budget.metric]
  period      = var.budget.period
}

locals {
  consumed = try(data.neon_project_consumption.this[0].totals[var.budget.metric], 0)
}

# A check warns and holds nothing up.
check "budget" {
  assert {
    condition     = var.budget == null || local.consumed <= try(var.budget.limit, 0)
    error_message = "${var.name} has consumed ${local.consumed} ${try(var.budget.metric, "")} (${try(var.budget.period, "")}), and its budget is ${try(var.budget.limit, 0)}."
  }
}
