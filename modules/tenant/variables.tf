variable "name" {
  description = "The tenant's name, which is the project's name as well."
  type        = string
}

variable "org_id" {
  description = "The organization that owns the project until it is claimed. Default: the provider's."
  type        = string
  default     = null
}

variable "region_id" {
  description = "The region, such as aws-us-east-1. Default: Neon's choice. Changing it replaces the project."
  type        = string
  default     = null
}

variable "pg_version" {
  description = "The major version of Postgres. Default: Neon's choice. Changing it replaces the project."
  type        = number
  default     = null
}

variable "deletion_protection" {
  description = "Whether plans that would destroy the project are refused."
  type        = bool
  default     = false
}

variable "claim" {
  description = "The claim link: for how many seconds it works, how many seconds before its end it is renewed, and where the browser goes after the claim. Without it there is no link."
  type = object({
    ttl_seconds          = optional(number, 604800)
    renew_before_seconds = optional(number, 86400)
    redirect_url         = optional(string)
  })
  default = null
}

variable "guests" {
  description = "E-mail addresses of people outside the organization who may use the project."
  type        = set(string)
  default     = []
}

variable "budget" {
  description = "What the project may consume: a plan warns when the metric's total over the period exceeds the limit, in the metric's own unit."
  type = object({
    metric = optional(string, "compute_unit_seconds")
    limit  = number
    period = optional(string, "this_month")
  })
  default = null
}
