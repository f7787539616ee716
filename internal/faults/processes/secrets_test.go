//go:build unix

package processes

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neon-orgs/terraform-provider-neon/internal/emulator"
	"github.com/neon-orgs/terraform-provider-neon/internal/faults"
	"github.com/neon-orgs/terraform-provider-neon/internal/neontest"
	"github.com/neon-orgs/terraform-provider-neon/internal/testcli"
)

// mayHold are the attributes that hold secrets by design. All are sensitive.
var mayHold = []string{
	"neon_project_transfer_request.id", "neon_project_transfer_request.claim_url",
	"neon_project_transfer_acceptance.transfer_request_id", "neon_project_transfer_acceptance.claim_url",
	"neon_org_api_key.key",
	"neon_connection_uri.uri", "neon_connection_uri.password", // of the data source
}

// example is a configuration whose every trace is looked at.
type example struct {
	name     string
	config   string // in HCL or, for .tf.json, in JSON
	file     string
	scenario faults.Scenario
}

// coolBreeze is the organization of the examples.
const coolBreeze = "org-cool-breeze-12345678"

func documented(seed *emulator.Seed) {
	seed.Organizations = append(seed.Organizations, emulator.Organization{
		ID: coolBreeze, Name: "Cool Breeze", Plan: "scale",
		Members: []*emulator.Member{{Email: "admin@partner.test", Role: "admin"}, {Email: "owner@customer.test", Role: "member"}},
	})
	seed.Projects = append(seed.Projects, emulator.Project{ID: "calm-river-12345678", Name: "shop", OrgID: faults.Acme})
}

// offer has the project of the examples offered to whoever comes.
func offer(w *faults.World) {
	w.T.Helper()
	request, err := neontest.Held(w.T, w.Client(faults.PartnerAdmin), "calm-river-12345678").Offer(w.T.Context(), 3600)
	if err != nil {
		w.T.Fatal(err)
	}
	w.Vars["claim_url"] = "https://console.neon.tech/app/claim?p=calm-river-12345678&tr=" + request.ID
}

// examples are all that the documentation shows of resources and data sources,
// and the scenarios of transfers.
func examples(t *testing.T) []example {
	t.Helper()
	var found []example
	for _, pattern := range []string{"resources/*/resource.tf", "data-sources/*/data-source.tf"} {
		paths, err := filepath.Glob(filepath.Join(testcli.Root(t), "examples", pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no examples: %v", err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, example{
				name: filepath.Base(filepath.Dir(path)), file: "main.tf", config: string(content),
				scenario: faults.Scenario{OrgID: coolBreeze, Seed: documented, Prepare: offer},
			})
		}
	}
	for _, s := range faults.Scenarios() {
		if s.Meanwhile == nil && s.Command != faults.Import && s.Of == "" {
			found = append(found, example{name: s.Name, file: "main.tf.json", config: s.Config, scenario: s})
		}
	}
	return found
}

// TestSecretsStandNowhere applies, shows and destroys with TF_LOG=TRACE, in the
// log, on the screen and in state there may be no secret but where it belongs.
func TestSecretsStandNowhere(t *testing.T) {
	t.Parallel()
	// Those in which the most secrets are at hand.
	few := []string{"neon_project", "create a project and offer it", "accept a project by its claim URL"}
	for _, e := range examples(t) {
		if !*all && !slices.Contains(few, e.name) {
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, e.scenario)
			log := filepath.Join(d.dir, "trace.log")
			d.env = append(d.env, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
			if e.scenario.Prepare != nil {
				e.scenario.Prepare(d.World)
			}
			for name, value := range d.Vars {
				d.env = append(d.env, "TF_VAR_"+name+"="+value)
			}
			d.write(e.file, d.Expand(e.config))
			var said strings.Builder
			for _, command := range []string{"plan", "apply -auto-approve", "show", "destroy -auto-approve"} {
				args := strings.Fields(command)
				if command != "show" {
					args = append(args, "-input=false")
				}
				out, _ := d.run(args...)
				said.WriteString(out + "\n")
				d.checkState()
			}
			logged, err := os.ReadFile(log)
			if hasAsked := len(d.Emu.Requests()) > 0; err != nil || hasAsked != bytes.Contains(logged, []byte("Neon API request")) {
				t.Errorf("the requests are not logged: %v", err)
			}
			for _, secret := range d.Secrets() {
				if strings.Contains(said.String(), secret) {
					t.Errorf("%q is shown: %s", secret, around(said.String(), secret))
				}
				if bytes.Contains(logged, []byte(secret)) {
					t.Errorf("%q is logged: %s", secret, around(string(logged), secret))
				}
			}
		})
	}
}

func around(text, secret string) string {
	i := strings.Index(text, secret)
	return text[max(0, i-300):min(len(text), i+100)]
}

// checkState looks for secrets in attributes that may not hold any.
func (d *desk) checkState() {
	d.T.Helper()
	for _, r := range d.state().Resources {
		for _, instance := range r.Instances {
			for name, value := range instance.Attributes {
				encoded, err := json.Marshal(value)
				if err != nil {
					d.T.Fatal(err)
				}
				at := r.Type + "." + name
				for _, secret := range d.Secrets() {
					if strings.Contains(string(encoded), secret) && !slices.Contains(mayHold, at) {
						d.T.Errorf("%s holds %q", at, secret)
					}
				}
			}
		}
	}
}
