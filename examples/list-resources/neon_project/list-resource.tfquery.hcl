# terraform query -generate-config-out=shops.tf
# writes import blocks and resources for the projects that have "shop" in their name.
list "neon_project" "shops" {
  provider = neon
  limit    = 1000

  config {
    org_id = "org-cool-breeze-12345678"
    search = "shop"
  }
}
