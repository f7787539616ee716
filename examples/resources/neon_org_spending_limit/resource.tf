# 250 dollars a month. Neon writes e-mails at 80 % and 100 % of it, and stops nothing.
resource "neon_org_spending_limit" "monthly" {
  org_id               = "org-cool-breeze-12345678"
  spending_limit_cents = 25000
}
