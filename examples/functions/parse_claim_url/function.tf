variable "claim_url" {
  description = "The claim URL, as the project's owner sent it."
  type        = string
  sensitive   = true
}

locals {
  claim = provider::neon::parse_claim_url(var.claim_url)
}

resource "neon_project_transfer_acceptance" "received" {
  project_id          = local.claim.project_id
  transfer_request_id = local.claim.transfer_request_id
  org_id              = "org-cool-breeze-12345678"
}
