package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ function.Function = parseConnectionURIFunction{}

type parseConnectionURIFunction struct{}

// parsedConnectionURI is the object that parse_connection_uri returns.
type parsedConnectionURI struct {
	Host     string            `tfsdk:"host"`
	Port     int64             `tfsdk:"port"`
	User     string            `tfsdk:"user"`
	Password *string           `tfsdk:"password"` // nil for none
	Database string            `tfsdk:"database"`
	Options  map[string]string `tfsdk:"options"`
}

func newParseConnectionURIFunction() function.Function { return parseConnectionURIFunction{} }

func (parseConnectionURIFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_connection_uri"
}

func (parseConnectionURIFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Takes a connection URI apart.",
		MarkdownDescription: "Takes a Postgres connection URI apart into an object with `host`, `port` (5432 where the URI has none), `user`, `password` (`null` where it has none), `database`, " +
			"and `options`, a map of what follows the question mark, such as `sslmode`. What is written with % codes comes out decoded. The function asks nobody and connects to nothing.\n\n" +
			"The URI holds a password, so treat it as a secret. A sensitive URI makes a sensitive object, an ephemeral one an ephemeral object.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "uri",
				MarkdownDescription: "The connection URI, `postgresql://<user>:<password>@<host>/<database>`, or the same with `postgres://`.",
			},
		},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"host":     types.StringType,
			"port":     types.Int64Type,
			"user":     types.StringType,
			"password": types.StringType,
			"database": types.StringType,
			"options":  types.MapType{ElemType: types.StringType},
		}},
	}
}

func (parseConnectionURIFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var uri string
	if resp.Error = req.Arguments.Get(ctx, &uri); resp.Error != nil {
		return
	}
	parts, p := parseConnectionURI(uri)
	if resp.Error = argumentError(0, p); resp.Error != nil {
		return
	}
	parsed := parsedConnectionURI{Host: parts.host, Port: parts.port, User: parts.user, Database: parts.database, Options: parts.options}
	if parts.password != "" {
		parsed.Password = &parts.password
	}
	resp.Error = resp.Result.Set(ctx, parsed)
}
