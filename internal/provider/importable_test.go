package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// imports are import blocks for all the objects and no resource blocks. The
// arguments come on top, in each of them. A CLI without identities does without
// those.
func (i importable) imports(resourceType, arguments string) string {
	var b strings.Builder
	for n, id := range i.ids {
		fmt.Fprintf(&b, "import {\n  to = %s.id_%d\n  id = %q\n  %s\n}\n\n", resourceType, n, id, arguments)
	}
	if !knowsIdentities() {
		return b.String()
	}
	for n, identity := range i.identities {
		fmt.Fprintf(&b, "import {\n  to = %s.identity_%d\n  identity = { %s }\n  %s\n}\n\n", resourceType, n, identity, arguments)
	}
	return b.String()
}

// TestGeneratedConfiguration lets the CLI write the configuration of objects that
// exist, and imports them with it: nothing may be changed then or later.
func TestGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	w := importableWorld(t)
	imports := func(arguments string) string {
		var b strings.Builder
		for resourceType, test := range importables() {
			b.WriteString(test.imports(resourceType, arguments))
		}
		return w.partner(b.String())
	}
	// To generate configuration, Terraform looks for the provider among HashiCorp's
	// unless it is named, and afterwards it may not be named any more.
	c := w.cli(map[string]string{"main.tf": imports("provider = neon")})
	c.must("plan", "-input=false", "-generate-config-out=generated.tf")
	c.write("main.tf", imports(""))
	c.wantImported(strings.Count(imports(""), "import {"))
	w.wantOnlyReads()
}

// TestQueriedConfiguration does the same with what list resources list.
func TestQueriedConfiguration(t *testing.T) {
	t.Parallel()
	requireActions(t)
	w := importableWorld(t)
	var queries strings.Builder
	listed := 0
	for resourceType, test := range importables() {
		if test.list == nil {
			continue
		}
		config := ""
		for name, value := range test.list {
			config = fmt.Sprintf("%s = %q", name, value)
		}
		fmt.Fprintf(&queries, "list %q \"all\" {\n  provider = neon\n  config {\n    %s\n  }\n}\n", resourceType, config)
		listed += test.listed
	}
	c := w.cli(map[string]string{"main.tf": w.partner(""), "all.tfquery.hcl": queries.String()})
	c.must("query", "-generate-config-out=generated.tf")
	c.wantImported(listed)
	w.wantOnlyReads()
}

// TestListedObjectsAreWhole: a list resource gives what the resource has after an
// import, except for what an import looks up of a project's default branch.
func TestListedObjectsAreWhole(t *testing.T) {
	t.Parallel()
	p := importableWorld(t).protocol(partnerAdmin, acme)
	for resourceType, test := range importables() {
		if test.list == nil {
			continue
		}
		config, err := json.Marshal(test.list)
		if err != nil {
			t.Fatal(err)
		}
		items, diags := p.list(query{of: resourceType, config: string(config), whole: true})
		if len(items) != test.listed || diags != "" {
			t.Errorf("%s: %d items, want %d; %s", resourceType, len(items), test.listed, diags)
		}
		for _, item := range items {
			imported := p.importListed(resourceType, item).(map[string]any)
			for _, name := range []string{"default_branch_id", "default_endpoint_id", "default_endpoint_host"} {
				if value, ok := imported[name]; ok && value == nil {
					t.Errorf("%s %s has no %s", resourceType, item.name, name)
				} else if ok {
					imported[name] = nil
				}
			}
			if diff := cmp.Diff(any(imported), item.resource); diff != "" {
				t.Errorf("%s %s, imported and listed:\n%s", resourceType, item.name, diff)
			}
		}
	}
}

// wantImported applies, which has to import n objects and do nothing else, also
// not when it is planned again.
func (c *cli) wantImported(n int) {
	c.t.Helper()
	want := fmt.Sprintf("Resources: %d imported, 0 added, 0 changed, 0 destroyed", n)
	if out := c.must("apply", "-input=false", "-auto-approve"); !strings.Contains(out, want) {
		c.t.Errorf("want %q, got: %s\n\nThe generated configuration:\n%s", want, out, c.read("generated.tf"))
	}
	if out, code := c.run("plan", "-input=false", "-detailed-exitcode"); code != 0 {
		c.t.Errorf("exit code %d of a second plan: %s\n\nThe generated configuration:\n%s", code, out, c.read("generated.tf"))
	}
}

// wantOnlyReads asserts that the provider has changed nothing at Neon.
func (w *world) wantOnlyReads() {
	w.t.Helper()
	for _, r := range w.emu.Requests() {
		if r.Method != http.MethodGet {
			w.t.Errorf("%s was called", r.Route)
		}
	}
}

// TestImportablesAreAllThere keeps the table above whole: a resource that can be
// imported has an identity, and those that refuse an import have none.
func TestImportablesAreAllThere(t *testing.T) {
	t.Parallel()
	var got []string
	for _, newResource := range (&neonProvider{}).Resources(t.Context()) {
		r := newResource()
		if _, ok := r.(resource.ResourceWithIdentity); ok {
			var resp resource.MetadataResponse
			r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "neon"}, &resp)
			got = append(got, resp.TypeName)
		}
	}
	table := importables()
	for _, resourceType := range got {
		if _, ok := table[resourceType]; !ok {
			t.Errorf("%s is importable, and is not tested", resourceType)
		}
	}
	for resourceType := range table {
		if !slices.Contains(got, resourceType) {
			t.Errorf("%s is tested, and has no identity", resourceType)
		}
	}
}
