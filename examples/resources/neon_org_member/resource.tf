# Somebody who is a member already is adopted, and given the role.
resource "neon_org_member" "ada" {
  email = "ada@example.com"
  role  = "admin"
}

# Somebody who isn't is invited, and has a pending seat until they join.
resource "neon_org_member" "ben" {
  email  = "ben@example.com"
  role   = "member"
  invite = true

  # Taking the resource out of the configuration leaves them in the organization, as an ordinary member.
  on_destroy = "demote"
}
