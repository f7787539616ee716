import {
  to = neon_org_spending_limit.monthly
  identity = {
    org_id = "org-cool-breeze-12345678"
  }
}
