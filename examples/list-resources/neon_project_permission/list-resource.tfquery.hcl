# terraform query -generate-config-out=guests.tf
# writes import blocks and resources for the guests of the project.
list "neon_project_permission" "guests" {
  provider = neon

  config {
    project_id = "cool-breeze-12345678"
  }
}
