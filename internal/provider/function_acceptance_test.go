package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// callFunctions runs steps with a provider that has neither key nor Neon.
func callFunctions(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	requireCLI(t)
	server := NewServer("test", Options{Getenv: func(string) string { return "" }})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"neon": func() (tfprotov6.ProviderServer, error) { return server(), nil },
		},
		Steps: steps,
	})
}

func wantOutput(name string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownOutputValue(name, value)
}

func TestAccClaimURLFunctions(t *testing.T) {
	t.Parallel()
	callFunctions(t, resource.TestStep{
		Config: `
locals {
  project = "cool-breeze-12345678"
  request = "` + someUUID + `"
  page    = "https://app.example.com/claimed?customer=b&b=1#top"
}
output "plain" {
  value = provider::neon::claim_url(local.project, local.request)
}
output "with_null" {
  value = provider::neon::claim_url(local.project, local.request, null)
}
output "with_redirect" {
  value = provider::neon::claim_url(local.project, local.request, local.page)
}
output "parsed" {
  value = provider::neon::parse_claim_url(provider::neon::claim_url(local.project, local.request))
}
output "parsed_redirect" {
  value = provider::neon::parse_claim_url(provider::neon::claim_url(local.project, local.request, local.page)).redirect_url
}
output "of_an_emulator" {
  value = provider::neon::parse_claim_url("http://127.0.0.1:7777/app/claim?p=${local.project}&tr=${local.request}").project_id
}`,
		ConfigStateChecks: []statecheck.StateCheck{
			wantOutput("plain", knownvalue.StringExact("https://console.neon.tech/app/claim?p=cool-breeze-12345678&tr="+someUUID)),
			wantOutput("with_null", knownvalue.StringExact("https://console.neon.tech/app/claim?p=cool-breeze-12345678&tr="+someUUID)),
			wantOutput("with_redirect", knownvalue.StringExact("https://console.neon.tech/app/claim?p=cool-breeze-12345678&tr="+someUUID+
				"&ru=https%3A%2F%2Fapp.example.com%2Fclaimed%3Fcustomer%3Db%26b%3D1%23top")),
			wantOutput("parsed", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"project_id":          knownvalue.StringExact("cool-breeze-12345678"),
				"transfer_request_id": knownvalue.StringExact(someUUID),
				"redirect_url":        knownvalue.Null(),
			})),
			wantOutput("parsed_redirect", knownvalue.StringExact("https://app.example.com/claimed?customer=b&b=1#top")),
			wantOutput("of_an_emulator", knownvalue.StringExact("cool-breeze-12345678")),
		},
	})
}

// Values that are not known before the apply make an unknown URL, not an error.
func TestAccClaimURLFunctionOfUnknownValues(t *testing.T) {
	t.Parallel()
	callFunctions(t, resource.TestStep{
		Config: `
resource "terraform_data" "request" {
  input = "` + someUUID + `"
}
output "url" {
  value = provider::neon::claim_url("cool-breeze-12345678", terraform_data.request.output)
}`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("url")}},
		ConfigStateChecks: []statecheck.StateCheck{
			wantOutput("url", knownvalue.StringExact("https://console.neon.tech/app/claim?p=cool-breeze-12345678&tr="+someUUID)),
		},
	})
}

func TestAccIsOrgIDFunction(t *testing.T) {
	t.Parallel()
	callFunctions(t, resource.TestStep{
		Config: `
output "answers" {
  value = [for s in ["org-cool-breeze-12345678", "cool-breeze-12345678", "", null] : provider::neon::is_org_id(s)]
}`,
		ConfigStateChecks: []statecheck.StateCheck{
			wantOutput("answers", knownvalue.TupleExact([]knownvalue.Check{
				knownvalue.Bool(true), knownvalue.Bool(false), knownvalue.Bool(false), knownvalue.Bool(false),
			})),
		},
	})
}

func TestAccFunctionErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ call, want string }{
		"organization for project": {
			`claim_url("org-cool-breeze-12345678", "` + someUUID + `")`, `(?s)"project_id" parameter.*is\s+an\s+organization\s+id`,
		},
		"no UUID": {
			`claim_url("cool-breeze-12345678", "1")`, `(?s)"request_id" parameter.*not\s+a\s+transfer\s+request\s+id`,
		},
		"unencrypted redirect": {
			`claim_url("cool-breeze-12345678", "` + someUUID + `", "http://example.com")`, `(?s)"redirect_url" parameter.*begins\s+with\s+http:`,
		},
		"two redirects": {
			`claim_url("cool-breeze-12345678", "` + someUUID + `", null, "https://example.com")`, `(?s)"redirect_url" parameter.*at\s+most\s+one\s+redirect\s+URL`,
		},
		"no claim URL": {
			`parse_claim_url("https://example.com/")`, `(?s)"url" parameter.*doesn't\s+lead\s+to\s+https://console.neon.tech`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			callFunctions(t, resource.TestStep{
				Config:      `output "it" { value = provider::neon::` + c.call + ` }`,
				ExpectError: regexp.MustCompile(c.want),
			})
		})
	}
}

func TestAccFunctionExamples(t *testing.T) {
	t.Parallel()
	example := func(name string) string {
		body, err := os.ReadFile(filepath.Join("..", "..", "examples", "functions", name, "function.tf"))
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	t.Run("claim_url", func(t *testing.T) {
		t.Parallel()
		callFunctions(t, resource.TestStep{
			Config:          example("claim_url"),
			ConfigVariables: config.Variables{"transfer_request_id": config.StringVariable(someUUID)},
			ConfigStateChecks: []statecheck.StateCheck{
				wantOutput("claim_url", knownvalue.StringExact("https://console.neon.tech/app/claim?p=cool-breeze-12345678&tr="+someUUID+
					"&ru=https%3A%2F%2Fapp.example.com%2Fclaimed")),
			},
		})
	})
	t.Run("parse_claim_url", func(t *testing.T) {
		t.Parallel()
		callFunctions(t, resource.TestStep{
			Config:            example("parse_claim_url"),
			ConfigVariables:   config.Variables{"claim_url": config.StringVariable(claimURL(nil, someClaim))},
			ConfigStateChecks: []statecheck.StateCheck{wantOutput("offered_project_id", knownvalue.StringExact("cool-breeze-12345678"))},
		})
	})
	t.Run("is_org_id", func(t *testing.T) {
		t.Parallel()
		callFunctions(
			t,
			resource.TestStep{
				Config:          example("is_org_id"),
				ConfigVariables: config.Variables{"org_id": config.StringVariable("Acme")},
				ExpectError:     regexp.MustCompile(`Give the organization's id`),
			},
			resource.TestStep{
				Config:          example("is_org_id"),
				ConfigVariables: config.Variables{"org_id": config.StringVariable(bloom)},
			},
		)
	})
}
