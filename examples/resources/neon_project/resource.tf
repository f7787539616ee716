# A project for a customer, who will claim it.
resource "neon_project" "customer" {
  name      = "bloom-shop"
  claimable = true
}

# A project of one's own. Changing org_id later transfers it, in place.
resource "neon_project" "app" {
  name                      = "app"
  org_id                    = "org-cool-breeze-12345678"
  region_id                 = "aws-us-east-1"
  pg_version                = 17
  store_passwords           = true
  history_retention_seconds = 86400
  deletion_protection       = true

  branch = {
    name          = "main"
    role_name     = "app"
    database_name = "app"
  }

  default_endpoint_settings = {
    autoscaling_limit_min_cu = 0.25
    autoscaling_limit_max_cu = 2
    suspend_timeout_seconds  = 300
  }

  settings = {
    quota = {
      active_time_seconds = 360000
      logical_size_bytes  = 10737418240
    }
    allowed_ips = {
      ips                     = ["203.0.113.0/24"]
      protected_branches_only = true
    }
    maintenance_window = {
      weekdays   = [6, 7]
      start_time = "02:00"
      end_time   = "03:00"
    }
  }

  timeouts = {
    create = "15m"
  }
}
