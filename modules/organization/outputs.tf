output "member_ids" {
  description = "The seats: e-mail address to member id, null for people who haven't joined yet."
  value       = { for email, member in neon_org_member.this : email => member.member_id }
}

output "pending" {
  description = "The people who are invited and haven't joined yet."
  value       = [for email, member in neon_org_member.this : email if member.status == "pending"]
}

output "api_keys" {
  description = "The keys, by name. Secrets."
  value       = { for name, key in neon_org_api_key.this : name => key.key }
  sensitive   = true
}
