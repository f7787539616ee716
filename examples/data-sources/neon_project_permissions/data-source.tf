data "neon_project_permissions" "shop" {
  project_id = "cool-breeze-12345678"
}

output "guests_from_elsewhere" {
  description = "Guests whose address is not one of ours."
  value       = [for p in data.neon_project_permissions.shop.permissions : p.granted_to_email if !endswith(lower(p.granted_to_email), "@example.com")]
}
