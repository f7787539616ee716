resource "neon_org_member" "this" {
  for_each = var.team

  org_id     = var.org_id
  email      = each.key
  role       = each.value
  invite     = var.invite
  on_destroy = var.on_destroy
}

resource "neon_org_api_key" "this" {
  for_each = var.api_keys

  org_id     = var.org_id
  name       = each.key
  project_id = each.value.project_id
}

resource "neon_org_spending_limit" "this" {
  count = var.spending_limit_cents == null ? 0 : 1

  org_id               = var.org_id
  spending_limit_cents = var.spending_limit_cents
}
