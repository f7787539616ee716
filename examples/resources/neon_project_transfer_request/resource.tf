resource "neon_project" "customer" {
  name      = "bloom-shop"
  claimable = true
}

resource "neon_project_transfer_request" "customer" {
  project_id           = neon_project.customer.id
  ttl_seconds          = 604800 # a week, the longest that Neon documents
  renew_before_seconds = 86400
  redirect_url         = "https://partner.example/welcome"
}

# Hand it to the customer over a safe channel: whoever has it can take the project.
output "claim_url" {
  value     = neon_project_transfer_request.customer.claim_url
  sensitive = true
}
