package provider

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// nowhere is a Neon that can't be reached, and that is not asked again.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("nowhere") }

// configuredServer is a configured provider server, and the types of its resources.
func configuredServer(tb testing.TB) (server tfprotov6.ProviderServer, schemas map[string]*tfprotov6.Schema) {
	tb.Helper()
	environment := map[string]string{"NEON_API_KEY": partnerAdmin, "NEON_ORG_ID": acme}
	server = NewServer("test", Options{
		Getenv: func(name string) string { return environment[name] }, HTTPClient: &http.Client{Transport: nowhere{}},
	})()
	response, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	configured, err := server.ConfigureProvider(tb.Context(), &tfprotov6.ConfigureProviderRequest{Config: fromJSON(`{}`)})
	if err != nil || len(configured.Diagnostics) > 0 {
		tb.Fatal(err, configured)
	}
	return server, response.ResourceSchemas
}

// explained asserts that each error says something.
func explained(t *testing.T, what string, diagnostics []*tfprotov6.Diagnostic) (hasError bool) {
	t.Helper()
	for _, d := range diagnostics {
		hasError = hasError || d.Severity == tfprotov6.DiagnosticSeverityError
		if d.Summary == "" || d.Detail == "" {
			t.Errorf("%s: a diagnostic says nothing: %+v", what, d)
		}
	}
	return hasError
}

// An id that can't be imported is refused; another one is in the state as it is.
func FuzzImportID(f *testing.F) {
	server, schemas := configuredServer(f)
	f.Fuzz(func(t *testing.T, id string) {
		if id == "" {
			t.Skip("without an id it is an import by identity")
		}
		response, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "neon_project", ID: id})
		if err != nil {
			t.Fatal(err)
		}
		if explained(t, id, response.Diagnostics) {
			return
		}
		state, err := response.ImportedResources[0].State.Unmarshal(schemas["neon_project"].ValueType())
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := valueAt(state, tftypes.NewAttributePath().WithAttributeName("id")); !got.Equal(tftypes.NewValue(tftypes.String, id)) {
			t.Errorf("%q was imported as %s", id, got)
		}
	})
}

// A state that doesn't fit is refused, whatever the resource.
func FuzzUpgradeState(f *testing.F) {
	server, schemas := configuredServer(f)
	types := slices.Sorted(maps.Keys(schemas))
	f.Fuzz(func(t *testing.T, which uint, version int64, state []byte) {
		typeName := types[which%uint(len(types))]
		response, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
			TypeName: typeName, Version: version, RawState: &tfprotov6.RawState{JSON: state},
		})
		if err != nil {
			t.Fatal(err)
		}
		if explained(t, typeName, response.Diagnostics) {
			return
		}
		if _, err := response.UpgradedState.Unmarshal(schemas[typeName].ValueType()); err != nil {
			t.Errorf("%s: the upgraded state does not fit the schema: %v", typeName, err)
		}
	})
}

// What can't be moved here is refused, whatever the resource.
func FuzzMoveResourceState(f *testing.F) {
	server, schemas := configuredServer(f)
	types := slices.Sorted(maps.Keys(schemas))
	f.Fuzz(func(t *testing.T, which uint, source, sourceType string, version int64, state []byte) {
		typeName := types[which%uint(len(types))]
		response, err := server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
			SourceProviderAddress: source, SourceTypeName: sourceType, SourceSchemaVersion: version,
			SourceState: &tfprotov6.RawState{JSON: state}, TargetTypeName: typeName,
		})
		if err != nil {
			t.Fatal(err)
		}
		if explained(t, typeName, response.Diagnostics) {
			return
		}
		if _, err := response.TargetState.Unmarshal(schemas[typeName].ValueType()); err != nil {
			t.Errorf("%s: the moved state does not fit the schema: %v", typeName, err)
		}
	})
}
