import {
  to = neon_project.app
  id = "cool-breeze-12345678"
}
