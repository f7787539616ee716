# terraform apply -invoke=action.neon_recover_project.shop
action "neon_recover_project" "shop" {
  config {
    project_id = "cool-breeze-12345678"
  }
}
