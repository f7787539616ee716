import {
  to = neon_org_member.ada
  id = "org-cool-breeze-12345678/ada@example.com"
}
