variable "org_id" {
  description = "The partner's organization, in which the project is provisioned."
  type        = string
  default     = "org-partner-acme-10000001" # an organization of the emulator
}

variable "project_name" {
  description = "What the project is called."
  type        = string
  default     = "bloom-shop"
}
