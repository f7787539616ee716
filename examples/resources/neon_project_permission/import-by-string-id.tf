import {
  to = neon_project_permission.guest["ann@example.com"]
  id = "cool-breeze-12345678/ann@example.com"
}
