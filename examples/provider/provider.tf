terraform {
  required_providers {
    neon = {
      source  = "neon-orgs/neon"
      version = "~> 0.1"
    }
  }
}

# The key comes from the environment variable NEON_API_KEY, so that it stands in no file.
provider "neon" {
  org_id = "org-cool-breeze-12345678"
}
