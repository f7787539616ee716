# By the organization's id and the e-mail address or the invitation's id.
terraform import 'neon_org_invitation.workshop["ann@example.com"]' org-cool-breeze-12345678/ann@example.com
