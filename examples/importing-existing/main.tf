terraform {
  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

provider "neon" {}

import {
  provider = neon
  to       = neon_project.shop
  id       = "cool-breeze-12345678"
}

import {
  provider = neon
  to       = neon_org_member.ada
  id       = "org-cool-breeze-12345678/ada@example.com"
}
