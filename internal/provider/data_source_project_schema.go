package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// shownProjectAttributes are the attributes of a shownProjectModel, with an id of
// the data source's own making.
func shownProjectAttributes(id schema.Attribute) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                              id,
		"name":                            shownString("The name. Names need not be unique."),
		"org_id":                          shownString("The organization that owns the project. It is null for a personal project."),
		"owner_id":                        shownString("Who owns the project: the organization's id, or a user's for a personal project."),
		"region_id":                       shownString("The region, such as `aws-us-east-1`."),
		"platform_id":                     shownString("The cloud platform, such as `aws`."),
		"pg_version":                      shownInt64("The major version of Postgres, such as `17`."),
		"proxy_host":                      shownString("The host of Neon's proxy for the project's region."),
		"store_passwords":                 shownBool("Whether Neon stores the passwords of the project's roles, which its console and connection strings need."),
		"history_retention_seconds":       shownInt64("For how many seconds back the project's branches can be restored."),
		"branch_logical_size_limit_bytes": shownInt64("How many bytes of data a branch may hold."),
		"synthetic_storage_size":          shownInt64("How many bytes the project takes in storage at present: the data of all branches and their history. It is null where Neon does not tell."),
		"default_endpoint_settings":       shownEndpointSettings(),
		"settings":                        shownProjectSettings(),
		"creation_source":                 shownString("What the project was created with, such as `console`."),
		"effective_project_permission":    shownString("What the holder of the API key may do with the project: `CAN_VIEW`, `CAN_EDIT` or `CAN_MANAGE`. It is null where Neon does not tell."),
		"created_at":                      shownTime("When the project was created, in RFC 3339."),
		"updated_at":                      shownTime("When the project was last changed, in RFC 3339."),
		"compute_last_active_at":          shownTime("When a compute of the project was last active, in RFC 3339. It is null where none ever was."),
		"maintenance_starts_at":           shownTime("When the project goes into maintenance, in RFC 3339. It is null where no maintenance is due."),
		"hipaa_enabled_at":                shownTime("When the project was put under HIPAA rules, in RFC 3339. It is null where it is not."),
	}
}

func shownEndpointSettings() schema.Attribute {
	return shownObject("The settings that new compute endpoints of the project get.", map[string]schema.Attribute{
		"autoscaling_limit_min_cu": shownFloat64("The smallest compute size, in compute units (1 is 1 vCPU with 4 GiB)."),
		"autoscaling_limit_max_cu": shownFloat64("The largest compute size, in compute units (1 is 1 vCPU with 4 GiB)."),
		"suspend_timeout_seconds":  shownInt64("After how many idle seconds a compute is suspended. `0` is Neon's default (300), `-1` never."),
	})
}

func shownProjectSettings() schema.Attribute {
	return shownObject("The project's settings. What Neon leaves out is null.", map[string]schema.Attribute{
		"quota": shownObject("What the project may consume in a billing period. Neon suspends its computes when a quota is used up.", map[string]schema.Attribute{
			"active_time_seconds":  shownInt64("Wall-clock seconds that computes may be active. `0` is unlimited."),
			"compute_time_seconds": shownInt64("CPU seconds that computes may use. `0` is unlimited."),
			"written_data_bytes":   shownInt64("Bytes that may be written to all branches together. `0` is unlimited."),
			"data_transfer_bytes":  shownInt64("Bytes that may be transferred out of all branches together. `0` is unlimited."),
			"logical_size_bytes":   shownInt64("Bytes that each branch may hold. `0` is unlimited."),
		}),
		"allowed_ips": shownObject("Who may connect.", map[string]schema.Attribute{
			"ips":                     shownSet(types.StringType, "Addresses, ranges and CIDR blocks that may connect. An empty set lets everybody in."),
			"protected_branches_only": shownBool("Whether the restriction holds for protected branches only."),
		}),
		"enable_logical_replication": shownBool("Whether logical replication is on, for all computes of the project."),
		"maintenance_window": shownObject("When Neon may restart the project's computes for maintenance.", map[string]schema.Attribute{
			"weekdays":   shownSet(types.Int64Type, "The days of the week, 1 (Monday) to 7 (Sunday)."),
			"start_time": shownString("When the window begins, as `HH:MM` in UTC."),
			"end_time":   shownString("When the window ends, as `HH:MM` in UTC."),
		}),
		"block_public_connections": shownBool("Whether connections from the public internet are refused, whatever `allowed_ips` says."),
		"block_vpc_connections":    shownBool("Whether connections by VPC endpoints are refused."),
		"audit_log_level":          shownString("How much is audited: `base`, `extended` or `full`."),
		"hipaa":                    shownBool("Whether the project is under HIPAA rules."),
	})
}
