terraform import neon_org_spending_limit.monthly org-cool-breeze-12345678
