variable "claim_url" {
  description = "The link that the partner sent."
  type        = string
  sensitive   = true
}

resource "neon_project_transfer_acceptance" "shop" {
  claim_url = var.claim_url
  org_id    = "org-cool-breeze-12345678"
}
