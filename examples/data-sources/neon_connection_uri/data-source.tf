# In the state, password and all. The ephemeral resource of the same name leaves nothing there.
data "neon_connection_uri" "app" {
  project_id    = "cool-breeze-12345678"
  database_name = "neondb"
  role_name     = "neondb_owner"
  pooled        = true
}

output "database_host" {
  value = data.neon_connection_uri.app.host
}
