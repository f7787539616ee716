terraform {
  required_providers {
    neon = { source = "neon-orgs/neon" }
  }
}

removed {
  from = neon_project.old

  lifecycle {
    destroy = false
  }
}

import {
  to = neon_project.app
  id = "calm-river-12345678"
}

resource "neon_project" "app" {
  name = "app"
}
