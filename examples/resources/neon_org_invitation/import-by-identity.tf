import {
  to = neon_org_invitation.workshop["ann@example.com"]
  identity = {
    org_id = "org-cool-breeze-12345678"
    email  = "ann@example.com"
  }
}
