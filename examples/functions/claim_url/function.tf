variable "transfer_request_id" {
  description = "The id of a transfer request that a script of ours made."
  type        = string
  sensitive   = true
}

output "claim_url" {
  description = "Where the customer claims the project, and returns to our app afterwards."
  sensitive   = true
  value = provider::neon::claim_url(
    "cool-breeze-12345678",
    var.transfer_request_id,
    "https://app.example.com/claimed",
  )
}
