# Needs a personal API key: of an admin of the source who is a member of the destination.
resource "neon_org_project_transfer" "handover" {
  source_org_id      = "org-cool-breeze-12345678"
  destination_org_id = "org-calm-river-87654321"

  project_ids = [
    "quiet-meadow-12345678",
    "bright-forest-23456789",
  ]

  # Destroying this leaves the projects where they are unless this is set.
  transfer_back_on_destroy = true

  timeouts = {
    create = "1h"
  }
}

# Any number of projects: they travel 400 to a request.
variable "legacy_project_ids" {
  description = "What \"neon projects list\" shows for the old organization."
  type        = set(string)
  default     = []
}

resource "neon_org_project_transfer" "merger" {
  source_org_id      = "org-old-harbor-11112222"
  destination_org_id = "org-cool-breeze-12345678"
  project_ids        = var.legacy_project_ids
}
