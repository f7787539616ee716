terraform {
  required_providers {
    neon       = { source = "neon-orgs/neon" }
    postgresql = { source = "cyrilgdn/postgresql" }
  }
}

resource "neon_project" "app" {
  name = "app"
}

# The password is in neither plan nor state.
ephemeral "neon_connection_uri" "app" {
  project_id    = neon_project.app.id
  database_name = neon_project.app.branch.database_name
  role_name     = neon_project.app.branch.role_name
}

provider "postgresql" {
  host     = ephemeral.neon_connection_uri.app.host
  port     = ephemeral.neon_connection_uri.app.port
  username = ephemeral.neon_connection_uri.app.user
  password = ephemeral.neon_connection_uri.app.password
  database = ephemeral.neon_connection_uri.app.database
  sslmode  = "require"
}

resource "postgresql_schema" "orders" {
  name = "orders"
}
