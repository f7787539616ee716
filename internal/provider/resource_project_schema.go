package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Schema implements resource.Resource.
func (r *projectResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: firstSchemaVersion,
		MarkdownDescription: "A Neon project. Changing `org_id` transfers the project to the other organization, in place: nothing about the database changes and nothing is recreated. " +
			"With `claimable = true` the project may be claimed by a customer (see `neon_project_transfer_request`), and is then never created a second time.",
		Attributes: map[string]schema.Attribute{
			"id": computedString("The project's id, such as `cool-breeze-12345678`. It never changes, also not by a transfer."),
			"name": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{projectNameValidator()},
				MarkdownDescription: "The name, 1 to 256 characters. Names need not be unique. Defaults to the project's id. Changing it renames the project.",
			},
			"org_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{orgIDValidator()},
				MarkdownDescription: "The organization that owns the project, such as `org-cool-breeze-12345678`. Defaults, when the project is created, to the provider's `org_id`, or to the organization of the API key. " +
					"Changing it transfers the project, in place; that needs a personal API key of an admin of the old organization who is a member of the new one.",
			},
			"region_id": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "The region, such as `aws-us-east-1`. Defaults to Neon's choice. **Changing it destroys the project and creates another one.**",
			},
			"pg_version": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(1)},
				MarkdownDescription: "The major version of Postgres, such as `17`. Defaults to Neon's choice. **Changing it destroys the project and creates another one.**",
			},
			"store_passwords": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether Neon stores the passwords of the project's roles, which its console and connection strings need. Defaults to Neon's choice. **Changing it destroys the project and creates another one.**",
			},
			"history_retention_seconds": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(0)},
				MarkdownDescription: "For how many seconds back the project's branches can be restored. Defaults to what the plan gives: 86400 (a day), on the free plan 21600. Changing it takes effect at once; less forgets history.",
			},
			"branch":                    projectBranchAttribute(),
			"default_endpoint_settings": projectEndpointSettingsAttribute(),
			"settings":                  projectSettingsAttribute(),
			"claimable": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether somebody else may claim the project. With `true`, a project that has another owner, or that is no longer visible and was not deleted, counts as claimed: it stays in state with `claimed = true`, plans are empty, it is never created again, and destroying it calls nothing. " +
					"With `false`, another owner is drift of `org_id`, and a project that vanished is created anew, with a warning. Has no default: without it a project that left is kept as claimed too, and every plan warns. Changing it changes nothing at Neon.",
			},
			"deletion_protection": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether a plan that would destroy the project fails. It guards against this configuration only: Neon knows nothing of it. Defaults to `false`. To destroy the project, apply `false` first.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: "How long creating may take, work that Neon carries on with included, such as `10m`. Defaults to 10 minutes.",
				UpdateDescription: "How long an update may take, a transfer and waiting for conflicting operations included, such as `10m`. Defaults to 10 minutes.",
				DeleteDescription: "How long deleting may take, waiting for conflicting operations included, such as `10m`. Defaults to 10 minutes.",
			}),
			"owner_id":    schema.StringAttribute{Computed: true, MarkdownDescription: "Who owns the project: the organization's id, or a user's for a personal project. Of a claimed project it is the new owner, where the key sees it."},
			"platform_id": computedString("The cloud platform, such as `aws`."),
			"proxy_host":  computedString("The host of Neon's proxy for the project's region."),
			"created_at": schema.StringAttribute{
				Computed: true, CustomType: timetypes.RFC3339Type{},
				MarkdownDescription: "When the project was created, in RFC 3339.",
			},
			"default_branch_id":     computedString("The id of the branch that was the default when the project was created or imported."),
			"default_endpoint_id":   computedString("The id of the compute endpoint of that branch, at the same time."),
			"default_endpoint_host": computedString("The host to connect to that endpoint. It stays the same when the project is transferred or claimed."),
			"claimed": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether somebody else has the project now, as far as Neon shows. Every refresh decides anew: a project that is back with its owner, or in the organization that `org_id` names, is managed again. Always `false` with `claimable = false`.",
			},
		},
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *projectResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"project_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The project's id, such as cool-breeze-12345678."},
		},
	}
}

// computedString is an attribute that Neon alone sets.
func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// computedTime is a time that Neon alone sets.
func computedTime(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: description}
}

func projectBranchAttribute() schema.Attribute {
	name := func(description string) schema.Attribute {
		return schema.StringAttribute{
			Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			MarkdownDescription: description,
		}
	}
	return schema.SingleNestedAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "What the project starts with. It is read when the project is created and never again: branches, roles and databases that others change later don't disturb the project. " +
			"What the state does not know, as after an import, is only noted when it is configured.",
		Attributes: map[string]schema.Attribute{
			"name":          name("The name of the first branch, which is the default branch. Defaults to `main`. Changing it renames the branch, in place."),
			"role_name":     name("The role that owns the first database. Defaults to the database's name and `_owner`. Changing it is an error: Neon can't rename a role."),
			"database_name": name("The first database. Defaults to `neondb`. Changing it renames the database, in place; connection strings then have to use the new name."),
		},
	}
}

func projectEndpointSettingsAttribute() schema.Attribute {
	computeUnits := func(which string) schema.Attribute {
		return schema.Float64Attribute{
			Optional: true, Computed: true, Validators: []validator.Float64{float64validator.AtLeast(0.25)},
			MarkdownDescription: "The " + which + " compute size, in compute units (1 is 1 vCPU with 4 GiB), at least 0.25. Defaults to what the plan gives. Changing it applies to computes that are created later.",
		}
	}
	return schema.SingleNestedAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "The settings that new compute endpoints of the project get.",
		Attributes: map[string]schema.Attribute{
			"autoscaling_limit_min_cu": computeUnits("smallest"),
			"autoscaling_limit_max_cu": computeUnits("largest"),
			"suspend_timeout_seconds": schema.Int64Attribute{
				Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(-1)},
				MarkdownDescription: "After how many idle seconds a compute is suspended. `0` is Neon's default (300), `-1` never. Changing it applies to computes that are created later.",
			},
		},
	}
}

func projectSettingsAttribute() schema.Attribute {
	flag := func(description string) schema.Attribute {
		return schema.BoolAttribute{Optional: true, Computed: true, MarkdownDescription: description}
	}
	quota := func(description string) schema.Attribute {
		return schema.Int64Attribute{
			Optional: true, Computed: true, Validators: []validator.Int64{int64validator.AtLeast(0)},
			MarkdownDescription: description + " `0` is unlimited. Changing it takes effect at once.",
		}
	}
	clock := func(which string) schema.Attribute {
		return schema.StringAttribute{
			Required: true, Validators: []validator.String{clockTimeValidator()},
			MarkdownDescription: "When the window " + which + ", as `HH:MM` in UTC.",
		}
	}
	return schema.SingleNestedAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "The project's settings. What is not set here stays as it is at Neon.",
		Attributes: map[string]schema.Attribute{
			"quota": schema.SingleNestedAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "What the project may consume in a billing period. Neon suspends its computes when a quota is used up.",
				Attributes: map[string]schema.Attribute{
					"active_time_seconds":  quota("Wall-clock seconds that computes may be active."),
					"compute_time_seconds": quota("CPU seconds that computes may use."),
					"written_data_bytes":   quota("Bytes that may be written to all branches together."),
					"data_transfer_bytes":  quota("Bytes that may be transferred out of all branches together."),
					"logical_size_bytes":   quota("Bytes that each branch may hold."),
				},
			},
			"allowed_ips": schema.SingleNestedAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Who may connect.",
				Attributes: map[string]schema.Attribute{
					"ips": schema.SetAttribute{
						Optional: true, Computed: true, ElementType: types.StringType,
						Validators:          []validator.Set{setvalidator.ValueStringsAre(allowedIPValidator())},
						MarkdownDescription: "Addresses, ranges and CIDR blocks that may connect. An empty set lets everybody in. Changing it takes effect at once.",
					},
					"protected_branches_only": flag("Whether the restriction holds for protected branches only. Defaults to `false`."),
				},
			},
			"enable_logical_replication": flag("Whether logical replication is on, for all computes of the project; turning it on restarts them. **It can't be turned off again**: Neon has no way back, and the plan says so."),
			"maintenance_window": schema.SingleNestedAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "When Neon may restart the project's computes for maintenance.",
				Attributes: map[string]schema.Attribute{
					"weekdays": schema.SetAttribute{
						Required: true, ElementType: types.Int64Type,
						Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueInt64sAre(int64validator.Between(1, 7))},
						MarkdownDescription: "The days of the week, 1 (Monday) to 7 (Sunday).",
					},
					"start_time": clock("begins"),
					"end_time":   clock("ends"),
				},
			},
			"block_public_connections": flag("Whether connections from the public internet are refused, whatever `allowed_ips` says. Defaults to `false`."),
			"block_vpc_connections":    flag("Whether connections by VPC endpoints are refused. Defaults to `false`."),
			"audit_log_level": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				MarkdownDescription: "How much is audited: `base`, `extended` or `full`. Needs a plan with HIPAA support.",
			},
			"hipaa": flag("Whether the project is under HIPAA rules. Needs an organization that allows it."),
		},
	}
}
