data "neon_project" "app" {
  id = "cool-breeze-12345678"
}

# Another project in the same place.
resource "neon_project" "reports" {
  name       = "reports"
  org_id     = data.neon_project.app.org_id
  region_id  = data.neon_project.app.region_id
  pg_version = data.neon_project.app.pg_version
}
