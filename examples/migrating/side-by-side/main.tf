terraform {
  required_providers {
    neon     = { source = "kislerdm/neon" }
    neonorgs = { source = "neon-orgs/neon" }
  }
}

provider "neon" {}

provider "neonorgs" {}

moved {
  from = neon_project.old
  to   = neon_project.app
}

resource "neon_project" "app" {
  provider = neonorgs
  name     = "app"
}
