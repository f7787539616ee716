package provider

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/neon-orgs/terraform-provider-neon/internal/testcli"
)

const anyProject = `resource "neon_project" "app" {}`

func TestProviderRefusesBadConfiguration(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ arguments, want string }{
		"no key":                      {``, `No Neon API key.*NEON_API_KEY`},
		"key with a line break":       {`api_key = "napi_x\n"`, `line break`},
		"organization's name":         {"api_key = \"napi_x\"\n  org_id = \"acme\"", `org-<`},
		"http to another host":        {"api_key = \"napi_x\"\n  base_url = \"http://neon.example/api/v2\"", `API key in the clear`},
		"no URL":                      {"api_key = \"napi_x\"\n  base_url = \"neon.example\"", `https`},
		"no requests":                 {"api_key = \"napi_x\"\n  requests_per_minute = 0", `at least 1`},
		"key that is not yet known":   {"api_key = terraform_data.later.output", `Provider argument not known yet.*api_key`},
		"organization not known yet ": {"api_key = \"napi_x\"\n  org_id = terraform_data.later.output", `Provider argument not known yet.*org_id`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run(resource.TestStep{
				Config:      requiredProviders + "resource \"terraform_data\" \"later\" { input = uuid() }\nprovider \"neon\" {\n  " + test.arguments + "\n}\n" + anyProject,
				ExpectError: diagnostic(test.want),
			})
			w.wantNoRequests()
		})
	}
}

func TestProviderWithWrongKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(resource.TestStep{
		Config:      w.config("napi_wrong", acme, anyProject),
		ExpectError: diagnostic(`Project not created.*Neon does not accept the API key.*Neon says: supplied credentials do not pass authentication.*Status 401`),
	})
	if n := len(w.projects()); n != 0 {
		t.Errorf("%d projects were made", n)
	}
}

func TestProviderTakesTheEnvironment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	environment := map[string]string{"NEON_API_KEY": partnerAdmin, "NEON_ORG_ID": acme, "NEON_API_HOST": w.url}
	w.getenv = func(name string) string { return environment[name] }
	w.run(resource.TestStep{
		Config: requiredProviders + "provider \"neon\" {}\n" + anyProject,
		Check:  w.wantRequests(map[string]int{"POST /projects": 1}),
	})
}

func TestProviderRefusesBadEnvironment(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ variable, value, want string }{
		"host over http": {"NEON_API_HOST", "http://neon.example", "API key in the clear"},
		"organization":   {"NEON_ORG_ID", "acme", "org-<"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			environment := map[string]string{"NEON_API_KEY": partnerAdmin, test.variable: test.value}
			w.getenv = func(name string) string { return environment[name] }
			w.run(resource.TestStep{
				Config:      requiredProviders + "provider \"neon\" {}\n" + anyProject,
				ExpectError: diagnostic(test.want),
			})
			w.wantNoRequests()
		})
	}
}

func TestPersonalKeyWithoutOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(resource.TestStep{
		Config:      w.config(customerOwner, "", `data "neon_projects" "all" {}`),
		ExpectError: diagnostic("org_id"),
	})
}

// A CLI that has no list resources and no actions must be able to do without.
func TestEveryCLITakesWhatItKnows(t *testing.T) {
	t.Parallel()
	c := newWorld(t).cli(map[string]string{"main.tf": requiredProviders})
	var got struct {
		Schemas map[string]map[string]json.RawMessage `json:"provider_schemas"`
	}
	if err := json.Unmarshal([]byte(c.must("providers", "schema", "-json")), &got); err != nil {
		t.Fatal(err)
	}
	ours := got.Schemas[testcli.RegistryHost(os.Getenv("TF_ACC_TERRAFORM_PATH"))+"/neon-orgs/neon"]
	for kind, want := range map[string]bool{
		"resource_schemas": true, "data_source_schemas": true, "functions": true, "list_resource_schemas": knowsActions(), "action_schemas": knowsActions(),
	} {
		if _, isKnown := ours[kind]; isKnown != want {
			t.Errorf("%s: known is %t", kind, isKnown)
		}
	}
}
