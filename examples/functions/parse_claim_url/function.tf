variable "claim_url" {
  description = "The claim URL, as the project's owner sent it."
  type        = string
  sensitive   = true
}

# The project's id is no secret; only the transfer request's id is one.
output "offered_project_id" {
  value = nonsensitive(provider::neon::parse_claim_url(var.claim_url).project_id)
}
