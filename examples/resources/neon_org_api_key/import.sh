# By the organization's id and the key's id, a number. The key itself stays unknown: Neon tells it once.
terraform import neon_org_api_key.ci org-cool-breeze-12345678/165434
