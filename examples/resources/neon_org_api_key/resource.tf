# Needs a personal API key of an admin.
resource "neon_org_api_key" "ci" {
  org_id = "org-cool-breeze-12345678"
  name   = "ci"
}

resource "neon_project" "shop" {
  name = "shop"
}

# May change this one project, and nothing else.
resource "neon_org_api_key" "shop" {
  org_id     = "org-cool-breeze-12345678"
  name       = "shop-deployment"
  project_id = neon_project.shop.id
}

output "shop_key" {
  value     = neon_org_api_key.shop.key
  sensitive = true
}
