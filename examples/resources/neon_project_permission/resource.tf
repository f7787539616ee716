resource "neon_project" "shop" {
  name = "shop"
}

# People who may work on this project and see nothing else of the organization.
resource "neon_project_permission" "guest" {
  for_each = toset(["ann@example.com", "bob@agency.example"])

  project_id = neon_project.shop.id
  email      = each.value
}
