# By the project's id, with any key that may see the project:
terraform import neon_project.app cool-breeze-12345678
