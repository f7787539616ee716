package provider

import (
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves to the CLI that has started the process, until that ends it. It is
// to be called once, by main.
func Serve(newServer func() tfprotov6.ProviderServer) error {
	if !isLogRead(os.Getenv) {
		if err := os.Setenv("TF_LOG_SDK", "off"); err != nil {
			return err
		}
	}
	return tf6server.Serve(Address, newServer)
}

// isLogRead tells whether anybody reads what the plugin framework logs. It writes
// some 150 lines when the provider starts, which takes as long as all else that
// there is to do for the schema, and a dozen for each call; a CLI parses them and
// throws them away, save where one of these variables says otherwise.
func isLogRead(getenv func(string) string) bool {
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
		if getenv(name) != "" {
			return true
		}
	}
	return false
}

// ServeDebug keeps running and prints how a CLI can attach, for use with a
// debugger. What is logged goes to the terminal.
func ServeDebug(newServer func() tfprotov6.ProviderServer) error {
	return tf6server.Serve(Address, newServer, tf6server.WithManagedDebug())
}
