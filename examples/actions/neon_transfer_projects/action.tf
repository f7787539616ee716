# terraform apply -invoke=action.neon_transfer_projects.consolidate
action "neon_transfer_projects" "consolidate" {
  config {
    source_org_id      = "org-cool-breeze-12345678"
    destination_org_id = "org-calm-river-87654321"
    project_ids        = data.neon_projects.shops.ids
  }
}

data "neon_projects" "shops" {
  org_id = "org-cool-breeze-12345678"
  search = "shop"
}
