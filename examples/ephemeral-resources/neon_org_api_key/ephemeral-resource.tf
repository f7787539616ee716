# Needs a personal API key of an admin. The key lives as long as the run.
ephemeral "neon_org_api_key" "run" {
  org_id      = "org-cool-breeze-12345678"
  name_prefix = "nightly-report"

  # No run takes longer than two hours: a key that is older was left behind.
  max_lifetime_seconds = 7200
}

# What works with it can't leave the organization, nor do anything in the person's name.
provider "neon" {
  alias   = "organization"
  api_key = ephemeral.neon_org_api_key.run.key
}

data "neon_projects" "all" {
  provider = neon.organization
}

output "project_ids" {
  value = data.neon_projects.all.ids
}
