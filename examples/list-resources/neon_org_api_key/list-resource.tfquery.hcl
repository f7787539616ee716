# terraform query shows which keys there are, and none of the keys themselves.
list "neon_org_api_key" "all" {
  provider = neon

  config {
    org_id = "org-cool-breeze-12345678"
  }
}
