variable "org_id" {
  description = "The organization, such as org-cool-breeze-12345678."
  type        = string
}

variable "team" {
  description = "The people of the organization: e-mail address to role."
  type        = map(string)
  default     = {}
}

variable "invite" {
  description = "Whether people who are no members yet are invited. Needs a personal API key of an admin."
  type        = bool
  default     = true
}

variable "on_destroy" {
  description = "What becomes of somebody who is taken out of the team: remove, demote (to member), or keep."
  type        = string
  default     = "remove"
}

variable "api_keys" {
  description = "The organization's API keys, by name. With project_id a key is confined to that project. Needs a personal API key of an admin."
  type = map(object({
    project_id = optional(string)
  }))
  default = {}
}

variable "spending_limit_cents" {
  description = "What the organization may spend in a billing period, in US cents. Default: no limit is managed."
  type        = number
  default     = null
}
