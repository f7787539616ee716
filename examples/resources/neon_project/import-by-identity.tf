import {
  to = neon_project.app
  identity = {
    project_id = "cool-breeze-12345678"
  }
}
