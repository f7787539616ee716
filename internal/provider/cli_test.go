package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/neon-orgs/terraform-provider-neon/internal/testcli"
)

// cli is a CLI in a directory of its own, for what the acceptance framework can't
// do: to begin with a state, and to have a second provider from another namespace.
type cli struct {
	t   *testing.T
	dir string
	env []string
}

// cli starts this provider, and a stand-in for kislerdm/neon, which has to be
// there because the state names it.
func (w *world) cli(files map[string]string) *cli {
	w.t.Helper()
	path := requireCLI(w.t)
	c := &cli{t: w.t, dir: w.t.TempDir()}
	for name, content := range files {
		c.write(name, content)
	}
	host := testcli.RegistryHost(path)
	servers := map[string]reattach{host + "/kislerdm/neon": serve(w.t, providerserver.NewProtocol6(oldProvider{})())}
	for name, factory := range w.factories() {
		ours, err := factory()
		if err != nil {
			w.t.Fatal(err)
		}
		servers[host+"/neon-orgs/"+name] = serve(w.t, ours)
	}
	attach, err := json.Marshal(servers)
	if err != nil {
		w.t.Fatal(err)
	}
	c.env = append(os.Environ(), "TF_REATTACH_PROVIDERS="+string(attach), "TF_IN_AUTOMATION=1")
	c.must("init", "-input=false")
	return c
}

func (c *cli) write(name, content string) {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cli) read(name string) string {
	c.t.Helper()
	content, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(content)
}

// run gives what the command prints, in one line without the frames that the CLI
// draws, and its exit code.
func (c *cli) run(args ...string) (string, int) {
	c.t.Helper()
	cmd := exec.CommandContext(c.t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), append(args, "-no-color")...)
	cmd.Dir, cmd.Env = c.dir, c.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if _, isExit := errors.AsType[*exec.ExitError](err); err != nil && !isExit {
		c.t.Fatal(err)
	}
	words := strings.Fields(strings.ReplaceAll(out.String(), "│", " "))
	return strings.Join(words, " "), cmd.ProcessState.ExitCode()
}

func (c *cli) must(args ...string) string {
	c.t.Helper()
	out, code := c.run(args...)
	if code != 0 {
		c.t.Fatalf("%s: exit code %d: %s", args[0], code, out)
	}
	return out
}

// mustFail asserts that the command fails and says all this.
func (c *cli) mustFail(wants []string, args ...string) {
	c.t.Helper()
	out, code := c.run(args...)
	missing := slices.DeleteFunc(slices.Clone(wants), func(want string) bool { return strings.Contains(out, want) })
	if code == 0 || len(missing) > 0 {
		c.t.Errorf("%s: exit code %d, without %q: %s", args[0], code, missing, out)
	}
}

// logTo lets the CLI write all that it logs to a file of its directory.
func (c *cli) logTo(name string) {
	c.env = append(c.env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(c.dir, name))
}

// wantNowhere asserts that no file that the CLI wrote, such as states and logs, has
// the text, but as a part of those that are allowed.
func (c *cli) wantNowhere(text string, allowed ...string) {
	c.t.Helper()
	err := filepath.WalkDir(c.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".tf") {
			return err
		}
		written, err := os.ReadFile(path)
		rest := string(written)
		for _, known := range allowed {
			rest = strings.ReplaceAll(rest, known, "")
		}
		if before, after, found := strings.Cut(rest, text); found {
			c.t.Errorf("%s has it: …%s%s%s…", entry.Name(), before[max(0, len(before)-100):], text, after[:min(len(after), 100)])
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

type reattach struct {
	Protocol        string
	ProtocolVersion int
	Pid             int
	Test            bool
	Addr            struct{ Network, String string }
}

// serve runs a provider inside the test until its end.
func serve(t *testing.T, server tfprotov6.ProviderServer) reattach {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	configs, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	t.Cleanup(func() {
		cancel()
		<-closed
	})
	go func() {
		err := tf6server.Serve("test", func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(ctx, configs, closed), tf6server.WithGoPluginLogger(hclog.NewNullLogger()), tf6server.WithoutLogStderrOverride(), tf6server.WithLoggingSink(t))
		if err != nil {
			t.Error(err)
		}
	}()
	config := <-configs
	out := reattach{Protocol: string(config.Protocol), ProtocolVersion: config.ProtocolVersion, Pid: config.Pid, Test: true}
	out.Addr.Network, out.Addr.String = config.Addr.Network(), config.Addr.String()
	return out
}

// oldProvider stands in for kislerdm/neon: it has what can be moved, of which it
// knows the id and which it leaves as it is.
type oldProvider struct{}

func (oldProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "neon"
}
func (oldProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (oldProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (oldProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (oldProvider) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, k := range []kislerdmType{kislerdmProjectType(), kislerdmPermissionType(), kislerdmOrgAPIKeyType()} {
		all = append(all, func() resource.Resource { return oldResource{k} })
	}
	return all
}

type oldResource struct{ kislerdmType }

func (r oldResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.typeName
}

func (r oldResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version:    r.version,
		Attributes: map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}},
	}
}
func (oldResource) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (oldResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (oldResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (oldResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
