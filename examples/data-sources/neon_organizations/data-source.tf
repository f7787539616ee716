data "neon_organizations" "mine" {}

# The id of an organization whose name is known.
locals {
  org_ids = { for org in data.neon_organizations.mine.organizations : org.name => org.id }
}

output "acme_id" {
  value = local.org_ids["Acme"]
}
