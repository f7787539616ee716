package faults

import "slices"

// Scenarios are all that the matrix runs.
func Scenarios() []Scenario {
	return slices.Concat(
		projectScenarios(), projectMoveScenarios(), transferRequestScenarios(), acceptanceScenarios(), orgTransferScenarios(),
		memberScenarios(), invitationScenarios(), permissionScenarios(), orgKeyScenarios(), spendingLimitScenarios(),
		pageScenarios(),
		dataSourceScenarios(), consumptionScenarios(), ephemeralScenarios(), actionScenarios(), listScenarios(),
	)
}
