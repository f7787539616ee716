# The provider's org_id, or the only organization that the API key sees.
data "neon_organization" "mine" {}

data "neon_organization" "customer" {
  id = "org-cool-breeze-12345678"
}

output "customer_is_supported" {
  description = "Whether the customer's plan is one that we support."
  value       = contains(["launch", "scale"], data.neon_organization.customer.plan)
}
