import {
  to = neon_org_api_key.ci
  id = "org-cool-breeze-12345678/165434"
}
