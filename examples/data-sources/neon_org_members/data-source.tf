data "neon_org_members" "all" {
  org_id = "org-cool-breeze-12345678"
}

output "admins" {
  value = [for m in data.neon_org_members.all.members : m.email if m.role == "admin"]
}

output "without_mfa" {
  value = [for m in data.neon_org_members.all.members : m.email if m.has_mfa == false]
}
