# Sent together, in one request. Who joins, leaves or gets another role later is no business of these.
resource "neon_org_invitation" "workshop" {
  for_each = toset(["ann@example.com", "ben@example.com"])

  email = each.key
  role  = "member"
}
