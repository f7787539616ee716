import {
  to = neon_org_invitation.workshop["ann@example.com"]
  id = "org-cool-breeze-12345678/ann@example.com"
}
