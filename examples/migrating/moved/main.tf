terraform {
  required_providers {
    neon = { source = "neon-orgs/neon" }
  }
}

moved {
  from = neon_project.old
  to   = neon_project.app
}

resource "neon_project" "app" {
  name      = "app"
  org_id    = "org-partner-acme-10000001"
  region_id = "aws-us-east-1"

  branch = {
    name          = "trunk"
    role_name     = "worker"
    database_name = "orders"
  }

  settings = {
    quota = {
      compute_time_seconds = 3600
    }
    allowed_ips = {
      ips                     = ["203.0.113.0/24", "198.51.100.7"]
      protected_branches_only = true
    }
    enable_logical_replication = true
    maintenance_window = {
      weekdays   = [6, 7]
      start_time = "02:00"
      end_time   = "03:00"
    }
  }
}
