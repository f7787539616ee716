import {
  to = neon_project_permission.guest["ann@example.com"]
  identity = {
    project_id    = "cool-breeze-12345678"
    permission_id = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
  }
}
