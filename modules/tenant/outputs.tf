output "project_id" {
  description = "The project's id. It never changes, also not by the claim."
  value       = neon_project.this.id
}

output "claim_url" {
  description = "The claim link, a secret, or null where there is none."
  value       = one(neon_project_transfer_request.this[*].claim_url)
  sensitive   = true
}

output "claimed" {
  description = "Whether a customer has claimed the project."
  value       = neon_project.this.claimed
}

output "host" {
  description = "The host of the project's default endpoint."
  value       = neon_project.this.default_endpoint_host
}
