# For somebody who was invited and has not joined yet, email takes the place of member_id.
import {
  to = neon_org_member.ada
  identity = {
    org_id    = "org-cool-breeze-12345678"
    member_id = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
  }
}
