data "neon_current_user" "me" {}

# Says early, and in our own words, which kind of key this configuration is for.
check "personal_key" {
  assert {
    condition     = data.neon_current_user.me.auth_method == "api_key_user"
    error_message = "Use the personal key of an admin: the key at hand belongs to ${coalesce(data.neon_current_user.me.org_id, "somebody else")}."
  }
}

output "runs_as" {
  value = data.neon_current_user.me.email
}
