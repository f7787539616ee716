# By the project's id and the permission's id, or the guest's e-mail address:
terraform import 'neon_project_permission.guest["ann@example.com"]' cool-breeze-12345678/ann@example.com
