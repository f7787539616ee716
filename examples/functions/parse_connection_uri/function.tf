variable "database_url" {
  description = "Where the application finds its database."
  type        = string
  sensitive   = true
}

locals {
  database = provider::neon::parse_connection_uri(var.database_url)
}

# Only the password is a secret.
output "host" {
  value = nonsensitive("${local.database.host}:${local.database.port}")
}

output "encrypted" {
  value = nonsensitive(contains(["require", "verify-ca", "verify-full"], lookup(local.database.options, "sslmode", "prefer")))
}
