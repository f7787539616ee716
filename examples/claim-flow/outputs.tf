output "project_id" {
  description = "The project, also after the claim."
  value       = neon_project.customer.id
}

output "claim_url" {
  description = "What the customer opens. Whoever has it can take the project."
  value       = neon_project_transfer_request.customer.claim_url
  sensitive   = true
}

output "expires_at" {
  description = "Until when the claim URL works."
  value       = neon_project_transfer_request.customer.expires_at
}
