import {
  to = neon_org_spending_limit.monthly
  id = "org-cool-breeze-12345678"
}
