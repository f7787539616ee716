# By the organization's id and the member's id or e-mail address.
terraform import neon_org_member.ada org-cool-breeze-12345678/3fa85f64-5717-4562-b3fc-2c963f66afa6
terraform import neon_org_member.ada org-cool-breeze-12345678/ada@example.com
