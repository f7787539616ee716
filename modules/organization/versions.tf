terraform {
  required_version = ">= 1.11"

  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}
