# terraform query -generate-config-out=team.tf
# writes import blocks and resources for the members of the organization.
list "neon_org_member" "team" {
  provider = neon
  limit    = 1000

  config {
    org_id = "org-cool-breeze-12345678"
  }
}
