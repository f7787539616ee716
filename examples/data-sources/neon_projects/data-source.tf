# All projects of the provider's organization.
data "neon_projects" "all" {}

# Those of another one that have "shop" in their name or id.
data "neon_projects" "shops" {
  org_id = "org-cool-breeze-12345678"
  search = "shop"
}

# Those that were deleted and can still be recovered.
data "neon_projects" "deleted" {
  recoverable = true
}

output "old_postgres" {
  description = "The projects whose Postgres is due for an upgrade."
  value       = [for project in data.neon_projects.all.projects : project.name if project.pg_version < 16]
}

output "recoverable_until" {
  value = { for project in data.neon_projects.deleted.projects : project.id => project.recoverable_until }
}
