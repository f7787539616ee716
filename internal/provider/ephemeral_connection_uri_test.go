package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// shopDatabase is what is asked for, for the data source and the ephemeral resource.
const shopDatabase = `
  project_id    = "` + guestShop + `"
  database_name = "neondb"
  role_name     = "neondb_owner"
`

// password is that of the only project's only role.
func (w *world) password() string {
	w.t.Helper()
	return w.onlyProject().Branches[0].Roles[0].Password
}

func (w *world) endpointHost() string {
	w.t.Helper()
	return w.onlyProject().Branches[0].Endpoints[0].Host
}

// connection is what the attributes have to be.
func (w *world) connection() map[string]knownvalue.Check {
	w.t.Helper()
	return map[string]knownvalue.Check{
		"uri":      knownvalue.StringExact(fmt.Sprintf("postgresql://neondb_owner:%s@%s/neondb?sslmode=require", w.password(), w.endpointHost())),
		"host":     knownvalue.StringExact(w.endpointHost()),
		"port":     knownvalue.Int64Exact(5432),
		"user":     knownvalue.StringExact("neondb_owner"),
		"password": knownvalue.StringExact(w.password()),
		"database": knownvalue.StringExact("neondb"),
	}
}

// runWithEcho runs the steps with a provider that puts its configuration into state.
func (w *world) runWithEcho(steps ...resource.TestStep) {
	w.t.Helper()
	requireCLI(w.t)
	factories := w.factories()
	factories["echo"] = echoprovider.NewProviderServer()
	resource.UnitTest(w.t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps})
}

func echoing(config, value string) string {
	return withProvider(config, "echo") +
		fmt.Sprintf("\nprovider \"echo\" {\n  data = %s\n}\n\nresource \"echo\" \"it\" {}\n", value)
}

func TestEphemeralConnectionURI(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	var checks []statecheck.StateCheck
	for name, value := range w.connection() {
		checks = append(checks, statecheck.ExpectKnownValue("echo.it", tfjsonpath.New("data").AtMapKey(name), value))
	}
	w.runWithEcho(resource.TestStep{
		Config:            echoing(w.partner("ephemeral \"neon_connection_uri\" \"app\" {"+shopDatabase+"}"), "ephemeral.neon_connection_uri.app"),
		ConfigStateChecks: checks,
	})
	w.runWithEcho(resource.TestStep{
		Config:            echoing(w.partner("ephemeral \"neon_connection_uri\" \"app\" {"+shopDatabase+"  pooled = true\n}"), "ephemeral.neon_connection_uri.app.host"),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("echo.it", tfjsonpath.New("data"), knownvalue.StringExact(strings.Replace(w.endpointHost(), ".", "-pooler.", 1)))},
	})
}

func TestEphemeralConnectionURILeavesNothing(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	c := w.cli(map[string]string{"main.tf": withSecond(w.partner(`
ephemeral "neon_connection_uri" "app" {` + shopDatabase + `}

# Something has to need it.
provider "second" {
  api_key  = ephemeral.neon_connection_uri.app.user == "neondb_owner" ? "napi_partner_admin" : "napi_wrong"
  base_url = "` + w.url + `"
}

data "neon_current_user" "any" { provider = second }
`))})
	c.logTo("trace.log")
	c.must("apply", "-auto-approve")
	if w.requests()["GET /projects/{project_id}/connection_uri"] == 0 {
		t.Error("nobody asked for the connection string")
	}
	c.wantNowhere(w.password())
}

func TestConnectionURIRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		replace, by, want string
		sends             bool
	}{
		"no such database":        {`"neondb"`, `"orders"`, "Connection URI not read.*database not found", true},
		"no such role":            {`"neondb_owner"`, `"eve"`, "Connection URI not read.*role not found", true},
		"no such project":         {guestShop, "quiet-lake-12345678", "Connection URI not read.*project not found", true},
		"no name":                 {`"neondb"`, `""`, "at least 1", false},
		"an endpoint as a branch": {`role_name `, "branch_id = \"ep-cool-breeze-a1b2c3d4\"\n  role_name ", `is an endpoint id, not a branch id`, false},
		"a branch's name":         {`role_name `, "branch_id = \"Main Branch\"\n  role_name ", `Invalid branch id`, false},
	} {
		for kind, block := range map[string]string{"data": "data", "ephemeral": "ephemeral"} {
			t.Run(name+", "+kind, func(t *testing.T) {
				t.Parallel()
				w := withGuestShop(t)
				w.run(resource.TestStep{
					Config:      w.partner(block + " \"neon_connection_uri\" \"app\" {" + strings.Replace(shopDatabase, test.replace, test.by, 1) + "}"),
					ExpectError: diagnostic(test.want),
				})
				if !test.sends {
					w.wantNoRequests()
				}
			})
		}
	}
}

func TestConnectionURIData(t *testing.T) {
	t.Parallel()
	w := withGuestShop(t)
	const app = "data.neon_connection_uri.app"
	config := w.partner("data \"neon_connection_uri\" \"app\" {" + shopDatabase + "}")
	checks := []statecheck.StateCheck{
		statecheck.ExpectSensitiveValue(app, tfjsonpath.New("uri")), statecheck.ExpectSensitiveValue(app, tfjsonpath.New("password")),
	}
	for name, value := range w.connection() {
		checks = append(checks, statecheck.ExpectKnownValue(app, tfjsonpath.New(name), value))
	}
	w.run(
		resource.TestStep{Config: config, ConfigStateChecks: checks},
		resource.TestStep{Config: config, ConfigPlanChecks: unchanged()},
	)
}
