variable "org_id" {
  description = "The organization that receives the projects."
  type        = string

  validation {
    condition     = provider::neon::is_org_id(var.org_id)
    error_message = "Give the organization's id, such as org-cool-breeze-12345678, not its name."
  }
}
