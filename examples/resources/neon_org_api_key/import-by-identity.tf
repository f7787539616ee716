import {
  to = neon_org_api_key.ci
  identity = {
    org_id = "org-cool-breeze-12345678"
    key_id = "165434"
  }
}
