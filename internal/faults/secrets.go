package faults

// Secrets are what may stand nowhere but where the design has it: the keys, the
// ids of transfer requests and the passwords of this world.
func (w *World) Secrets() []string {
	var secrets []string
	world := w.Emu.Snapshot()
	for _, user := range world.Users {
		for _, key := range user.Keys {
			secrets = append(secrets, key.Secret)
		}
	}
	for _, organization := range world.Organizations {
		for _, key := range organization.Keys {
			secrets = append(secrets, key.Secret)
		}
	}
	for _, project := range world.Projects {
		for _, request := range project.TransferRequests {
			secrets = append(secrets, request.ID)
		}
		for _, branch := range project.Branches {
			for _, role := range branch.Roles {
				if role.Password != "" {
					secrets = append(secrets, role.Password)
				}
			}
		}
	}
	return secrets
}
