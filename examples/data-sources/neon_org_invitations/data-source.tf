data "neon_org_invitations" "all" {
  org_id = "org-cool-breeze-12345678"
}

output "waiting_for_a_month" {
  description = "Invitations that nobody has accepted in thirty days."
  value = [
    for i in data.neon_org_invitations.all.invitations : i.email
    if i.status == "pending" && timecmp(timeadd(i.invited_at, "720h"), plantimestamp()) < 0
  ]
}
