# terraform query shows who is invited; with -generate-config-out=invitations.tf
# it writes import blocks and resources for them.
list "neon_org_invitation" "sent" {
  provider = neon

  config {
    org_id = "org-cool-breeze-12345678"
  }
}
