terraform {
  required_providers {
    neon = {
      source = "neon-orgs/neon"
    }
  }
}

provider "neon" {}

variable "team" {
  description = "Who is in the organization, by e-mail address, and in which role."
  type        = map(string)
}

resource "neon_org_member" "team" {
  for_each = var.team

  email  = each.key
  role   = each.value
  invite = true
}

# Read after the changes, so that the output is right at once.
data "neon_org_members" "all" {
  depends_on = [neon_org_member.team]
}

output "not_in_the_list" {
  description = "Members whom the list lacks: somebody added them by hand."
  value = setsubtract(
    [for m in data.neon_org_members.all.members : lower(m.email)],
    [for email in keys(var.team) : lower(email)],
  )
}
